"""Commands that show examples first, and are loaded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TypeVar

import click

from torchgrade.errors import TorchgradeError
from torchgrade.model.said import said
from torchgrade.model.text import FALLBACK

Request = TypeVar("Request")


class Command(click.Command):
    """A command whose help begins with examples."""

    def __init__(self, name: str | None, *, examples: tuple[str, ...] = (), **settings: object) -> None:
        super().__init__(name, **settings)  # type: ignore[arg-type] # click's own twenty settings, handed on
        self.examples = examples

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(formatter, self.examples)
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _in_the_language_of(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        with _in_the_language_of(ctx):
            return super().invoke(ctx)


@contextmanager
def _in_the_language_of(ctx: click.Context) -> Iterator[None]:
    """A refusal is told in the language that was asked for."""
    try:
        yield
    except TorchgradeError as error:
        error.language = str(ctx.params.get("lang") or FALLBACK)
        raise


class Commands(click.Group):
    """The table of commands, by audience: each name with the module of `torchgrade.cli` that defines it."""

    def __init__(
        self,
        name: str | None,
        *,
        sections: Mapping[str, Mapping[str, str]],
        examples: tuple[str, ...],
        **settings: object,
    ) -> None:
        super().__init__(name, **settings)  # type: ignore[arg-type] # click's own settings, handed on
        self.sections = sections
        self.examples = examples
        self.modules = {command: module for section in sections.values() for command, module in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        module = import_module(f"torchgrade.cli.{self.modules[cmd_name]}")
        found: click.Command = getattr(module, f"{cmd_name}_command")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.modules and not args[0].startswith("-"):
            raise click.UsageError(f"there is no command {args[0]!r}{did_you_mean(args[0], self.modules)}", ctx)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(formatter, self.examples)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in self.sections.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(title):
                formatter.write_dl([(name, command.get_short_help_str(90)) for name, command in commands if command])


def write_examples(formatter: click.HelpFormatter, examples: tuple[str, ...]) -> None:
    """The examples at the top of a command's help."""
    formatter.write("Examples:\n")
    for example in examples:
        formatter.write(f"  {example}\n")
    formatter.write("\n")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'check'?`, or nothing if no known word is near."""
    from torchgrade.formula.spelling import similar

    near = similar(word, known)
    return said("; did you mean {name}?", name=repr(near)) if near else ""


def whom(name: str, known: Iterable[str]) -> str:
    """Who may be meant by the name of nobody: people of that name, told apart by accounts, else the nearest name."""
    names = tuple(known)
    namesakes = [each for each in names if each.startswith(f"{name} (")]
    return f"; there are several: {', '.join(namesakes)}" if namesakes else did_you_mean(name, names)


def asks(request: Callable[..., Request]) -> Callable[[Callable[[Request], int]], Callable[..., int]]:
    """Hand a command its options as one frozen request."""

    def of(run: Callable[[Request], int]) -> Callable[..., int]:
        def callback(**options: object) -> int:
            return run(request(**options))

        callback.__doc__ = run.__doc__
        return callback

    return of
