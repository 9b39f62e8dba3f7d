"""The loader of exercise files: any bytes are an Exercise or Diagnostics, by either YAML parser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zlib import crc32

import yaml as pyyaml
from tests.fuzz import mutation
from tests.fuzz.targets import CORPUS, EXERCISES, Target, within_seconds

from torchgrade.errors import ExerciseError
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Exercise
from torchgrade.spec import yaml
from torchgrade.spec.codes import CODES
from torchgrade.spec.document import CONTROL
from torchgrade.spec.excerpt import headline, render
from torchgrade.spec.load import load, load_text
from torchgrade.spec.schema import exercise_schema

SECONDS = 5.0
LOADERS = ("CSafeLoader", "SafeLoader")
SLOW = 4
MARKS = (
    *(": ", "- ", "? ", "&a ", "*a", "!!str ", "!!python/object:os.system ", "<<: *a", "---\n", "...\n"),
    *("%YAML 1.1\n", "|\n", ">-\n", "\n", "\n  ", "\t", "\r\n", "# ", "{", "}", "[", "]", ", ", "'", '"', "\\"),
    *("~", "null", "\u3000", "："),
)
SCALARS = (
    *("true", "no", "1e999", ".inf", ".nan", "0x1", "1_000", "12:30", "2024-01-01", "=", "9" * 30),
    *("-1", "0", "n", "x"),
)


@cache
def folder() -> TemporaryDirectory[str]:
    """Where the file under test stands."""
    return TemporaryDirectory(prefix="fuzz-")


@contextmanager
def parsed_by(loader: str) -> Iterator[None]:
    """Read YAML with that parser: libyaml is not everywhere."""
    before, yaml.LOADER = yaml.LOADER, getattr(pyyaml, loader)
    try:
        yield
    finally:
        yaml.LOADER = before


def check(data: bytes) -> None:
    """Load the file, and some of them with the slow parser as well."""
    for loader in LOADERS if crc32(data) % SLOW == 0 else LOADERS[:1]:
        with parsed_by(loader), within_seconds(SECONDS):
            loaded(data)


def loaded(data: bytes) -> None:
    """An exercise, or all Diagnostics."""
    try:
        exercise = read(data)
    except ExerciseError as error:
        assert error.diagnostics, "a refusal without a reason"
        for fault in error.diagnostics:
            shown(fault, data)
        return
    assert isinstance(exercise, Exercise)
    assert len(exercise.digest) == 64


def read(data: bytes) -> Exercise:
    """The exercise in a file; one that is UTF-8 need not be written first."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\ufeff"
    if not text.startswith("\ufeff"):
        return load_text(text, "one.yaml", "one")
    path = Path(folder().name) / "one.yaml"
    path.write_bytes(data)
    return load(path, path.parent)


def shown(fault: Diagnostic, data: bytes) -> None:
    """A Diagnostic has a known code, stands in its file, and fits a terminal."""
    assert fault.code in CODES, f"the code {fault.code!r} is not explained"
    assert 0 <= fault.line <= data.count(b"\n") + data.count(b"\r") + 1, f"line {fault.line}"
    for told in (headline(fault), fault.hint):
        assert len(told.splitlines()) <= 1, f"several lines: {told!r}"
        assert not CONTROL.search(told), f"a control character: {told!r}"
    assert render(fault).encode()


@cache
def seeds() -> tuple[bytes, ...]:
    """The bank and the corpus."""
    return tuple(path.read_bytes() for root in (CORPUS, EXERCISES) for path in sorted(root.rglob("*.yaml")))


def named(schema: object) -> Iterator[str]:
    """The fields and words of the schema."""
    if isinstance(schema, dict):
        yield from chain.from_iterable(map(named, schema.values()))
        yield from (f"{name}: " for name in schema.get("properties", ()) if isinstance(name, str))
        yield from (word for word in schema.get("enum", ()) if isinstance(word, str))
    elif isinstance(schema, list):
        yield from chain.from_iterable(map(named, schema))


@cache
def words() -> tuple[str, ...]:
    """YAML's marks, troublesome scalars, and the schema's fields."""
    return (*MARKS, *SCALARS, *dict.fromkeys(named(exercise_schema())))


def mutate(data: bytes, random: Random) -> bytes:
    """Line by line, token by token, and sometimes byte by byte."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        chosen = random.random()
        if chosen < 0.1:
            data = mutation.in_bytes(data, random)
        elif chosen < 0.5:
            data = mutation.in_lines(data, seeds(), random)
        else:
            data = mutation.in_tokens(data, words(), seeds(), random)
    return data


TARGET = Target(
    name="yaml",
    longest=6000,
    words=words(),
    seeds=seeds,
    check=check,
    mutate=mutate,
)
