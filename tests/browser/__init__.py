"""A page in a real browser against the fake: run by `make browser`, needs Debian's chromium."""
