"""What YAML would accept and an author did not mean: words for each, with the way to write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.document import Mark, Page

OPENING, CLOSING = "([{", ")]}"
ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a mapping: where its name and its value stand, and whether there is no value."""

    name: str
    key: Mark
    value: Mark
    is_null: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is wrong with a field without a value; an `orphan` is a piece of something else, told once."""

    name: str
    fault: Diagnostic | None
    orphan: bool


def quoted(text: str) -> str:
    """A text in single quotes."""
    return "'" + text.strip().replace("'", "''") + "'"


def whole_value(text: str, start: int) -> int:
    """Where a value inside { } or [ ] was meant to end: at a comma or bracket that its own brackets do not hold."""
    depth = 0
    for offset in range(start, len(text)):
        character = text[offset]
        depth += (character in OPENING) - (character in CLOSING)
        if character == "\n" or depth < 0 or (depth == 0 and character == ","):
            return offset
    return len(text)


def null(page: Page, mark: Mark, subject: str) -> Diagnostic:
    """Null stands where a value belongs."""
    hint = "leave it out, or give it a value; Python's None is None"
    return page.fault("null-value", f"{subject} has no value; what is optional is absent, never null", mark, hint=hint)


def tag(page: Page, mark: Mark) -> Diagnostic:
    """A value with a YAML tag."""
    return begins_with(page, mark.start, "text that begins with `!` is a YAML tag; tags are not read")


def unknown_alias(page: Page, mark: Mark) -> Diagnostic:
    """An alias without its anchor: most often text that begins with an asterisk."""
    message = "text that begins with `*` is a YAML alias, and no `&` of this name stands before it"
    return begins_with(page, mark.start, message)


def merge(page: Page, mark: Mark) -> Diagnostic:
    """A merge key."""
    return page.fault("merge-key", "`<<` merges in other tools, not here", mark, hint="write the fields out")


def duplicate(page: Page, mark: Mark, name: str, line: int) -> Diagnostic:
    """A field that was there before."""
    return page.fault("duplicate-key", f"`{name}` stands here twice, first in line {line}", mark, hint="keep one")


def key_not_text(page: Page, mark: Mark) -> Diagnostic:
    """A number, bool, null, list or mapping as the name of a field."""
    text = page.text[mark.start : mark.end]
    if mark.end - mark.start < 2 and text in OPENING:
        return page.fault(
            "key-not-text", "a list or mapping cannot be the name of a field", mark, hint="name it by text"
        )
    return page.fault("key-not-text", f"`{text}` is not text, and names are", mark, hint=f"quote it: {quoted(text)}")


def character(page: Page, offset: int) -> Diagnostic:
    """A character that no exercise file may hold."""
    found = page.text[offset]
    name = unicodedata.name(found, "a control character")
    message = f"U+{ord(found):04X} ({name}) may not stand in an {page.kind}"
    return page.fault("forbidden-character", message, Mark(start=offset, end=offset + 1), hint="delete it")


def escape_in_math(page: Page, mark: Mark) -> Diagnostic | None:
    r"""`\n` of `"$\nabla$"`: between dollars and in double quotes it is a line break."""
    source = page.text[mark.start : mark.end]
    for found in ESCAPE.finditer(source):
        letter, offset = found[1], mark.start + found.start()
        if letter in "0abtnvfreNLP_" and source[: found.start()].count("$") % 2:
            message = f"in double quotes `\\{letter}` is not what it says but a control character"
            hint = f"use single quotes: {quoted(_unescaped(source[1:-1]))}"
            return page.fault("escape-in-math", message, Mark(start=offset, end=offset + 2), hint=hint)
    return None


def split_items(page: Page, marks: Sequence[Mark]) -> Iterator[Diagnostic]:
    """Items of `[f(m, n)]` that a comma cut in two."""
    done = 0
    for mark in marks:
        text = page.text[mark.start : mark.end]
        is_open = not mark.style and mark.start >= done and text.count("(") > text.count(")")
        if is_open and page.text[mark.end :].lstrip().startswith(","):
            done = whole_value(page.text, mark.start)
            yield _comma(page, mark, done, "[ ] commas separate items")


def empty_fields(page: Page, fields: Sequence[Field], *, flow: bool) -> Iterator[Slip]:
    """Fields without a value, and what their author most likely meant."""
    head: Field | None = None
    cut = False
    for index, field in enumerate(fields):
        if not field.is_null:
            head, cut = field, False
        elif "：" in field.name or (flow and ":" in field.name):
            yield Slip(name=field.name, fault=colon(page, field.key), orphan=True)
        elif cut:
            yield Slip(name=field.name, fault=None, orphan=True)
        elif flow and head is not None and page.text[head.value.start : head.value.start + 1] not in "[{*&'\"":
            last = list(takewhile(lambda each: each.is_null, fields[index:]))[-1]
            end = max(whole_value(page.text, head.value.start), last.key.end)
            fault = _comma(page, head.value, end, "{ } commas separate fields")
            yield Slip(name=field.name, fault=fault, orphan=True)
            cut = True
        else:
            yield Slip(name=field.name, fault=null(page, field.key, f"`{field.name}`"), orphan=False)


def colon(page: Page, mark: Mark) -> Diagnostic:
    """A colon that YAML does not see: full-width, or without a space after it."""
    text = page.text[mark.start : mark.end]
    offset = text.find("：")
    code, message = "full-width-colon", "a full-width colon does not end the name of a field"
    if offset < 0:
        offset, code, message = text.index(":"), "space-after-colon", "a space is missing after the colon"
    name, value = text[:offset], text[offset + 1 :].strip()
    place = Mark(start=mark.start + offset, end=mark.start + offset + 1)
    return page.fault(code, message, place, hint=f"write `{name}: {value}`".replace(": `", ":`"))


def rest_of_line(page: Page, start: int) -> Mark:
    """From an offset to the end of its line."""
    line = page.line(start)
    return Mark(start=start, end=page.starts[line - 1] + len(page.line_text(line)))


def begins_with(page: Page, start: int, message: str) -> Diagnostic:
    """Text that begins with a character that means something to YAML."""
    line_end = rest_of_line(page, start).end
    before = page.text[page.starts[page.line(start) - 1] : start]
    inside = before.count("{") + before.count("[") > before.count("}") + before.count("]")
    end = whole_value(page.text, start) if inside else line_end
    mark = Mark(start=start, end=end)
    return page.fault("begins-with-mark", message, mark, hint=f"quote it: {quoted(page.text[start:end])}")


def _comma(page: Page, value: Mark, end: int, rule: str) -> Diagnostic:
    offset = page.text.index(",", value.end)
    mark = Mark(start=offset, end=offset + 1)
    hint = f"quote it: {quoted(page.text[value.start : end])}"
    return page.fault("comma-in-value", f"a comma ended this value: inside {rule}", mark, hint=hint)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\\"])", r"\1", text)
