"""Debian's Chromium, headless, and a web server for one page on a loopback port of its own."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PAGE = Path(__file__).with_name("page.html")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ELSEWHERE = ("studio.example", "fake.example")
"""Names that lead to loopback in this browser, to be other origins and other hosts."""


def program() -> str:
    """The browser's path; without one this fails, because nothing would have been tested."""
    named = os.environ.get("CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise FileNotFoundError(
            "There is no Chromium here: apt-get install chromium, or name one in CHROMIUM."
        )
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser that resolves some names to loopback and looks nothing else up."""
    rules = ", ".join(f"MAP {name} 127.0.0.1" for name in ELSEWHERE)
    only = "EXCLUDE localhost, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=program(),
            args=[*FLAGS, f"--host-resolver-rules={rules}, MAP * ~NOTFOUND, {only}"],
        )
        try:
            yield made
        finally:
            made.close()


@contextmanager
def site() -> Iterator[int]:
    """The port of a web server that serves the page, whatever is asked of it."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
