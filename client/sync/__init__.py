# From client/aio/__init__.py, by `python -m tools.twins`: edit that file, not this.
"""The synchronous half of the core: whatever waits for the network or for time."""
