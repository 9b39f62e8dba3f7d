"""Texts for people: nothing of them was cut off, and each has its languages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Protocol

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.document import Document, Mark, Route
from torchgrade.spec.traps import quoted

FIELDS = ("title", "task", "says", "help", "hints")
FREE = ("inputs", "expected")


class Written(Protocol):
    """Whatever was built from a file."""

    @property
    def document(self) -> Document: ...


def uncut(draft: Written) -> Iterator[Diagnostic]:
    """Plain text ends at ` #`: with one space before it, it was hardly meant as a comment."""
    page = draft.document.page
    for route, mark in draft.document.values.items():
        if not set(FIELDS) & set(route) or mark.style or not isinstance(draft.document.at(route), str):
            continue
        rest = page.line_text(page.line(mark.end))[mark.end - page.starts[page.line(mark.end) - 1] :]
        if rest.startswith(" #") and not rest.startswith(" # yaml"):
            place = Mark(start=mark.end + 1, end=mark.end + len(rest))
            hint = (
                f"quote the text: {quoted(page.text[mark.start : mark.end] + rest)}; a comment stands two spaces away"
            )
            yield page.fault("hash-in-text", "` #` ended this text: what follows is a comment", place, hint=hint)


def finite(draft: Written) -> Iterator[Diagnostic]:
    """Only inputs and expected values may be infinite or NaN."""
    for route in draft.document.values:
        data = draft.document.at(route)
        if isinstance(data, float) and not math.isfinite(data) and not _is_free(route):
            yield draft.document.fault("not-finite", f"`{route[-1]}` must be a finite number", route)


def _is_free(route: Route) -> bool:
    return bool(set(FREE) & set(route))
