"""What the journeys of all Python SDKs share: steps that count, and what replies must be like.

Imports nothing but the standard library: it runs in environments that hold one SDK only.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

INTERVAL = 0.01
"""Seconds between polls: in auto time each poll is a step, so there is nothing to wait for."""
LONGEST = 60.0
"""Seconds that a wait may take at the most."""
STATUSES = ["uploading", "validating", "pending", "queued", "indexing", "ready"]
LEVELS = ["high", "medium", "low", "extremely low", "none"]

FOX = "https://media.example/red-fox-in-snow.mp4?duration=60"
FERRY = "https://media.example/harbour/ferry.mp4?duration=45"
PICTURE = "https://media.example/red-fox.jpeg"
SOUND = "https://media.example/foghorn.mp3?duration=30"
NOBODY = "0" * 24

ASSESSMENT = """Judge the speaker. Answer with JSON only:
{"confidence": <1-10>, "clarity": <1-10>, "remarks": ["..."]}"""
SHAPE = {
    "type": "object",
    "properties": {"mood": {"type": "string"}, "people": {"type": "integer"}},
    "required": ["mood", "people"],
}

_passed: list[str] = []


@contextmanager
def step(what: str) -> Iterator[None]:
    """One thing that must work; the first that does not ends the program with its traceback."""
    started = time.perf_counter()
    yield
    _passed.append(what)
    print(f"ok {what} ({(time.perf_counter() - started) * 1000:.0f} ms)")


@contextmanager
def quick() -> Iterator[None]:
    """A wait that auto time makes short."""
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < LONGEST, "auto time did not make each poll a step"


def run(main: Callable[[str, Path], None], sdk: str = "twelvelabs") -> None:
    """The journey `main(server URL, folder with media)`, with its sum at the end."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    main(url, folder)
    print(f"{sdk} {version(sdk)} against {url}")
    print(f"{len(_passed)} passed, 0 failed")


def refused(call: Callable[[], object], error: type[Exception], status: int, code: str) -> None:
    """The call must raise just that error, with the status and the vendor's code."""
    try:
        got = call()
    except error as raised:
        assert type(raised) is error, type(raised)
        assert getattr(raised, "status_code", None) == status, raised
        body = getattr(raised, "body", None)
        told = body if isinstance(body, dict) else vars(body)
        told = told.get("error", told)
        assert told["code"] == code, body
        assert told["message"], body
    else:
        raise AssertionError(f"no {error.__name__} was raised, but there came {got!r}")


def in_order(seen: Sequence[str]) -> None:
    """Statuses as a poller sees them: each the same as the one before, or later in the order."""
    assert seen, "nothing was polled"
    assert list(seen) == sorted(seen, key=STATUSES.index), seen
    assert seen[-1] == "ready", seen


def in_course(seen: Sequence[str], order: Sequence[str]) -> None:
    """The same for statuses of another order."""
    assert list(seen) == sorted(seen, key=order.index), seen


def vector(numbers: Sequence[float] | None, length: int) -> None:
    """A vector of that many finite numbers, not all zero."""
    assert numbers is not None, "there is no vector"
    assert len(numbers) == length, len(numbers)
    assert all(math.isfinite(number) for number in numbers)
    assert any(numbers)


def whole(number: object) -> None:
    """A number that a client with integer types can take."""
    assert isinstance(number, int | float), number
    assert float(number).is_integer(), number


def spans(found: Sequence[tuple[float, float]], duration: float) -> None:
    """Pieces of a video in order, none empty, all within its length."""
    assert found, "there are no pieces"
    assert all(0 <= start < end <= duration for start, end in found), found
    assert list(found) == sorted(found), found


def clips(offsets: Sequence[tuple[float, float]], end: float, length: float) -> None:
    """The clips of an embedding: one after the other, a last one shorter than 2 s left out."""
    plan = [at * length for at in range(math.ceil(end / length))]
    expected = [(start, min(start + length, end)) for start in plan]
    assert list(offsets) == [(a, b) for a, b in expected if b - a >= 2], offsets


def assessed(said: str | None) -> None:
    """The JSON object that ASSESSMENT asks for, with its numbers in range."""
    assert said is not None
    answer = json.loads(said[said.index("{") : said.rindex("}") + 1])
    assert set(answer) == {"confidence", "clarity", "remarks"}, answer
    assert 1 <= answer["confidence"] <= 10, answer
    assert 1 <= answer["clarity"] <= 10, answer
    assert all(isinstance(remark, str) for remark in answer["remarks"]), answer


def shaped(said: str | None) -> None:
    """The JSON object that SHAPE asks for."""
    assert said is not None
    answer = json.loads(said)
    assert isinstance(answer["mood"], str), answer
    assert isinstance(answer["people"], int), answer
