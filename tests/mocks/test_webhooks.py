"""`fake.deliveries`: receivers of every kind, the checkup, and one tenant's own."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from understudy.mocks.checkup import NotIdempotent
from understudy.mocks.delivery import Answered, Delivery, Parcel
from understudy.mocks.errors import FakeError
from understudy.mocks.fake import Fake

URL = "https://shop.example:8443/hooks/a%20b?x=1"


@pytest.fixture
def fake() -> Fake:
    return Fake("twelvelabs", time="manual")


def queue(fake: Fake, tenant: str = "plum", status: str = "ready", at: float = 0) -> Delivery:
    made = fake.engine.tenants.get(tenant)
    when = fake.clock.now() + at
    content = {"id": "a", "status": status}
    return made.deliveries.queue("grove", URL, content, event=status, about="a", at=when)


def test_callable__takes_parcels_and_answers(fake: Fake) -> None:
    """None is 200, a number is a status, and what waited before it was named comes too."""
    made = queue(fake)
    answers: list[Answered | int | None] = [None, 418, Answered(202, "later")]
    taken: list[Parcel] = []

    def take(parcel: Parcel) -> Answered | int | None:
        taken.append(parcel)
        return answers.pop(0)

    fake.deliveries.to(take)
    assert (len(taken), made.state) == (1, "delivered")
    again = queue(fake)
    fake.clock.advance(60)
    assert [each.status for each in again.attempts] == [418, 202]
    assert again.attempts[1].body == "later"


def test_asgi__gets_a_whole_request(fake: Fake) -> None:
    """Method, path, query, headers and body, whatever the URL's host; nothing is dialled."""
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope, await receive(), await receive()))
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b"th", "more_body": True})
        await send({"type": "http.response.body", "body": b"anks"})

    fake.deliveries.to_asgi(application)
    made = queue(fake)
    fake.clock.advance(0)
    [(scope, first, second)] = seen
    assert (scope["method"], scope["path"], scope["query_string"]) == ("POST", "/hooks/a b", b"x=1")
    assert scope["raw_path"] == b"/hooks/a%20b"
    assert dict(scope["headers"])[b"host"] == b"shop.example:8443"
    assert dict(scope["headers"])[b"content-type"] == b"application/json"
    assert (first["body"], second["type"]) == (made.body, "http.disconnect")
    assert (made.attempts[0].status, made.attempts[0].body) == (201, "thanks")


def test_wsgi__gets_a_whole_request(fake: Fake) -> None:
    """The same for WSGI; what is returned is closed."""
    seen: list[dict[str, Any]] = []
    closed: list[bool] = []

    class Pieces(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.append({**environ, "read": environ["wsgi.input"].read()})
        start("202 Accepted", [])
        return Pieces([b"th", b"anks"])

    fake.deliveries.to_wsgi(application)
    made = queue(fake)
    fake.clock.advance(0)
    [environ] = seen
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", "/hooks/a b")
    assert (environ["QUERY_STRING"], environ["HTTP_HOST"]) == ("x=1", "shop.example:8443")
    assert environ["CONTENT_TYPE"] == "application/json"
    assert environ["read"] == made.body
    assert environ["HTTP_X_UNDERSTUDY_DELIVERY"] == made.id
    assert (made.attempts[0].status, made.attempts[0].body, closed) == (202, "thanks", [True])


def test_applications__that_fail_are_a_500(fake: Fake) -> None:
    """As a server would answer for them; the log says what was raised."""

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        raise KeyError("video")

    def wsgi(environ: Any, start: Any) -> Iterable[bytes]:
        raise KeyError("video")

    for attach in (lambda: fake.deliveries.to_asgi(asgi), lambda: fake.deliveries.to_wsgi(wsgi)):
        attach()
        made = queue(fake)
        fake.clock.advance(0)
        assert made.attempts[0].status == 500
        assert "KeyError" in made.attempts[0].error


def test_find__by_what_is_asked_for(fake: Fake) -> None:
    """Of all tenants in the order of their instants, or of one."""
    queue(fake, "plum", "ready", at=5)
    queue(fake, "pear", "failed")
    assert [each.tenant for each in fake.deliveries] == ["pear", "plum"]
    assert len(fake.deliveries.find(event="ready", about="a", state="pending")) == 1
    assert fake.deliveries.find(event="ready", state="lost") == ()
    assert [each.tenant for each in fake.tenant(name="pear").deliveries] == ["pear"]


def test_redeliver__of_ones_own_only(fake: Fake) -> None:
    """By record or id; another tenant's is not found."""
    came: list[Parcel] = []
    fake.deliveries.to(came.append)
    made = queue(fake)
    fake.clock.advance(0)
    assert fake.deliveries.redeliver(made) is made
    fake.tenant(name="plum").deliveries.redeliver(made.id)
    assert len(came) == 3
    with pytest.raises(FakeError, match="no delivery"):
        fake.tenant(name="pear").deliveries.redeliver(made)


def test_receiver__sees_the_clock_at_the_instant_of_the_delivery(fake: Fake) -> None:
    """One long step of time stops at each delivery, so that polling agrees with what is told."""
    instants: list[float] = []
    fake.deliveries.to(lambda parcel: instants.append(fake.clock.now() - parcel.at))
    for at in (5, 1, 9):
        queue(fake, at=at)
    fake.clock.advance(3600)
    assert instants == [0, 0, 0]


def test_check__finds_what_a_second_delivery_changes(fake: Fake) -> None:
    """A counter is a bug, a set is none; the finding shows both states."""
    count: list[str] = []
    fake.deliveries.to(lambda parcel: count.append(parcel.delivery))
    checkup = fake.deliveries.check(lambda: count)
    queue(fake)
    fake.clock.advance(0)
    [finding] = checkup.findings
    assert finding.flaw == "duplicate"
    with pytest.raises(NotIdempotent, match="twice in a row"):
        checkup.ensure_clean()


def test_check__finds_what_an_old_delivery_turns_back(fake: Fake) -> None:
    """Who just stores what comes is idempotent at once, and wrong when an old one comes late."""
    state: dict[str, object] = {}
    fake.deliveries.to(lambda parcel: state.update(parcel.json()))  # type: ignore[arg-type]
    checkup = fake.deliveries.check(lambda: state)
    queue(fake, status="indexing")
    queue(fake, status="ready", at=5)
    fake.clock.advance(10)
    assert checkup.findings == []
    checkup.late_duplicates()
    assert [finding.flaw for finding in checkup.findings] == ["late duplicate"] * 2


def test_check__compares_with_polling(fake: Fake) -> None:
    """What the receiver believes and what polling says are held against each other."""
    fake.deliveries.to(lambda parcel: None)
    checkup = fake.deliveries.check(
        dict, polled=lambda parcel: "ready", seen=lambda parcel: "indexing"
    )
    queue(fake)
    fake.clock.advance(0)
    assert [finding.flaw for finding in checkup.findings] == ["disagrees"]
    assert "'ready' became 'indexing'" in str(checkup.findings[0])


def test_check__of_nothing_is_no_success(fake: Fake) -> None:
    """Without a receiver there is nothing to check, and without a delivery nothing was."""
    with pytest.raises(FakeError, match="no receiver"):
        fake.deliveries.check(dict)
    fake.deliveries.to(lambda parcel: None)
    checkup = fake.deliveries.check(dict)
    with pytest.raises(NotIdempotent, match="nothing was checked"):
        checkup.ensure_clean()


def test_reset__keeps_the_receiver(fake: Fake) -> None:
    """Who receives belongs to the fake, not to what happened in it."""
    came: list[Parcel] = []
    fake.deliveries.to(came.append)
    fake.reset()
    queue(fake)
    fake.clock.advance(0)
    assert len(came) == 1
