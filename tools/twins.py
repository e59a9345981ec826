"""Write the client's synchronous half from its asynchronous one: `python -m tools.twins`.

Every `client/**/aio/*.py` becomes `client/**/sync/*.py`. With `--check` nothing is written;
the exit code is 1 when a twin differs from what would be written. Lines that end in
`# async only` have no twin.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ONLY = "# async only"

# Imports that have lost their use, and loops that are comprehensions no more.
FIXES = ["--fix", "--unsafe-fixes", "--select", "I,F401,F811,UP028,C416",
         "--config", 'lint.isort.known-first-party=["understudy"]']  # fmt: skip

# In this order; each is a pattern and what takes its place.
WORDS = [
    (r"^.*# async only\n", ""),
    (r"^import asyncio\n", ""),
    (r"\basyncio\.sleep\b", "time.sleep"),
    (r"\basync (def|for|with)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsyncGenerator\[(.+?), None\]", r"Generator[\1, None, None]"),
    (r"\bAwaitable\[(\w+|None)\]", r"\1"),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\b__a(enter|exit|iter|next)__\b", r"__\1__"),
    (r"\baclose\b", "close"),
    (r"\baiter_bytes\b", "iter_bytes"),
    (r"\.aio\b", ".sync"),
    (r"\basynchronous\b", "synchronous"),
]


def twin_of(source: str, name: str) -> str:
    """The synchronous words of an asynchronous module; its imports and layout are still to do."""
    for pattern, replacement in WORDS:
        source = re.sub(pattern, replacement, source, flags=re.MULTILINE)
    return f"# From {name}, by `python -m tools.twins`: edit that file, not this.\n{source}"


def tidied(texts: Mapping[str, str]) -> dict[str, str]:
    """Each text with its imports put in order, and laid out as the project does."""
    with tempfile.TemporaryDirectory(prefix="twins-") as name:
        folder = Path(name)
        for place, text in texts.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_text(text, "utf-8")
        _ruff("check", *FIXES, name)
        _ruff("format", name)
        return {place: (folder / place).read_text("utf-8") for place in texts}


def twins() -> dict[Path, str]:
    """Each twin's path, and the text that belongs there."""
    texts: dict[str, str] = {}
    for path in sorted((ROOT / "client").rglob("aio/*.py")):
        name = path.relative_to(ROOT).as_posix()
        texts[name.replace("/aio/", "/sync/")] = twin_of(path.read_text("utf-8"), name)
    return {ROOT / place: text for place, text in tidied(texts).items()}


def main() -> int:
    """Write the twins, or say which ones are stale."""
    check, stale = "--check" in sys.argv[1:], 0
    wanted = twins()
    for path in sorted({*wanted, *(ROOT / "client").rglob("sync/*.py")}):
        text = wanted.get(path)
        if path.exists() and text == path.read_text("utf-8"):
            continue
        stale += 1
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT).as_posix()}")
        if check:
            continue
        if text is None:
            path.unlink()
        else:
            path.write_text(text, "utf-8")
    return 1 if check and stale else 0


def _ruff(command: str, *arguments: str) -> None:
    settings = ["--quiet", "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", command, *settings, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"ruff {command} failed: {ran.stderr}{ran.stdout}")


if __name__ == "__main__":
    sys.exit(main())
