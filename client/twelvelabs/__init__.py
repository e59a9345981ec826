"""Twelve Labs: the models of its replies, and its client in two kinds.

Import what you need from the modules here (`understudy.client.twelvelabs.task`, ...); the
clients themselves are `understudy.client.TwelveLabs` and `AsyncTwelveLabs`.
"""
