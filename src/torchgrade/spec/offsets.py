"""From a place in a scalar's value to the place in the file: for faults in formulas and in Python text."""

from __future__ import annotations

from torchgrade.spec.document import LINE_BREAK, Mark, Page

BLOCK = ("|", ">")
SKIPPED = {"'": "'", '"': "\\"}


def locate(page: Page, scalar: Mark, value: str, start: int, end: int) -> Mark:
    """The mark of `value[start:end]`, where `value` is what the scalar at a mark says.

    Exact as long as YAML keeps the text as it is written; folding and escapes are walked over.
    """
    first = _offset(page, scalar, value, start)
    last = _offset(page, scalar, value, max(start, min(end, len(value)) - 1))
    return Mark(start=first, end=max(first, last) + 1)


def _offset(page: Page, scalar: Mark, value: str, wanted: int) -> int:
    """Walk to a character: space may be folded, every other character stands in the file in its order."""
    position = _content(page, scalar)
    place = position
    for character in value[: wanted + 1]:
        if character.isspace():
            place += 1
            continue
        while position < scalar.end and page.text[position] != character:
            position += 1
        if page.text[position : position + 2] == SKIPPED.get(scalar.style, "") + character and scalar.style:
            position += 1
        place, position = position, position + 1
    return min(place, max(scalar.start, scalar.end - 1))


def _content(page: Page, scalar: Mark) -> int:
    """Where a scalar's text begins: after its quote, or in the line after its `|`."""
    if scalar.style in BLOCK:
        found = LINE_BREAK.search(page.text, scalar.start)
        return found.end() if found else scalar.end
    return scalar.start + len(scalar.style)
