"""Documents that were read and checked before, kept by the hash of their text.

Kept below the user's own cache directory, so that nobody else can put a document there; the
variable UNDERSTUDY_CACHE names another directory, or turns the cache off with "off". Whatever
goes wrong here is silent: the document is then read as if for the first time.
"""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import orjson

from understudy.contracts.json import Json

_KEPT = 64
_SMALLEST = 16_384  # below this, parsing is as quick as looking


class Cache:
    """The kept form of one text. What was kept as one `kind` is never read as another."""

    def __init__(self, content: bytes, kind: str = "", smallest: int = _SMALLEST) -> None:
        self._file: Path | None = None
        folder = _folder() if len(content) >= smallest else None
        if folder is not None:
            state = _code_state() + f"{kind}\0".encode()
            digest = hashlib.sha256(state + content).hexdigest()
            self._file = folder / f"{digest[:40]}.json"

    def read(self) -> tuple[dict[str, Json], str, list[str]] | None:
        """The checked root, its version and its notes; None when there is nothing (usable)."""
        if self._file is None:
            return None
        try:
            kept = orjson.loads(self._file.read_bytes())
            root, version, notes = kept["root"], kept["version"], kept["notes"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if isinstance(root, dict) and isinstance(version, str) and isinstance(notes, list):
            return root, version, notes
        return None

    def write(self, root: Mapping[str, Json], version: str, notes: list[str]) -> None:
        """Keep a checked document; the file appears whole or not at all."""
        if self._file is None:
            return
        import tempfile  # slow to import, and a kept document needs none

        temporary = ""
        try:
            content = orjson.dumps({"root": root, "version": version, "notes": notes})
            folder = self._file.parent
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=folder, suffix=".new")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).replace(self._file)
            _forget(folder)
        except (OSError, TypeError, ValueError):
            if temporary:
                Path(temporary).unlink(missing_ok=True)


def _folder() -> Path | None:
    chosen = os.environ.get("UNDERSTUDY_CACHE", "")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "understudy" / "documents"


def _code_state() -> bytes:
    """Changes whenever the code that checks and rewrites documents changes."""
    here = Path(__file__).parent
    parts = []
    for stem in ("cache", "keywords", "loading", "metaschema", "normalise", "parsing",
                 "patterns", "places", "structure"):  # fmt: skip
        try:
            found = (here / f"{stem}.py").stat()
            parts.append(f"{stem}:{found.st_size}:{found.st_mtime_ns}")
        except OSError:
            parts.append(stem)
    return "|".join(parts).encode()


def _forget(folder: Path) -> None:
    """Keep the newest documents only."""
    kept = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for file in kept[:-_KEPT]:
        file.unlink(missing_ok=True)
