# From client/imentiv/aio/__init__.py, by `python -m tools.twins`: edit that file, not this.
"""The synchronous half of the Imentiv client."""
