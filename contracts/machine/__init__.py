"""A state machine out of a document: its operations in any order, followed by its links."""
