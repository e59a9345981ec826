"""The asynchronous half of the Imentiv client."""
