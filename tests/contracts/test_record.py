"""Laws of records: dataclasses in all but the guard at run time."""

from dataclasses import replace

from understudy.contracts.exchange import Headers, Request


def test_record__is_a_value() -> None:
    """Equal by its fields, hashable, replaceable, and without room for other attributes."""
    one = Request("GET", "/a", headers=Headers([("x", "y")]))
    assert one == Request("GET", "/a", headers=Headers([("X", "y")]))
    assert hash(one) == hash(Request("GET", "/a", headers=Headers([("x", "y")])))
    assert replace(one, path="/b").path == "/b" and one.path == "/a"
    assert not hasattr(one, "__dict__")
