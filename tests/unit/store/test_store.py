"""The seed that is kept, and the exercises that are found."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from torchgrade.errors import ExerciseError, UsageError
from torchgrade.store import bank
from torchgrade.store.seed import seed, state_folder

EXERCISE = """
schema: 1
title: T
task: T
entrypoint: {name}
parameters: {{x: [n]}}
reference: 2*x
cases: [{{name: c, inputs: {{x: [1]}}, expected: [2]}}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for identifier, name in (
        ("linalg/solve-it", "solve_it"),
        ("tensor/sum", "total"),
        ("autograd/sum", "gradient_sum"),
    ):
        path = tmp_path / f"{identifier}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(EXERCISE.format(name=name))
    (tmp_path / "assignments").mkdir()
    (tmp_path / "assignments" / "week1.yaml").write_text("schema: 1\n")
    return tmp_path


def test_a_seed_is_drawn_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first = seed(tmp_path / "state")
    assert (len(first), seed(tmp_path / "state")) == (32, first)
    assert stat.S_IMODE((tmp_path / "state" / "seed").stat().st_mode) == 0o600
    assert seed(tmp_path / "elsewhere") != first


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_the_seed_of_somebody_else_is_refused(tmp_path: Path) -> None:
    seed(tmp_path)
    os.chown(tmp_path / "seed", 12345, 12345)
    with pytest.raises(UsageError, match="belongs to somebody else"):
        seed(tmp_path)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_STATE_HOME": "/state"}, Path("/state/torchgrade")),
        ({"LOCALAPPDATA": "/local"}, Path("/local/torchgrade")),
        ({}, Path.home() / ".local/state/torchgrade"),
    ],
)
def test_where_state_is_kept(environment: dict[str, str], folder: Path) -> None:
    assert state_folder(environment) == folder


def test_ids_are_paths_without_assignments(root: Path) -> None:
    assert bank.ids(root) == ("autograd/sum", "linalg/solve-it", "tensor/sum")
    assert bank.entrypoints(root) == {
        "autograd/sum": "gradient_sum",
        "linalg/solve-it": "solve_it",
        "tensor/sum": "total",
    }


def test_the_last_part_of_an_id_is_enough(root: Path) -> None:
    assert bank.named(root, ["solve-it", "tensor/sum", "linalg/solve-it.yaml"]) == ("linalg/solve-it", "tensor/sum")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("sum", "'sum' is the name of several exercises: autograd/sum, tensor/sum"),
        ("linalg/solv-it", "there is no exercise 'linalg/solv-it' in .*; did you mean 'linalg/solve-it'"),
    ],
)
def test_an_id_that_is_none_says_which_there_are(root: Path, word: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        bank.named(root, [word])


def test_all_faults_of_all_files_at_once(root: Path) -> None:
    for name in ("tensor/sum", "autograd/sum"):
        (root / f"{name}.yaml").write_text("schema: 1\nentripoint: x\n")
    with pytest.raises(ExerciseError) as caught:
        bank.load(root, bank.ids(root))
    assert len({fault.path for fault in caught.value.diagnostics}) == 2


def test_exercises_are_found_where_they_are_named_then_here_then_installed(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(here)
    assert bank.folder(root) == root
    assert bank.folder(None) == bank.installed()
    (here / "exercises").mkdir()
    assert bank.folder(None) == Path("exercises")


def test_the_installed_bank_has_exercises() -> None:
    assert "autograd/cubic-minus-square" in bank.ids(bank.installed())
