"""The control API: look into a running fake and move its time."""
