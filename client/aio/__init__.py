"""The asynchronous half of the core: whatever waits for the network or for time."""
