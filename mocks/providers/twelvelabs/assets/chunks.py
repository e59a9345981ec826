"""What a session has heard of its chunks: which arrived, which were reported, which failed.

A view of the session's resource; everything stands in its `hidden` as plain values.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from hashlib import md5, sha256
from typing import BinaryIO, cast

from understudy.contracts.json import Json
from understudy.mocks.generate.media import probe
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.assets.gaps import Gaps
from understudy.mocks.providers.twelvelabs.number import whole
from understudy.mocks.store import Resource

HEAD = 64 * 1024
"""How many bytes are kept where a container's headers begin; the rest is hashed and dropped."""

EDGE, END = 1024, 16
"""What is kept of the two ends of every chunk, since headers may run from one into the next."""

MOST_FOUND = 8
MOVIE = b"moov"


class Chunks:
    """The chunks of one session, numbered from 1."""

    __slots__ = ("_hidden", "_upload")

    def __init__(self, upload: Resource) -> None:
        self._upload = upload
        self._hidden = upload.hidden

    @property
    def total(self) -> int:
        """How many there are."""
        return self._field("total_chunks")

    @property
    def completed(self) -> int:
        """How many were reported with a proof that fits."""
        return self._count("completed")

    def size_of(self, index: int) -> int:
        """How many bytes a chunk must have; the last one has what is left."""
        size = self._field("chunk_size")
        return min(size, self._field("total_size") - (index - 1) * size)

    def issue(self, index: int, expires: float) -> int:
        """The number of a URL of that chunk that was never given out."""
        given = [*elements(self._hidden.get("given")), [index, expires]]
        self._hidden["given"] = given
        return len(given)

    def issued(self) -> Iterator[tuple[int, int, float]]:
        """The URLs that were given out: the number, the chunk, and until when it is good."""
        for serial, each in enumerate(elements(self._hidden.get("given")), 1):
            index, expires = cast("tuple[int, float]", elements(each))
            yield serial, whole(index), float(expires)

    def spent(self, serial: int) -> bool:
        """Whether the URL of that number was used."""
        return serial in elements(self._hidden.get("used"))

    def status(self, index: int) -> str:
        """`completed`, `failed`, or `pending` before it was reported."""
        return text(self._report(index).get("status"), "pending")

    def receive(self, index: int, serial: int, content: bytes) -> str:
        """Take a chunk's bytes in: hash them, keep what headers need. The hash is its proof."""
        proof = md5(content, usedforsecurity=False).hexdigest()
        self._set("parts", index, {"proof": proof, "digest": sha256(content).hexdigest()})
        self._hidden["used"] = [*elements(self._hidden.get("used")), serial]
        offset = (index - 1) * self._field("chunk_size")
        self._see(offset, content[: HEAD if index == 1 else EDGE])
        self._see(offset + max(0, len(content) - END), content[-END:])
        found = content.find(MOVIE, 4)
        if found > 0 and len(elements(self._hidden.get("movies"))) < MOST_FOUND:
            self._hidden["movies"] = [*elements(self._hidden.get("movies")), index]
            self._see(offset + found - 4, content[found - 4 : found - 4 + HEAD])
        return proof

    def report(self, index: int, proof: str, size: int, at: str) -> None:
        """Note that a chunk is said to be there; it fails where what arrived says otherwise."""
        problem = self._problem(index, proof.strip('"'), size)
        said: dict[str, Json] = {"status": "failed" if problem else "completed", "at": at}
        self._set("reports", index, {**said, "error": problem} if problem else said)

    def tally(self) -> dict[str, Json]:
        """How many chunks are how far, and the bytes of those that are completed."""
        completed, failed = self.completed, self._count("failed")
        uploaded = sum(
            self.size_of(int(index))
            for index, report in self._reports().items()
            if mapping(report).get("status") == "completed"
        )
        return {
            "chunks_completed": completed,
            "chunks_failed": failed,
            "chunks_pending": self.total - completed - failed,
            "uploaded_size": uploaded,
        }

    def shown(self, index: int) -> dict[str, Json]:
        """One chunk as the session's reply tells of it."""
        report = self._report(index)
        at = report.get("at", self._upload.fields.get("created_at"))
        done = report.get("status") == "completed"
        told: dict[str, Json] = {
            "index": index,
            "status": self.status(index),
            "uploaded_at": at if done else None,
            "updated_at": at,
        }
        return {**told, "error": report["error"]} if "error" in report else told

    def facts(self) -> dict[str, Json]:
        """What the file's headers say, see `media.probe`; its identity is made of all chunks."""
        seen = mapping(self._hidden.get("seen"))
        pieces = {int(offset): b64decode(text(piece)) for offset, piece in seen.items()}
        return probe(cast(BinaryIO, Gaps(self._field("total_size"), pieces)))

    def identity(self) -> str:
        """A hash that follows from the bytes of every chunk; of a single one, the file's own."""
        parts = mapping(self._hidden.get("parts"))
        digests = [text(mapping(parts[index]).get("digest")) for index in sorted(parts, key=int)]
        return digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()

    def forget(self) -> None:
        """Drop what only a session needs that still goes on."""
        for name in ("parts", "seen", "used", "movies"):
            self._hidden.pop(name, None)

    def _see(self, offset: int, content: bytes) -> None:
        self._set("seen", offset, b64encode(content).decode())

    def _problem(self, index: int, proof: str, size: int) -> str:
        part = mapping(mapping(self._hidden.get("parts")).get(str(index)))
        if not part:
            return "No bytes have arrived for this chunk. PUT it to its URL first."
        if proof != part.get("proof"):
            return "The proof is not the ETag of what arrived. PUT the chunk to a new URL."
        expected = self.size_of(index)
        if size != expected:
            return f"The report says {size} bytes, but the chunk has {expected}."
        return ""

    def _set(self, table: str, index: int, value: Json) -> None:
        self._hidden[table] = {**mapping(self._hidden.get(table)), str(index): value}

    def _reports(self) -> Mapping[str, Json]:
        return mapping(self._hidden.get("reports"))

    def _report(self, index: int) -> Mapping[str, Json]:
        return mapping(self._reports().get(str(index)))

    def _count(self, status: str) -> int:
        return sum(mapping(each).get("status") == status for each in self._reports().values())

    def _field(self, name: str) -> int:
        return whole(self._upload.fields.get(name))
