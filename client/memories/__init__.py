"""Memories.ai: the models of its replies, and its client in two kinds.

Import what you need from the modules here (`understudy.client.memories.video`, ...); the
clients themselves are `understudy.client.Memories` and `AsyncMemories`.
"""
