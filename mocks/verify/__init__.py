"""A suite of calls against a live service: its contract, its lifecycles, and our fake beside it."""
