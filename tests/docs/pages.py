"""Pages of documentation as what they show: files, exercises and commands with their output.

<!-- file: NAME --> on the line before a block: the block is the content of that file. `file: NAME refused`: an exercise
                    that the page shows to be refused.
```console           `$ command` lines, each followed by what it prints; a line `...` stands for any lines.
```yaml              with `schema: 1` in it: a whole exercise, or with `exercises:` as well an assignment.
```formula           `formula → value` lines.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from torchgrade.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted((ROOT / "docs").rglob("*.md")))
BLOCK = re.compile(
    r"(?:^<!-- file: (?P<file>\S+)(?P<refused> refused)? -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
CLEAN = {"NO_COLOR": "1", "TERM": "dumb"}
ACTIONS = ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "FORCE_COLOR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block; `file` is the name that the page gives it, `refused` if the page shows what is wrong with it."""

    language: str
    text: str
    file: str = ""
    refused: bool = False

    @property
    def is_exercise(self) -> bool:
        found = set(re.findall(r"^(schema: 1$|exercises:)", self.text, re.MULTILINE))
        return self.language == "yaml" and found == {"schema: 1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command line and what the page says it prints."""

    line: str
    output: tuple[str, ...]


def blocks(page: Path) -> tuple[Block, ...]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return tuple(
        Block(language=match["language"], text=match["text"], file=match["file"] or "", refused=bool(match["refused"]))
        for match in BLOCK.finditer(text)
    )


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, *output = part.rstrip("\n").split("\n")
        yield Command(line=line, output=tuple(output))


def matches(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether the output is what is shown; `...` stands for any lines, also none.

    How far columns lie apart is free, and which isolation level is the best on this machine.
    """
    if not shown:
        return not printed
    if shown[0].strip() == "...":
        return any(matches(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and _even(shown[0]) == _even(printed[0]) and matches(shown[1:], printed[1:])


def _even(line: str) -> str:
    return re.sub(" {2,}", "  ", re.sub("^isolation: .*", "isolation: the best there is", line.rstrip()))


@dataclass(slots=True)
class Shell:
    """Runs the commands of a page in a folder: `torchgrade` in this process, anything else by sh."""

    folder: Path
    status: int = 0

    def run(self, line: str) -> tuple[str, ...]:
        """What a command prints, errors included."""
        if line == "echo $?":
            return (str(self.status),)
        words = shlex.split(line, comments=True)
        given = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
        words = words[len(given) :]
        text = self._torchgrade(words[1:], given) if words[0] == "torchgrade" else self._sh(line)
        return tuple(text.rstrip("\n").split("\n")) if text.strip() else ()

    def _torchgrade(self, arguments: list[str], given: Mapping[str, str]) -> str:
        written = io.BytesIO()
        stream = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
        environment = {name: value for name, value in os.environ.items() if name not in ACTIONS}
        environment |= CLEAN | {"XDG_STATE_HOME": str(self.folder.parent / "state")} | dict(given)
        here = patch.dict(os.environ, environment, clear=True), chdir(self.folder)
        with here[0], here[1], redirect_stdout(stream), redirect_stderr(stream):
            self.status = main(arguments)
        return written.getvalue().decode()

    def _sh(self, line: str) -> str:
        done = subprocess.run(["sh", "-c", line], cwd=self.folder, capture_output=True, text=True, timeout=20)
        self.status = done.returncode
        return done.stdout + done.stderr


def follow(page: Path, shell: Shell) -> Iterator[str]:
    """Do what a page says, block by block; every command that printed something else than the page shows."""
    for block in blocks(page):
        if block.file:
            path = shell.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command in commands(block):
                printed = shell.run(command.line)
                if not matches(command.output, printed):
                    shown = "\n".join(command.output)
                    yield f"{page.name}: $ {command.line}\nthe page shows:\n{shown}\nit prints:\n" + "\n".join(printed)
