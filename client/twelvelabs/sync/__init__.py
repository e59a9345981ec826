# From client/twelvelabs/aio/__init__.py, by `python -m tools.twins`: edit that file, not this.
"""The synchronous half of the Twelve Labs client."""
