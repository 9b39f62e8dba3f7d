"""The command for students: check one file."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks, did_you_mean
from torchgrade.cli.options import exercises_option, lang_option
from torchgrade.errors import UsageError
from torchgrade.formula import syntax
from torchgrade.model.said import said, translated
from torchgrade.store import bank

if TYPE_CHECKING:
    from torchgrade.model.finding import Attempt
    from torchgrade.model.probe import Source

DEFINITION = re.compile(r"^(?:async +def|def|class) +([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What `check` was asked."""

    exercises: Path | None
    file: Path
    ids: tuple[str, ...]
    lang: str


@click.command(
    "check", cls=Command, examples=("torchgrade check answers.py", "torchgrade check answers.py linalg/solve")
)
@exercises_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("ids", nargs=-1)
@lang_option
@asks(Checking)
def check_command(request: Checking) -> int:
    """Check your own file: all its exercises, or those you name."""
    from torchgrade.cli.exits import after
    from torchgrade.cli.isolation import best
    from torchgrade.model.verdict import Verdict
    from torchgrade.readers import read_one
    from torchgrade.session import Session
    from torchgrade.spec.language import spoken

    root = bank.folder(request.exercises)
    submission = read_one(request.file)
    if submission.problem:
        raise UsageError(f"{request.file}: {translated(submission.problem.message, request.lang)}")
    names = bank.named(root, request.ids) or _defined_exercises(root, request, submission.source)
    exercises = tuple(spoken(exercise, request.lang) for exercise in bank.load(root, names))
    with best() as sandbox:
        attempts = []
        for attempt in Session(sandbox).attempts((submission,), exercises):
            _show(attempt, request.lang)
            attempts.append(attempt)
    return after(attempts, gate_holds=all(attempt.verdict is Verdict.ACCEPTED for attempt in attempts))


def _show(attempt: Attempt, language: str) -> None:
    from torchgrade.cli.actions import harmless
    from torchgrade.cli.screen import coloured
    from torchgrade.writers.terminal import details

    with harmless():
        click.echo(details(attempt, colour=coloured(), language=language), nl=False)


def _defined_exercises(root: Path, request: Checking, source: Source) -> tuple[str, ...]:
    from torchgrade.model.places import unread

    entrypoints = bank.entrypoints(root)
    names = defined(source.text) | {name for text in unread(source) for name in DEFINITION.findall(text)}
    found = tuple(identifier for identifier, name in entrypoints.items() if name in names)
    if not found:
        near = next(filter(None, (did_you_mean(name, entrypoints.values()) for name in sorted(names))), "")
        raise UsageError(
            f"{request.file} defines no function of an exercise in {root}{near}",
            hint="torchgrade list shows the functions to write",
        )
    _misnamed(source.text, frozenset(entrypoints.values()), names, request.lang)
    return found


def _misnamed(text: str, wanted: frozenset[str], names: frozenset[str], language: str) -> None:
    """A function that is nearly an exercise's would not be graded, and nobody would see it."""
    for name in dict.fromkeys(DEFINITION.findall(text)):
        near = did_you_mean(name, sorted(wanted - names))
        if near and name not in wanted:
            told = said("no exercise asks for {name}{near}", name=repr(name), near=near)
            click.echo(translated(told, language), err=True)


def defined(text: str) -> frozenset[str]:
    """The names a file defines at its top level, without running it; of a file that does not parse, its `def`s."""
    try:
        tree = syntax.module(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(DEFINITION.findall(text))
    return frozenset(name for statement in _top_level(tree) for name in _names(statement))


def _top_level(tree: ast.AST) -> list[ast.AST]:
    """The statements that run when the file is run: also those under `if`, `try` and `with`, not those in functions."""
    found, waiting = list[ast.AST](), [tree]
    while waiting:  # no calls: a thousand `elif` are a thousand deep
        inner = list(ast.iter_child_nodes(waiting.pop()))
        found += inner
        waiting += (
            each
            for each in inner
            if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))
        )
    return found


def _names(statement: ast.AST) -> tuple[str, ...]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (statement.name,)
    if isinstance(statement, ast.Name) and isinstance(statement.ctx, ast.Store):
        return (statement.id,)
    if isinstance(statement, ast.alias):
        return (statement.asname or statement.name,)
    return ()
