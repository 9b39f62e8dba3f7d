"""Student text made harmless for each place it is written to."""

from __future__ import annotations

import re

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Control characters, characters that change the direction of text, and lone halves of surrogate pairs.
CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]"
)
NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
# What CI systems read as commands in a log, wherever the wrapping of lines may put it: ::error::, ##[error], ##vso[…].
COMMAND = re.compile(r"(?<=:)(?=:)|(?<=#)(?=#\[|#vso\[)")
# What begins a formula where a CSV file is opened; East Asian spreadsheets know the full-width signs, too.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def plain(text: str) -> str:
    """Text for a terminal or a plain file: no colours, no cursor movements, no reversed text."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", ANSI.sub("", text.replace("\r\n", "\n")))


def screen(text: str) -> str:
    """Plain text for a screen, which may be the log of a CI job: an invisible space makes commands in it none."""
    return COMMAND.sub("\N{ZERO WIDTH SPACE}", plain(text))


def line(text: str) -> str:
    """Text for a screen, on one line."""
    return " ".join(screen(text).split())


def spreadsheet(text: str) -> str:
    """Text on one line that no spreadsheet takes for a formula: an apostrophe stands before one."""
    flat = line(text)
    return f"'{flat}" if flat.startswith(FORMULA) else flat


def markdown(text: str) -> str:
    """Text on one line whose characters mean nothing to Markdown or HTML, but for code between backticks.

    What stands between two backticks is shown as it is, and Markdown reads nothing in it.
    """
    pieces = line(text).split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = ["`".join(pieces[-2:])]
    return "".join(_code(piece) if place % 2 else _inert(piece) for place, piece in enumerate(pieces))


def _inert(text: str) -> str:
    return MARKDOWN.sub(r"\\\1", text).replace("@", "&#64;")


def _code(text: str) -> str:
    """Nothing, or a code span; a bar would end a cell of a table."""
    if not text.strip() or "|" in text:
        return _inert(f"`{text}`")
    return f"`{text}`"


def fenced(text: str, language: str = "") -> str:
    """A Markdown code block that its text cannot end."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{plain(text).rstrip()}\n{fence}"


def xml(text: str) -> str:
    """Text that may stand in an XML document once it is quoted: colours and illegal characters are left out."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", plain(text))


def command_data(text: str) -> str:
    """The message of a GitHub workflow command."""
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A property of a GitHub workflow command."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")
