"""What students ask for before their work is graded: list, start, hint, explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks, did_you_mean
from torchgrade.cli.exits import DONE, REFUSED
from torchgrade.cli.options import exercises_option, lang_option
from torchgrade.errors import UsageError
from torchgrade.model.said import LANGUAGES, said, translated
from torchgrade.store import bank

if TYPE_CHECKING:
    from torchgrade.model.text import Text
    from torchgrade.spec.codes import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What `list` was asked."""

    exercises: Path | None
    topic: str
    lang: str


@click.command("list", cls=Command, examples=("torchgrade list", "torchgrade list --topic linalg --lang zh"))
@exercises_option
@click.option("--topic", default="", help="Only the exercises of this folder.")
@lang_option
@asks(Listing)
def list_command(request: Listing) -> int:
    """Show the exercises there are."""
    from torchgrade.cli.faults import show
    from torchgrade.writers.terminal import table

    root = bank.folder(request.exercises)
    wanted = [identifier for identifier in bank.ids(root) if _is_in(identifier, request.topic)]
    if not wanted:
        topics = tuple(dict.fromkeys(identifier.rpartition("/")[0] for identifier in bank.ids(root)))
        near = did_you_mean(request.topic, topics)
        told = {"place": str(root), "topic": repr(request.topic), "near": near}
        raise UsageError(said("no exercise in {place} has the topic {topic}{near}", **told), hint=", ".join(topics))
    exercises, faults = bank.sound(root, wanted)
    show(faults)
    rows = [(exercise.id, exercise.entrypoint, exercise.title.to(request.lang)) for exercise in exercises]
    columns = (translated(name, request.lang) for name in (said("id"), said("write"), said("title")))
    click.echo(table(tuple(columns), rows), nl=False)
    if not all(is_in(exercise.title, request.lang) for exercise in exercises):
        language = LANGUAGES.get(request.lang, request.lang)
        click.echo(translated(said("some titles are not available in {language}", language=language), request.lang))
    return REFUSED if faults else DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What `start` was asked."""

    exercises: Path | None
    id: str
    force: bool
    lang: str


@click.command("start", cls=Command, examples=("torchgrade start autograd/cubic-minus-square",))
@exercises_option
@click.argument("id")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@lang_option
@asks(Start)
def start_command(request: Start) -> int:
    """Write a file with the task and an empty function to fill in."""
    from torchgrade.authoring.scaffold import starter

    exercise = bank.one(bank.folder(request.exercises), request.id)
    path = Path(f"{exercise.entrypoint}.py")
    if path.exists() and not request.force:
        raise UsageError(
            said("{path} exists, and may hold your work", path=str(path)),
            hint=said("rename it, or overwrite it with --force"),
        )
    path.write_text(starter(exercise, request.lang), encoding="utf-8")
    done = said("wrote {path}; when it is done: torchgrade check {path}", path=str(path))
    click.echo(translated(done, request.lang))
    click.echo(_fallback(exercise.task, request.lang), nl=False)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What `hint` was asked."""

    exercises: Path | None
    id: str
    number: int
    lang: str


@click.command("hint", cls=Command, examples=("torchgrade hint linalg/solve", "torchgrade hint linalg/solve -n 2"))
@exercises_option
@click.argument("id")
@click.option("-n", "--number", type=click.IntRange(1), default=1, show_default=True, help="Which hint, 1 the vaguest.")
@lang_option
@asks(Hints)
def hint_command(request: Hints) -> int:
    """Show a hint, the vaguest first."""
    from torchgrade.writers.statement import terminal

    exercise = bank.one(bank.folder(request.exercises), request.id)
    count = len(exercise.hints)
    if not count:
        click.echo(translated(said("{exercise} has no hints", exercise=exercise.id), request.lang))
        return 0
    number = min(request.number, count)
    place = {"number": number, "count": count}
    note = said("(hint {number} of {count})", **place)
    if number < count:
        following = f"torchgrade hint {exercise.id} -n {number + 1}"
        note = said("(hint {number} of {count}; the next: {command})", command=following, **place)
    hint = exercise.hints[number - 1]
    click.echo(terminal(hint.to(request.lang)))
    click.echo(_fallback(hint, request.lang) + translated(note, request.lang))
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What `explain` was asked."""

    exercises: Path | None
    code: str
    lang: str


@click.command("explain", cls=Command, examples=("torchgrade explain duplicate-key", "torchgrade explain linalg/solve"))
@exercises_option
@click.argument("code")
@lang_option
@asks(Explanation)
def explain_command(request: Explanation) -> int:
    """Explain the code of a message, or the task of an exercise."""
    from torchgrade.writers.statement import terminal

    codes = _codes()
    if request.code in codes:
        click.echo(f"{request.code}: {codes[request.code]}")
        return 0
    root = bank.folder(request.exercises)
    exercises = bank.ids(root)
    known = (*codes, *exercises, *(identifier.rpartition("/")[2] for identifier in exercises))
    if request.code not in known and "/" not in request.code:
        near = did_you_mean(request.code, known)
        raise UsageError(
            said("{name} is no code and no exercise{near}", name=repr(request.code), near=near),
            hint=said("a code stands in a message of validate or prove; torchgrade list shows the exercises"),
        )
    exercise = bank.one(root, request.code)
    title = said("{title} ({exercise})", title=exercise.title.to(request.lang), exercise=exercise.id)
    click.echo(f"{translated(title, request.lang)}\n\n{terminal(exercise.task.to(request.lang))}")
    click.echo(_fallback(exercise.task, request.lang), nl=False)
    return 0


def is_in(text: Text, language: str) -> bool:
    """Whether an author wrote this in a language, or nothing at all."""
    return not text.translations or language in dict(text.translations)


def _fallback(text: Text, language: str) -> str:
    """A line that says that a text is in another language than was asked for, or nothing."""
    if is_in(text, language):
        return ""
    note = said("This text is not available in {language}.", language=LANGUAGES.get(language, language))
    return translated(note, language) + "\n"


def _codes() -> Mapping[str, str]:
    """What every code of `validate` and `prove` means."""
    from torchgrade.authoring.proof import CODES as PROVING
    from torchgrade.spec.codes import CODES

    return {**PROVING, **{name: _explained(code) for name, code in CODES.items()}}


def _explained(code: Code) -> str:
    examples = (("wrong", code.wrong), ("right", code.right))
    shown = [f"{title}:\n{indent(text.strip(), '  ')}" for title, text in examples if text.strip()]
    return "\n\n".join([code.summary.strip(), code.about.strip(), *shown])


def _is_in(identifier: str, topic: str) -> bool:
    return not topic or identifier.startswith(topic.rstrip("/") + "/")
