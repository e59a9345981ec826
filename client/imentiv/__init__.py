"""Imentiv AI: the models of its replies, and its client in two kinds.

Import what you need from the modules here (`understudy.client.imentiv.video`, ...); the clients
themselves are `understudy.client.Imentiv` and `AsyncImentiv`.
"""
