"""Words for text that YAML cannot read at all: what the author most likely meant, found where the parser gave up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from yaml import MarkedYAMLError

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec import traps
from torchgrade.spec.document import Mark, Page

COLON_UNSEEN = re.compile(r"\s*(?:- )?[{]?\s*([A-Za-z_][\w.-]*(?:：|:(?=[^\s/])))")
SPACES = re.compile(r"[^\S\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Where and why the parser gave up (`offset`, `problem`), and what it was in (`origin`, `context`)."""

    page: Page
    offset: int
    problem: str
    origin: int
    context: str

    @property
    def character(self) -> str:
        """What stands where the parser gave up."""
        return self.page.text[self.offset : self.offset + 1]

    @property
    def before(self) -> str:
        """The line up to there."""
        return self.page.text[self.page.starts[self.page.line(self.offset) - 1] : self.offset]

    def fault(self, code: str, message: str, start: int | None = None, *, hint: str = "") -> Diagnostic:
        """A Diagnostic for one character, here unless said otherwise."""
        place = self.offset if start is None else start
        return self.page.fault(code, message, Mark(start=place, end=place + 1), hint=hint)


def explain(page: Page, error: MarkedYAMLError) -> Diagnostic:
    """The Diagnostic of a parser's error."""
    end = len(page.text)
    offset = min(error.problem_mark.index if error.problem_mark else 0, end)
    origin = min(error.context_mark.index if error.context_mark else offset, end)
    trouble = Trouble(page=page, offset=offset, problem=error.problem or "", origin=origin, context=error.context or "")
    found = (detect(trouble) for detect in DETECTORS)
    return next((fault for fault in found if fault), None) or trouble.fault(
        "yaml-syntax", "this is not YAML", hint=f"the parser says: {trouble.problem}"
    )


def _indentation_character(trouble: Trouble) -> Diagnostic | None:
    for line in {trouble.page.line(trouble.offset), trouble.page.line(trouble.origin)}:
        indent = SPACES.match(trouble.page.line_text(line))
        if indent and (odd := indent[0].strip(" ")):
            start = trouble.page.starts[line - 1] + indent[0].index(odd[0])
            name = {"\t": "a tab", "\u00a0": "a no-break space", "\u3000": "a full-width space"}.get(odd[0], "no space")
            return trouble.fault("indentation-character", f"{name} indents this line; YAML wants spaces", start)
    return None


def _unseen_colon(trouble: Trouble) -> Diagnostic | None:
    line = trouble.page.line(trouble.offset)
    for number in sorted({trouble.page.line(trouble.origin), max(line - 1, 1), line}):
        found = COLON_UNSEEN.match(trouble.page.line_text(number))
        if found and "block scalar" not in trouble.context:
            mark = traps.rest_of_line(trouble.page, trouble.page.starts[number - 1] + found.start(1))
            return traps.colon(trouble.page, mark)
    return None


def _quotes(trouble: Trouble) -> Diagnostic | None:
    start = trouble.offset - (trouble.character != "\\")
    letter = trouble.page.text[start + 1 : start + 2]
    if "unknown escape" in trouble.problem and letter:
        hint = "use single quotes, or write two backslashes"
        return trouble.fault("unknown-escape", f"in double quotes `\\{letter}` means nothing", start, hint=hint)
    if "quoted scalar" in trouble.context or "double-quoted" in trouble.context:
        return trouble.fault("unclosed-quote", "this quote is never closed", trouble.origin)
    last = trouble.before.rstrip()[-1:]
    if last in ("'", '"') and trouble.character not in ":,":
        hint = "quote all of it, or none"
        if last == "'":
            hint = "inside single quotes an apostrophe is written twice: ''"
        return trouble.fault("text-after-quote", "text goes on after its closing quote", hint=hint)
    return None


def _first_character(trouble: Trouble) -> Diagnostic | None:
    start = trouble.offset
    if "anchor" in trouble.context or "alias" in trouble.context or "block scalar" in trouble.context:
        start = trouble.origin
    elif "cannot start any token" not in trouble.problem and "node content" not in trouble.problem:
        return None
    character = trouble.page.text[start : start + 1]
    if not character or character in "]}":
        return None
    name = "a backtick" if character == "`" else f"`{character}`"
    return traps.begins_with(trouble.page, start, f"text cannot begin with {name}: YAML gives it a meaning of its own")


def _bracket(trouble: Trouble) -> Diagnostic | None:
    page, before = trouble.page, trouble.before
    if _ends_early(page, trouble.origin):
        message = f"text that begins with `{page.text[trouble.origin]}` is a list or mapping, and this one has ended"
        return traps.begins_with(page, trouble.origin, message)
    if trouble.character and trouble.character in "[{" and "flow" in trouble.context:
        start = trouble.offset - len(re.split(r": |, |[{\[]", before)[-1])
        hint = f"quote it: {traps.quoted(page.text[start : traps.whole_value(page.text, start)])}"
        message = f"`{trouble.character}` inside {{ }} or [ ] begins a list or mapping of YAML's"
        return trouble.fault("bracket-in-value", message, hint=hint)
    value = re.split(r": |- ", before)[-1]
    if value.startswith(("[", "{")) and value.rstrip().endswith(("]", "}")) and trouble.character not in ("]", "}", ""):
        message = f"text that begins with `{value[0]}` is a list or mapping, and this one has ended"
        return traps.begins_with(page, trouble.offset - len(value), message)
    return None


def _ends_early(page: Page, start: int) -> bool:
    """True if a list or mapping is the whole value of a line's field, and text goes on behind it."""
    line = page.line(start)
    first = page.starts[line - 1]
    rest = page.text[start : first + len(page.line_text(line))]
    is_value = re.fullmatch(r"\s*(- )*([\w.]+: )?", page.text[first:start])
    is_whole = sum(rest.count(each) for each in traps.OPENING) == sum(rest.count(each) for each in traps.CLOSING)
    return bool(is_value and is_whole and rest[:1] in ("[", "{") and not rest.rstrip().endswith(("]", "}")))


def _colon_in_text(trouble: Trouble) -> Diagnostic | None:
    if trouble.character != ":" or ": " not in trouble.before:
        return None
    before = re.split(r"[{,]" if "flow" in trouble.context else "\n", trouble.before)[-1]
    if ": " not in before:
        return None
    start = trouble.offset - len(before.split(": ", 1)[1])
    flow = "flow" in trouble.context
    end = traps.whole_value(trouble.page.text, start) if flow else traps.rest_of_line(trouble.page, start).end
    hint = f"quote the text: {traps.quoted(trouble.page.text[start:end])}"
    return trouble.fault("colon-in-text", "`: ` inside a text begins a value", hint=hint)


def _unmatched(trouble: Trouble) -> Diagnostic | None:
    if trouble.character and trouble.character in "]}":
        return trouble.fault("unmatched-bracket", f"`{trouble.character}` closes what was never opened")
    if "flow" in trouble.context:
        character = trouble.page.text[trouble.origin : trouble.origin + 1]
        if character not in ("[", "{"):
            return trouble.fault("unmatched-bracket", "a bracket above is not closed, or a comma is one too many")
        closing = "}" if character == "{" else "]"
        message = f"`{character}` is never closed, or a comma is missing after it"
        return trouble.fault("unmatched-bracket", message, trouble.origin, hint=f"add the missing `{closing}` or comma")
    return None


def _indentation(trouble: Trouble) -> Diagnostic | None:
    if "mapping values" in trouble.problem:
        return trouble.fault("indentation", "a field cannot begin here: the line above it already has a value")
    if "expected ':'" in trouble.problem:
        mark = traps.rest_of_line(trouble.page, trouble.origin)
        return trouble.page.fault("not-a-field", "this line is neither `field: value` nor `- item`", mark)
    if "block" in trouble.context:
        message = "this line is indented like none of the lines it could belong to"
        return trouble.fault("indentation", message, hint="fields of one mapping begin in one column, list items too")
    return None


DETECTORS: tuple[Callable[[Trouble], Diagnostic | None], ...] = (
    _indentation_character,
    _unseen_colon,
    _quotes,
    _bracket,
    _first_character,
    _colon_in_text,
    _unmatched,
    _indentation,
)
