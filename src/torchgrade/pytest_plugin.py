"""`pytest --torchgrade SUBMISSION exercises/…`: an exercise file is collected as an item for each of its checks.

    linalg/solve::value   passed, failed with what its student may read, skipped if undecided, an error if we failed

Without the option nothing here has any effect, and nothing is loaded. With it, only exercise files are collected, and
no conftest.py is loaded: a folder of students' work may hold Python that pytest would import.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr

    from torchgrade.model.exercise import Exercise
    from torchgrade.model.finding import Attempt, CheckResult
    from torchgrade.model.submission import Submission
    from torchgrade.session import Session


SUFFIX = ".yaml"
ASSIGNMENTS = "assignments"
BANK = "exercises"


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a command line may say to us."""
    group = parser.getgroup("torchgrade", "grading PyTorch exercises")
    group.addoption(
        "--torchgrade",
        metavar="SUBMISSION",
        help="Grade this file or folder against the exercise files that are given.",
    )
    group.addoption(
        "--torchgrade-isolation",
        metavar="LEVEL",
        default="sandbox",
        help="process (not a sandbox), sandbox, namespaces; default: sandbox.",
    )
    group.addoption("--torchgrade-seed", metavar="SEED", default="", help="Draws hidden inputs; else a fixed one does.")
    group.addoption(
        "--torchgrade-lang", metavar="LANG", default="en", help="The language of what students read; default: en."
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """As with `--noconftest`: a conftest.py is code that would run outside the sandbox."""
    if early_config.known_args_namespace.torchgrade:
        early_config.known_args_namespace.noconftest = True


def pytest_configure(config: pytest.Config) -> None:
    """Grade, if we are asked to."""
    given = config.getoption("--torchgrade")
    if not given:
        return
    from torchgrade.model.said import said, translated

    language = config.getoption("--torchgrade-lang")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        needed = said("--torchgrade needs exercises: pytest --torchgrade SUBMISSION exercises/")
        raise pytest.UsageError(translated(needed, language))
    if not Path(given).exists():
        absent = said("{path}: there is no such file or folder", path=f"--torchgrade {given}")
        raise pytest.UsageError(translated(absent, language))
    config.pluginmanager.register(Grading(config), "torchgrade-grading")


class Grading:
    """One submission, one sandbox and one session for a run of pytest; the latter two while items run."""

    _submission: Submission
    _session: Session

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._attempts: dict[str, Attempt] = {}

    def pytest_report_header(self) -> str:
        """Which submission is graded, and how."""
        from torchgrade.model.said import said, translated

        asked = self._config.option
        told = {"version": version("torchgrade"), "path": asked.torchgrade, "level": asked.torchgrade_isolation}
        return translated(said("torchgrade {version}: {path}, isolation {level}", **told), self.language)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Nothing but exercise files: a test module is code that would run outside the sandbox."""
        if collection_path.is_dir():
            return True if collection_path.name == ASSIGNMENTS else None
        return collection_path.suffix != SUFFIX or None

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> ExerciseFile | None:
        """An exercise file."""
        if file_path.suffix != SUFFIX:
            return None
        root = self._root(file_path)
        name = file_path.relative_to(root).with_suffix("").as_posix()
        found: ExerciseFile = ExerciseFile.from_parent(parent, path=file_path, root=root, grading=self, nodeid=name)
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """The sandbox is there for as long as items run; a level that is not to be had is a refusal."""
        if self._config.option.collectonly or not session.items or session.testsfailed:
            return (yield)
        with _refusing(self.language), self._open():
            return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The points of the exercises that were graded."""
        from torchgrade.writers.totals import scored, totals

        for total in totals(self._attempts.values()):
            terminalreporter.write_line(f"torchgrade: {scored(total.points, total.max_points, self.language)}")

    def attempt(self, exercise: Exercise) -> Attempt:
        """The submission graded against an exercise, once."""
        if exercise.id not in self._attempts:
            self._attempts[exercise.id] = self._session.attempt(self._submission, exercise)
        return self._attempts[exercise.id]

    @property
    def language(self) -> str:
        """That of the feedback."""
        return str(self._config.getoption("--torchgrade-lang"))

    @contextmanager
    def _open(self) -> Iterator[None]:
        from torchgrade.errors import UsageError
        from torchgrade.model.said import said
        from torchgrade.readers import read_one
        from torchgrade.sandbox import ISOLATIONS
        from torchgrade.sandbox.selftest import verify
        from torchgrade.sandbox.warmth import Warmth
        from torchgrade.session import Session

        level = self._config.getoption("--torchgrade-isolation")
        levels = ", ".join(ISOLATIONS)
        if level not in ISOLATIONS:
            told = said("there is no isolation level {level}; there are {levels}", level=repr(level), levels=levels)
            raise UsageError(told)
        self._submission = read_one(Path(self._config.getoption("--torchgrade")))
        with ISOLATIONS[level](Warmth.LEAN) as sandbox:
            if level != "process":
                verify(sandbox)
            self._session = Session(sandbox, self._config.getoption("--torchgrade-seed"))
            yield

    def _root(self, path: Path) -> Path:
        """The folder that ids count from: the `exercises` that a file lies in, else the folder that was given."""
        given = [Path(self._config.invocation_params.dir, arg.partition("::")[0]) for arg in self._config.args]
        named = [parent for parent in path.parents if parent.name == BANK]
        return next(iter([*named, *(folder for folder in given if folder in path.parents)]), path.parent)


@contextmanager
def _refusing(language: str) -> Iterator[None]:
    """What cannot be carried out, as pytest says it."""
    from torchgrade.errors import IsolationError, UsageError
    from torchgrade.model.refusal import refusal

    try:
        yield
    except (IsolationError, UsageError) as error:
        raise pytest.UsageError(f"torchgrade: {refusal(error, language)}") from error


class ExerciseFile(pytest.File):
    """An exercise file; its faults are errors of collection."""

    def __init__(self, *, root: Path, grading: Grading, **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type] # pytest's own, handed on
        self._root = root
        self._grading = grading

    def collect(self) -> Iterator[CheckItem]:
        """An item for each check."""
        from torchgrade.spec.language import spoken
        from torchgrade.spec.load import load

        exercise = spoken(load(self.path, self._root), self._grading.language)
        for check in exercise.checks:
            yield CheckItem.from_parent(self, name=check.name, exercise=exercise, grading=self._grading)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str | TerminalRepr:  # type: ignore[override]
        """Every fault with its line, as `validate` shows it."""
        from torchgrade.errors import ExerciseError
        from torchgrade.spec.excerpt import render

        if isinstance(excinfo.value, ExerciseError):
            return "\n\n".join(map(render, excinfo.value.diagnostics))
        return super().repr_failure(excinfo)


class CheckItem(pytest.Item):
    """One check of an exercise. All checks of one are graded together, when the first of them is wanted."""

    def __init__(self, *, exercise: Exercise, grading: Grading, **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type] # pytest's own, handed on
        self._exercise = exercise
        self._grading = grading
        self.extra_keyword_matches.add(exercise.id)

    def setup(self) -> None:
        """Graded here, so that a fault of ours is an error and no failure."""
        from torchgrade.model.verdict import Verdict

        attempt, result = self._graded()
        self.user_properties += [
            ("points", _number(result.points)),
            ("max_points", _number(result.max_points)),
            ("verdict", result.verdict.value),
        ]
        if result.verdict is Verdict.JUDGE_ERROR:
            pytest.fail(_said(attempt, result, self._grading.language), pytrace=False)

    def runtest(self) -> None:
        """Its verdict."""
        from torchgrade.model.verdict import Verdict

        attempt, result = self._graded()
        if result.verdict in (Verdict.SKIPPED, Verdict.UNDECIDED):
            pytest.skip(_said(attempt, result, self._grading.language))
        if result.verdict is not Verdict.ACCEPTED:
            pytest.fail(_said(attempt, result, self._grading.language), pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        """What it is called: `linalg/solve::value`."""
        return self.path, None, self.nodeid

    def _graded(self) -> tuple[Attempt, CheckResult]:
        attempt = self._grading.attempt(self._exercise)
        return attempt, next(check for check in attempt.checks if check.name == self.name)


def _said(attempt: Attempt, result: CheckResult, language: str) -> str:
    """What its student may read of one check, as `torchgrade check` prints it below the exercise's name."""
    from torchgrade.writers.terminal import reasons

    return dedent(reasons(replace(attempt, checks=(result,)), language)).rstrip()


def _number(points: Fraction) -> int | float:
    """Points for machines: whole ones without a point."""
    from torchgrade.writers.totals import numeric

    return int(points) if points.denominator == 1 else numeric(points)
