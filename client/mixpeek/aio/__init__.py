"""The asynchronous half of the Mixpeek client."""
