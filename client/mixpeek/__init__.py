"""Mixpeek: the models of its replies, and its client in two kinds.

Import what you need from the modules here (`understudy.client.mixpeek.asset`, ...); the
clients themselves are `understudy.client.Mixpeek` and `AsyncMixpeek`.
"""
