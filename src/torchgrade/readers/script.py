"""From the bytes of a `.py` file to its text."""

from __future__ import annotations

import codecs
import io
import tokenize

from torchgrade.model.said import said
from torchgrade.readers.problems import HandinError

LARGEST = 1_000_000
"""Bytes of a script, and characters of a notebook's code."""
MOST_BRACES = 20_000
"""Python 3.11 takes time with the square of the fields of a formatted text: 4 s for 80,000."""
MOST_PARTS = 50_000
"""Lines, `;` and `,`: a statement takes 2 kB as a tree, and 500,000 of two characters would fit into a file."""
_ENCODINGS = ("ascii", "utf-8", "iso8859", "cp", "gb", "big5", "euc_", "shift_jis", "koi8")
"""What a coding line may ask for, by its beginning: codecs that are slow, or no text, are not among them."""


def text_of(content: bytes) -> str:
    """The text, with plain ends of lines. Raises HandinError, in one sentence for the student."""
    if not content:
        raise HandinError(said("The file is empty (0 bytes): write your functions in it and hand it in again."))
    if len(content) > LARGEST:
        raise HandinError(said("The file is larger than 1 MB: hand in source code only, no data."))
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise HandinError(said("The file is UTF-16 text, which Python does not read: save it as UTF-8."))
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise HandinError(said("The file is no text (a NUL byte on line {line}): save it as UTF-8.", line=line))
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    refuse_data(text)
    return text


def refuse_data(code: str) -> None:
    """Raises HandinError if code has so many parts that to parse it may take a minute, or a gigabyte."""
    parts = sum(map(code.count, "\n;,"))
    if parts > MOST_PARTS:
        raise HandinError(
            said(
                "There are {count:,} lines and items in the code; {most:,} are read: hand in no data as code.",
                count=parts,
                most=MOST_PARTS,
            )
        )
    count = code.count("{")
    if count > MOST_BRACES:
        raise HandinError(
            said(
                "There are {count:,} opening braces in the code; {most:,} are read: hand in no data as code.",
                count=count,
                most=MOST_BRACES,
            )
        )


def _decoded(content: bytes) -> str:
    encoding = _encoding(content)
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        name = "UTF-8" if encoding.startswith("utf-8") else encoding
        raise HandinError(
            said(
                "The file is not {encoding} text (byte 0x{byte:02x} on line {line}): save it as UTF-8.",
                encoding=name,
                byte=content[error.start],
                line=line,
            )
        ) from None


def _encoding(content: bytes) -> str:
    """What the coding line in the first two lines says (PEP 263), else UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError:  # no such encoding, not what the mark at the start says, or the first lines are no UTF-8
        return "utf-8"
    return encoding if codecs.lookup(encoding).name.startswith(_ENCODINGS) else "utf-8"
