"""What changed between two versions of an API, and which of it breaks who."""
