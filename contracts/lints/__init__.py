"""Habits of a client that work until the day they do not: warnings, never violations."""
