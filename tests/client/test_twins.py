"""One source: the synchronous half is what the tool writes from the asynchronous one."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOOL = runpy.run_path(str(ROOT / "tools" / "twins.py"))


def test_twins__are_fresh() -> None:
    """Each file says what would be written now; nothing else lies beside them."""
    wanted = TOOL["twins"]()
    assert len(wanted) > 10
    for path, text in wanted.items():
        assert path.read_text("utf-8") == text, f"{path} is stale: run python -m tools.twins"
    assert {*(ROOT / "client").rglob("sync/*.py")} == set(wanted)


def test_twin__has_nothing_asynchronous_left() -> None:
    """No await, no asyncio and no Async name is in a twin."""
    for path in (ROOT / "client").rglob("sync/*.py"):
        text = path.read_text("utf-8").partition("\n")[2]
        for word in ("async ", "await ", "asyncio", "Async", "aclose", ".aio", "Awaitable"):
            assert word not in text, f"{path} still says {word!r}"


def test_twin__of_a_small_module() -> None:
    """The words change, the lines marked as asynchronous go, the imports follow."""
    source = (
        "import asyncio\nimport time\n"
        "from collections.abc import AsyncIterator, Awaitable, Callable\n\n\n"
        "class AsyncThing:\n"
        "    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep\n\n"
        "    async def __aiter__(self) -> AsyncIterator[int]:\n"
        "        print(1)  # async only\n"
        "        await self.sleep(time.time())\n"
        "        yield 1\n"
    )
    text = TOOL["tidied"]({"x.py": TOOL["twin_of"](source, "x.py")})["x.py"]
    assert text.splitlines()[1:] == [
        "import time",
        "from collections.abc import Callable, Iterator",
        "",
        "",
        "class Thing:",
        "    sleep: Callable[[float], None] = time.sleep",
        "",
        "    def __iter__(self) -> Iterator[int]:",
        "        self.sleep(time.time())",
        "        yield 1",
    ]
