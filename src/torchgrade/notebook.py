"""A notebook that checks itself: `from torchgrade.notebook import check`, then `check("solve")` in a cell.

What is graded is the code of all cells that were run so far, read as `torchgrade check hw1.ipynb` reads a notebook:
imports, functions, classes and constants. It is run again in the sandbox, and nothing of the kernel's memory counts.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Protocol

from torchgrade.errors import ExerciseError, TorchgradeError, UsageError
from torchgrade.formula.spelling import similar
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.isolation import MEANING
from torchgrade.model.probe import Source
from torchgrade.model.refusal import refusal
from torchgrade.model.report import Header
from torchgrade.model.said import said, translated
from torchgrade.model.submission import Submission
from torchgrade.model.text import FALLBACK
from torchgrade.model.verdict import Verdict
from torchgrade.readers.definitions import answered, names_of
from torchgrade.readers.notebook import source_of_cells
from torchgrade.readers.script import LARGEST
from torchgrade.sandbox import strongest
from torchgrade.session import Session, header
from torchgrade.spec.language import spoken
from torchgrade.store import bank
from torchgrade.writers.html import Html
from torchgrade.writers.terminal import details

NAME = "notebook"
_FRAME = '<iframe sandbox title="torchgrade" srcdoc="{page}" style="{style}"></iframe>'
_STYLE = "box-sizing: border-box; width: 100%; height: {height}px; border: 1px solid #8884; resize: vertical"
_LOW, _HIGH = 420, 720
"""Pixels of a result in which everything is right, and of others: a frame without scripts cannot fit its content."""


class RefusedError(UsageError):
    """What cannot be checked as it was asked. IPython shows its sentence, and not where in torchgrade it was raised."""

    def __init__(self, message: str, *, hint: str = "", language: str = FALLBACK) -> None:
        super().__init__(message, hint=hint)
        self.language = language

    def __str__(self) -> str:
        return refusal(self, self.language)

    def _render_traceback_(self) -> list[str]:
        return [f"torchgrade: {self}"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Result:
    """What came of a check: a page where a notebook shows it, text elsewhere, and the attempts for programs."""

    attempts: tuple[Attempt, ...]
    header: Header

    @property
    def accepted(self) -> bool:
        """Whether everything is right."""
        return all(attempt.verdict is Verdict.ACCEPTED for attempt in self.attempts)

    def __str__(self) -> str:
        """What `torchgrade check` prints."""
        language = self.header.language
        shown = (details(attempt, colour=False, language=language) for attempt in self.attempts)
        kept_apart = said("isolation: {meaning}", meaning=MEANING[self.header.isolation])
        return "".join(shown) + translated(kept_apart, language)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The student's page, in a frame: its styles keep to themselves, and nothing in it can run."""
        page = b"".join(Html().render(self.header, self.attempts)).decode()
        style = _STYLE.format(height=_LOW if self.accepted else _HIGH)
        return _FRAME.format(page=escape(page), style=style)


def check(*wanted: str | Callable[..., object], exercises: str | Path | None = None, lang: str = FALLBACK) -> Result:
    """Check functions of this notebook: those named (`"solve"`, `solve` or `"linalg/solve"`), or all that there are.

    Exercises are those in the folder `exercises`, else in ./exercises, else the bank that comes with torchgrade.
    """
    with _refusing(lang):
        shell = _shell()
        root = _folder(exercises)
        source = _source(shell)
        names = _named(tuple(map(_name, wanted)), root, source, shell)
        found = tuple(spoken(exercise, lang) for exercise in bank.load(root, names))
        attempts, level = _graded(_submission(source), found)
    return Result(attempts=attempts, header=header(level, "", found, lang))


class _History(Protocol):
    input_hist_raw: list[str]


class _Shell(Protocol):
    execution_count: int
    history_manager: _History
    user_ns: dict[str, object]


def _shell() -> _Shell:
    """The IPython that runs us: it is loaded already, if there is one."""
    ipython = sys.modules.get("IPython")
    shell: _Shell | None = ipython.get_ipython() if ipython else None
    if shell is None:
        raise UsageError(
            said("check() grades the cells of a notebook that were run, and this is no notebook"),
            hint=said(
                "check a file with `torchgrade check FILE`, or in Python with `torchgrade.grade(Path(FILE), EXERCISE)`"
            ),
        )
    return shell


@contextmanager
def _refusing(language: str) -> Iterator[None]:
    """What is refused is a sentence for the student."""
    try:
        yield
    except ExerciseError as error:
        from torchgrade.spec.excerpt import render

        raise RefusedError("\n\n".join(map(render, error.diagnostics))) from None
    except TorchgradeError as error:
        raise RefusedError(error.message, hint=error.hint, language=language) from None


def _folder(given: str | Path | None) -> Path:
    if given is not None and not Path(given).is_dir():
        raise UsageError(
            said("there is no folder {name}", name=repr(str(given))), hint=said("name the folder of exercises")
        )
    return bank.folder(None if given is None else Path(given))


def _name(wanted: str | Callable[..., object]) -> str:
    return wanted if isinstance(wanted, str) else str(getattr(wanted, "__name__", wanted))


def _source(shell: _Shell) -> Source:
    """The code of the cells, under the numbers beside them; of a cell that was run again at once, the last time."""
    history = list(shell.history_manager.input_hist_raw)
    before = shell.execution_count - len(history) + 1
    cells = [
        (f"In[{before + place}]", text)
        for place, (text, following) in enumerate(zip(history, [*history[1:], ""], strict=True))
        if text.strip() and text != following
    ]
    if sum(len(text) for _, text in cells) > LARGEST:
        raise UsageError(
            said("more than 1 MB of code was run here"),
            hint=said("restart the kernel, and run only the cells that count"),
        )
    return source_of_cells(cells, NAME)


def _named(wanted: tuple[str, ...], root: Path, source: Source, shell: _Shell) -> tuple[str, ...]:
    """The ids of the exercises: by function, as it stands in the notebook, else by id."""
    entrypoints, defined = bank.entrypoints(root), names_of(source)
    if not wanted:
        found = answered(defined, entrypoints)
        if not found:
            raise UsageError(
                said("no cell that was run defines a function of an exercise in {place}", place=str(root)),
                hint=said("run the cell with your function first; `torchgrade list` shows the functions to write"),
            )
        return found
    names = tuple(dict.fromkeys(each for word in wanted for each in _ids(word, root, entrypoints)))
    for identifier in names:
        _refuse_undefined(entrypoints.get(identifier, ""), defined, shell)
    return names


def _ids(word: str, root: Path, entrypoints: Mapping[str, str]) -> tuple[str, ...]:
    """The exercise that is meant by its function, its id or the end of that."""
    try:
        return answered(frozenset({word}), entrypoints) or bank.named(root, [word])
    except UsageError as error:
        near = similar(word, entrypoints.values()) if word.isidentifier() else ""
        if not near:
            raise
        meant = said("; did you mean {name}?", name=repr(near))
        told = said("there is no exercise {name} in {place}{near}", name=repr(word), place=str(root), near=meant)
        raise UsageError(told, hint=error.hint) from None


def _refuse_undefined(name: str, defined: frozenset[str], shell: _Shell) -> None:
    """A function that no cell defines would be graded as one that nobody wrote."""
    if not name or name in defined:
        return
    if name in shell.user_ns:
        hint = said("what counts is a `def` in a cell, not what a cell computes, runs or imports from a file")
    else:
        hint = said("run the cell that defines it, then this one again")
    raise UsageError(said("no cell that was run defines {name}", name=repr(name)), hint=hint)


def _submission(source: Source) -> Submission:
    digest = sha256(source.text.encode("utf-8", "replace")).hexdigest()
    return Submission(submitter="you", path=NAME, source=source, digest=digest)


@dataclass(slots=True)
class _Warm:
    """A session that lasts as long as the kernel: only the first check waits for torch to be loaded."""

    stack: ExitStack
    session: Session | None = None
    level: str = ""

    def open(self) -> Session:
        """The session, with its sandbox."""
        if self.session is None:
            sandbox = self.stack.enter_context(strongest())
            self.level = sandbox.level
            self.session = Session(sandbox)
        return self.session

    def close(self) -> None:
        """End the sandbox; the next check starts another."""
        self.session = None
        self.stack.close()


_WARM = _Warm(stack=ExitStack())
atexit.register(_WARM.close)


def _graded(submission: Submission, exercises: tuple[Exercise, ...]) -> tuple[tuple[Attempt, ...], str]:
    """The attempts, and the isolation level they had."""
    try:
        return tuple(_WARM.open().attempts((submission,), exercises)), _WARM.level
    except BaseException:  # also the kernel's interrupt, which may come between a question and its answer
        _WARM.close()
        raise
