"""Headless Chromium, spoken to through two pipes in its DevTools protocol: no driver, no library, no port."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--no-default-browser-check",
    "--no-first-run",
    "--remote-debugging-pipe",
)
PATIENCE = 120.0
"""Seconds in which an answer must come, on however busy a machine."""


def program() -> str | None:
    """Where Chromium is, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class ChromiumError(RuntimeError):
    """Chromium refused what was asked of it."""


class Chromium:
    """The browser: requests are numbered, and what it tells meanwhile goes to whoever listens."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, read
        self._buffer = b""
        self._last = 0
        self.listeners: dict[str, Callable[[str, dict[str, Any]], None]] = {}

    def ask(self, method: str, session: str = "", **parameters: object) -> dict[str, Any]:
        """The answer to a request."""
        self._last += 1
        request: dict[str, object] = {"id": self._last, "method": method, "params": parameters}
        data = json.dumps(request | ({"sessionId": session} if session else {})).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        return self.until(lambda told: told.get("id") == request["id"])

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read on up to the message that is wanted."""
        deadline = monotonic() + PATIENCE
        while True:
            told = self._message(deadline)
            if "method" in told and told.get("sessionId", "") in self.listeners:
                self.listeners[told["sessionId"]](told["method"], told["params"])
            if wanted(told):
                if "error" in told:
                    raise ChromiumError(told["error"]["message"])
                return told.get("result", {})  # type: ignore[no-any-return]

    def _message(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], max(0.0, deadline - monotonic()))[0]:
                raise ChromiumError("Chromium says nothing")
            chunk = os.read(self._read, 2**20)
            if not chunk:
                raise ChromiumError("Chromium has ended")
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)  # type: ignore[no-any-return]


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """A browser with a new profile in a folder; it ends with the block."""
    executable = program()
    assert executable
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()

    def third_and_fourth() -> None:
        high = [os.dup2(each, number) for each, number in ((theirs_in, 63), (theirs_out, 64))]
        for each, number in zip(high, (3, 4), strict=True):
            os.dup2(each, number)
            os.set_inheritable(number, True)

    process = subprocess.Popen(
        [executable, *FLAGS, f"--user-data-dir={folder}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=False,
        preexec_fn=third_and_fourth,
        env={name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        | {"HOME": str(folder)},
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Chromium(ours_out, ours_in)
    finally:
        with suppress(OSError):
            os.close(ours_out)
        os.close(ours_in)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Tab:
    """A page of the browser; `console` and `requests` are what it said and asked for since it was opened."""

    browser: Chromium
    session: str
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    loads: int = 0

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        return self.browser.ask(method, self.session, **parameters)

    def hear(self, method: str, told: dict[str, Any]) -> None:
        """What the page does by itself."""
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Log.entryAdded":
            self.console.append(told["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.console.append(f"{told['type']}: {told['args']}")
        elif method == "Runtime.exceptionThrown":
            self.console.append(str(told["exceptionDetails"]))
        elif method == "Page.loadEventFired":
            self.loads += 1

    def open(self, page: Path) -> None:
        """Show a file, and wait until it is whole."""
        self.console.clear()
        self.requests.clear()
        before = self.loads
        told = self.ask("Page.navigate", url=page.resolve().as_uri())
        assert "errorText" not in told, told
        if self.loads == before:
            self.browser.until(lambda _: self.loads > before)

    def look(self, width: int, scheme: str = "light", height: int = 900, *, scale: float = 1) -> None:
        """How wide the window is, and which colours its user likes."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def run(self, script: str) -> Any:
        """The value of an expression; a promise is waited for."""
        told = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def picture(self, path: Path, *, clip: tuple[float, float, float, float] | None = None) -> None:
        """A PNG of all of the page, or of a part: x, y, width and height in its pixels."""
        part = dict(zip(("x", "y", "width", "height"), clip, strict=True)) | {"scale": 1} if clip else None
        wanted = {"clip": part} if part else {}
        told = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, **wanted)
        path.write_bytes(base64.b64decode(told["data"]))


def tab(browser: Chromium) -> Tab:
    """A new page that tells everything it does."""
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    made = Tab(browser, session)
    browser.listeners[session] = made.hear
    for domain in ("Page", "Runtime", "Log", "Network"):
        made.ask(f"{domain}.enable")
    return made
