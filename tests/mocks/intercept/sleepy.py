"""Code under test that holds its sleeps by name."""

import time
from asyncio import sleep as nap
from time import monotonic, sleep
from time import time as wall


def wait(seconds: float) -> None:
    """A sleep held by name."""
    sleep(seconds)


async def rest(seconds: float) -> str:
    """An asynchronous one, under another name, with its result."""
    return await nap(seconds, "rested")


def clocks() -> tuple[float, float, float, float]:
    """Wall and monotonic time, through the module and by name."""
    return time.time(), wall(), time.monotonic(), monotonic()
