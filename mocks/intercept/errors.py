"""What a call is told that the fake cannot take, and none may send on."""

from understudy.mocks.errors import FakeError


class NotServed(FakeError, AssertionError):
    """A call to a vendor's host that this fake does not play: no such operation, or no provider."""


class Blocked(FakeError, AssertionError):
    """A call to a host that is no vendor's, while other hosts are blocked."""
