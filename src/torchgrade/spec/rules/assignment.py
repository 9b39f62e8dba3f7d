"""The rules between the fields of an assignment, and between it and the bank."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from keyword import iskeyword
from pathlib import PurePosixPath, PureWindowsPath

from torchgrade.model.assignment import GROUPS, Assignment
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.document import Document
from torchgrade.spec.faults import similar
from torchgrade.spec.offsets import locate
from torchgrade.spec.rules import texts

EXAMPLE = "2027-01-15T23:59:00+08:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An assignment beside the file it was built from, and the ids of the bank."""

    document: Document
    assignment: Assignment
    known: tuple[str, ...]

    def fault(self, code: str, message: str, *route: str | int, key: bool = False, hint: str = "") -> Diagnostic:
        """A Diagnostic at a part of the file; of a bare id, at the id."""
        return self.document.fault(code, message, route, key=key, hint=hint)


def known(draft: Draft) -> Iterator[Diagnostic]:
    """The exercises exist, and none stands twice."""
    seen: set[str] = set()
    for index, item in enumerate(draft.assignment.exercises):
        route = ("exercises", index, "exercise")
        if item.exercise not in draft.known:
            near = _near(item.exercise, draft.known)
            hint = f"did you mean {near}?" if near else "torchgrade list shows them all"
            yield draft.fault("unknown-exercise", f"there is no exercise `{item.exercise}`", *route, hint=hint)
        elif item.exercise in seen:
            yield draft.fault("duplicate-exercise", f"`{item.exercise}` stands here twice", *route, hint="keep one")
        seen.add(item.exercise)


def due(draft: Draft) -> Iterator[Diagnostic]:
    """The due date is a moment: a date, a time and an offset."""
    text = draft.assignment.due
    if not text:
        return
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        yield draft.fault("bad-due", f"`{text}` is no date and time", "due", hint=f"write it like {EXAMPLE}")
        return
    if len(text) <= len("2027-01-15"):
        hint = f"write {moment.date()}T23:59:00 and your offset, like {EXAMPLE}"
        yield draft.fault("bad-due", f"`{text}` is a day, and work is due at a moment", "due", hint=hint)
    elif moment.tzinfo is None:
        hint = f"add your offset, like +08:00 in {EXAMPLE}, or Z for UTC"
        yield draft.fault(
            "bad-due", f"`{text}` has no offset, and is another moment in every time zone", "due", hint=hint
        )


def late(draft: Draft) -> Iterator[Diagnostic]:
    """Later work keeps less, and only what has a due date can be late."""
    steps = draft.assignment.late
    if steps and not draft.assignment.due:
        message = "without `due` nothing is ever late"
        yield draft.fault("late-without-due", message, "late", key=True, hint="give `due`, or leave `late` out")
    for index, (before, after) in enumerate(pairwise(steps), 1):
        if after.days <= before.days:
            message = (
                f"the step of {after.days:g} days stands after that of {before.days:g}: they go from early to late"
            )
            yield draft.fault("bad-late", message, "late", index, "days", hint="put the steps in order")
        elif after.keeps >= before.keeps:
            message = f"later work keeps {after.keeps:g}, no less than the {before.keeps:g} before it"
            yield draft.fault("bad-late", message, "late", index, "keeps", hint="later work keeps less")


def pattern(draft: Draft) -> Iterator[Diagnostic]:
    """The pattern is a regular expression that names the submitter."""
    text = draft.assignment.pattern
    if not text:
        return
    try:
        groups = re.compile(text).groupindex
    except (re.error, OverflowError, RecursionError) as error:
        start = getattr(error, "pos", None) or 0
        mark = locate(draft.document.page, draft.document.place(("pattern",)), text, start, start + 1)
        message = f"this is no regular expression: {getattr(error, 'msg', error)}"
        yield draft.document.page.fault("bad-pattern", message, mark)
        return
    if "submitter" not in groups:
        hint = r"name a part of it, like (?P<submitter>\w+)_.*\.py"
        yield draft.fault("bad-pattern", "this pattern does not say which part is the submitter", "pattern", hint=hint)
    for name in groups.keys() - set(GROUPS):
        near = similar(name, list(GROUPS))
        hint = f"did you mean {near}?" if near else f"groups are {', '.join(GROUPS)}"
        yield draft.fault("bad-pattern", f"there is no use for a group named `{name}`", "pattern", hint=hint)


def files(draft: Draft) -> Iterator[Diagnostic]:
    """What may be handed in lies in the submission's own folder."""
    for index, name in enumerate(draft.assignment.files):
        parts = PurePosixPath(name).parts
        if (
            name.startswith("/")
            or PureWindowsPath(name).drive
            or "\\" in name
            or ".." in parts
            or not name.strip(" /.")
        ):
            hint = "names or patterns like data.csv, *.csv or helpers/*.py, with `/` between folders"
            message = f"`{name}` is no name below a submission's folder"
            yield draft.fault("bad-file-pattern", message, "files", index, hint=hint)


def imports(draft: Draft) -> Iterator[Diagnostic]:
    """Imports are names of modules."""
    for index, name in enumerate(draft.assignment.imports):
        if not all(part.isidentifier() and not iskeyword(part) for part in name.split(".")):
            hint = "names as they stand after `import`, like numpy or collections.abc"
            yield draft.fault("bad-import", f"`{name}` is no name of a module", "imports", index, hint=hint)


RULES: tuple[Callable[[Draft], Iterator[Diagnostic]], ...] = (
    texts.uncut,
    texts.finite,
    known,
    due,
    late,
    pattern,
    files,
    imports,
)


def check(draft: Draft) -> tuple[Diagnostic, ...]:
    """What every rule says, in the order of the file."""
    return tuple(sorted({fault for rule in RULES for fault in rule(draft)}))


def _near(name: str, ids: tuple[str, ...]) -> str:
    """The id that was meant: the topic was left out, or something is misspelt."""
    last = {identifier.rpartition("/")[2]: identifier for identifier in ids}
    end = name.removesuffix(".yaml").rpartition("/")[2]
    return last.get(end, "") or similar(name, list(ids)) or last.get(similar(end, list(last)), "")
