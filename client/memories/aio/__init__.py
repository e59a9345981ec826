"""The asynchronous half of the Memories.ai client."""
