"""Sends calls over httpx2: attempts, pauses, deadlines, and every failure as a `ClientError`."""

import asyncio
import random
import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Mapping,
)
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import httpx2

from understudy.client.call import Call
from understudy.client.course import Course
from understudy.client.download import Download, Target, written
from understudy.client.errors import (
    BadReply,
    ClientError,
    ConnectionFailed,
    NotFound,
    TimedOut,
    UsageError,
)
from understudy.client.file import File
from understudy.client.json import Json, parse, write
from understudy.client.model import M
from understudy.client.multipart import Body
from understudy.client.options import Options
from understudy.client.piece import Piece
from understudy.client.refusal import Envelope, Verdict, flat_or_nested, refusal

_SLICE = 0.25
_BEFORE_SENDING = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


# Looked up when they are called: whoever replaces the process's sleep or clocks is heard.
async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)


def _monotonic() -> float:
    return time.monotonic()


def _wall() -> float:
    return time.time()


@dataclass(frozen=True, slots=True)
class AsyncTiming:
    """Where time and chance come from; a test passes its own."""

    sleep: Callable[[float], Awaitable[None]] = _sleep
    monotonic: Callable[[], float] = _monotonic
    wall: Callable[[], float] = _wall
    random: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class _Answer:
    """A success, and what was read of it."""

    response: httpx2.Response
    content: bytes


class AsyncSession:
    """One service, one key, one pool of connections."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        options: Options | None = None,
        timing: AsyncTiming | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        envelope: Envelope = flat_or_nested,
        verdict: Verdict | None = None,
    ) -> None:
        self.base_url = base_url
        self.options = options or Options()
        self.timing = timing or AsyncTiming()
        self._envelope = envelope
        self._private = [name for name in headers if name.lower() != "user-agent"]
        self._verdict = verdict
        # A redirect could carry the key to another host, so none is followed.
        self._http = httpx2.AsyncClient(
            headers=dict(headers), transport=transport, follow_redirects=False
        )

    def with_options(self, options: Options) -> "AsyncSession":
        """The same service and connections, with other options."""
        other = copy(self)
        other.options = options
        return other

    async def close(self) -> None:
        """Close the connections; of every session that shares them."""
        await self._http.aclose()

    async def fetch(self, call: Call, model: type[M]) -> M:
        """The reply to `call`, read as `model`."""
        content = await self._whole(call)
        try:
            return model.read(_json(content))
        except BadReply as error:
            error.add_note(f"In the reply to {call}.")
            raise

    async def fetch_all(self, call: Call, model: type[M]) -> tuple[M, ...]:
        """The reply to `call`, an array whose items are read as `model`."""
        content = await self._whole(call)
        try:
            items = _json(content)
            if not isinstance(items, list):
                raise BadReply(f"The reply is {str(items)[:120]!r}; expected a list.")
            return tuple(model.read(item, f"body[{at}]") for at, item in enumerate(items))
        except BadReply as error:
            error.add_note(f"In the reply to {call}.")
            raise

    async def settle(self, call: Call) -> None:
        """Make a call whose reply says nothing but that it is done."""
        await self._whole(call)

    async def deliver(self, call: Call) -> Mapping[str, str]:
        """Make a call whose reply says what matters in its headers; their names in lower case."""
        answer = await self._attempts(self._course(call), whole=True)
        return _headers(answer.response)

    async def download(self, call: Call, to: Target | None = None) -> Download:
        """The file that is the reply's body: in memory, or written to `to` as it comes, which
        is there whole or not at all. `NotReady` for a 202. Retries end where a body that is
        written begins.
        """
        course = self._course(call)
        if to is None:
            answer = await self._attempts(course, whole=True, file=True)
            return Download(_media_type(answer.response), answer.content)
        response = (await self._attempts(course, whole=False, file=True)).response
        try:
            with written(to) as file:
                async for piece in self._body(response, course):
                    file.write(piece)
        finally:
            await response.aclose()
        return Download(_media_type(response), path=Path(to))

    async def pieces(self, call: Call) -> AsyncGenerator[bytes, None]:
        """The reply's body as it comes. Retries end where the body begins."""
        course = self._course(call)
        answer = await self._attempts(course, whole=False)
        if answer.content:  # JSON, where a stream was asked for
            yield answer.content
            return
        response = answer.response
        try:
            async for piece in self._body(response, course):
                yield piece
        finally:
            await response.aclose()

    async def pause(self, seconds: float) -> None:
        """Sleep; in short slices when the call can be cancelled from outside."""
        cancellation = self.options.cancellation
        if cancellation is None:
            await self.timing.sleep(seconds)
            return
        while seconds > 0:
            cancellation.check()
            await self.timing.sleep(min(seconds, _SLICE))
            seconds -= _SLICE
        cancellation.check()

    async def _whole(self, call: Call) -> bytes:
        course = self._course(call)
        try:
            answer = await self._attempts(course, whole=True)
        except NotFound:
            # The first attempt's answer was lost; that nothing is left shows that it worked.
            if call.method == "DELETE" and course.doubtful:
                return b""
            raise
        return answer.content

    def _course(self, call: Call) -> Course:
        if self._http.is_closed:
            raise UsageError(f"{call} cannot be made; the client is closed.")
        timing = self.timing
        return Course(call, self.options, monotonic=timing.monotonic, random=timing.random)

    async def _attempts(self, course: Course, *, whole: bool, file: bool = False) -> _Answer:
        """The first good answer; read to its end when it shall be `whole`, else open. Where a
        `file` is wanted, a 202 is no good answer."""
        while True:
            course.check()
            try:
                return await self._attempt(course, whole=whole, file=file)
            except ClientError as error:
                pause = course.pause_after(error)
            await self.pause(pause)

    async def _attempt(self, course: Course, *, whole: bool, file: bool) -> _Answer:
        response = await self._sent(course)
        judged = self._verdict is not None and _is_json(response)
        ready = response.is_success and not (file and response.status_code == 202)
        if ready and not whole and not judged:
            return _Answer(response, b"")
        try:
            content = b"".join([piece async for piece in self._body(response, course)])
        finally:
            await response.aclose()
        status = self._status(response, content)
        if 200 <= status < 300 and ready:
            return _Answer(response, content)
        raise refusal(
            status,
            _headers(response),
            content,
            envelope=self._envelope,
            wall=self.timing.wall,
        )

    def _status(self, response: httpx2.Response, content: bytes) -> int:
        """The reply's status, or what its body says that it stands for."""
        if self._verdict is None or not _is_json(response):
            return response.status_code
        try:
            return self._verdict(response.status_code, parse(content))
        except ValueError:
            return response.status_code

    async def _sent(self, course: Course) -> httpx2.Response:
        """The response to one sending of the request; its body is still to be read."""
        call, headers = course.call, {"accept": course.call.accept}
        content: bytes | AsyncGenerator[bytes, None] | None = None
        if call.piece is not None:
            content = _piece(call.piece, course)
            headers["content-length"] = str(call.piece.length)
        if call.form is not None:
            body = Body.of(call.form)
            content = _upload(body, course)
            headers["content-type"] = body.content_type
            if body.length is not None:
                headers["content-length"] = str(body.length)
        elif call.json is not None:
            content = write(call.json).encode()
            headers["content-type"] = "application/json"
        elif call.encoded is not None:
            content = call.encoded
            headers["content-type"] = "application/x-www-form-urlencoded"
        headers |= {name.lower(): value for name, value in call.headers.items()}
        try:
            request = self._http.build_request(
                call.method,
                call.target if call.foreign else self.base_url + call.target,
                headers=headers,
                content=content,
                timeout=course.timeout(),
            )
            for name in self._private if call.foreign else ():
                request.headers.pop(name, None)
            return await self._http.send(request, stream=True)
        except httpx2.HTTPError as error:
            raise _failure(error, call) from error
        finally:
            if content is not None and not isinstance(content, bytes):
                await content.aclose()

    async def _body(self, response: httpx2.Response, course: Course) -> AsyncIterator[bytes]:
        try:
            async for piece in response.aiter_bytes():
                course.check()
                yield piece
        except httpx2.DecodingError as error:
            raise BadReply(f"The reply to {course.call} is encoded wrongly: {error}.") from error
        except httpx2.HTTPError as error:
            raise _failure(error, course.call) from error


async def _upload(body: Body, course: Course) -> AsyncGenerator[bytes, None]:
    """The body, piece by piece, and word of it to whoever wants to know."""
    sent, total, progress = 0, body.length, body.form.progress
    for segment in body.segments():
        async for piece in _blocks(segment):
            course.check()
            yield piece
            sent += len(piece)
            if progress is not None:
                progress(sent, total)


async def _piece(piece: Piece, course: Course) -> AsyncGenerator[bytes, None]:
    """The piece, block by block, and word of it to whoever wants to know."""
    sent = 0
    for block in piece.blocks():
        course.check()
        yield block
        sent += len(block)
        if piece.progress is not None:
            piece.progress(sent)


async def _blocks(segment: bytes | File) -> AsyncIterator[bytes]:
    if isinstance(segment, bytes):
        yield segment
        return
    if isinstance(segment.content, AsyncIterable):  # async only
        async for piece in segment.content:  # async only
            yield piece  # async only
        return  # async only
    for piece in segment.blocks():
        yield piece


def _failure(error: httpx2.HTTPError, call: Call) -> ConnectionFailed:
    arrived = not isinstance(error, _BEFORE_SENDING)
    kind = TimedOut if isinstance(error, httpx2.TimeoutException) else ConnectionFailed
    return kind(f"{call} got no answer: {str(error) or type(error).__name__}.", arrived=arrived)


def _headers(response: httpx2.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _is_json(response: httpx2.Response) -> bool:
    return "json" in str(response.headers.get("content-type", ""))


def _media_type(response: httpx2.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip()


def _json(content: bytes) -> Json:
    try:
        return parse(content)
    except ValueError:
        shown = content[:120].decode("utf-8", "replace")
        raise BadReply(f"The reply is {shown!r}; expected JSON.") from None
