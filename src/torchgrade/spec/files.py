"""The text of a file, or the one Diagnostic of a file that has none."""

from __future__ import annotations

from pathlib import Path

from torchgrade.model.diagnostic import Diagnostic


def text_of(path: Path) -> str | Diagnostic:
    """What a file says, or why it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return whole(path, "unreadable-file", f"cannot be read: {error.strerror or error}")
    if data.startswith(b"\xef\xbb\xbf"):
        hint = "save it as UTF-8 without a byte-order mark"
        return whole(path, "byte-order-mark", "the file begins with a byte-order mark", hint)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} in line {line} is not UTF-8"
        return whole(path, "not-utf8", message, "save the file as UTF-8")


def whole(path: Path, code: str, message: str, hint: str = "") -> Diagnostic:
    """A Diagnostic of a whole file or folder."""
    return Diagnostic(path=str(path), code=code, message=message, hint=hint)
