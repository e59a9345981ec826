"""What the fake refuses to do: the root of every error raised by the mocks room."""

from understudy.errors import UnderstudyError


class FakeError(UnderstudyError):
    """The fake was asked for something that it cannot do."""
