"""The asynchronous half of the Twelve Labs client."""
