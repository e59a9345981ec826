"""A file that a service has made: in memory, or where it was saved."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

Target = str | os.PathLike[str]
"""Where a download goes: a path, also as plain text."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file and its media type; one that was saved has a `path` and holds nothing in memory."""

    media_type: str
    held: bytes = b""
    path: Path | None = None

    @property
    def content(self) -> bytes:
        """All of its bytes, read from where it was saved if need be."""
        return self.held if self.path is None else self.path.read_bytes()

    def save(self, to: Target) -> Path:
        """Write it to a path, whole or not at all."""
        with written(to) as file:
            if self.path is None:
                file.write(self.held)
            else:
                with self.path.open("rb") as source:
                    shutil.copyfileobj(source, file)
        return Path(to)


@contextmanager
def written(to: Target) -> Iterator[IO[bytes]]:
    """A file beside `to` that takes its place when all went well; else nothing is left."""
    target = Path(to)
    with tempfile.NamedTemporaryFile(
        dir=target.parent, prefix=f".{target.name}-", delete=False
    ) as file:
        try:
            yield file
            file.close()
            Path(file.name).replace(target)
        except BaseException:
            file.close()
            Path(file.name).unlink(missing_ok=True)
            raise
