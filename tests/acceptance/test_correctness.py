"""The experiments of `make bench-correctness` in short: torchgrade meets them where the field's tools do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.correctness import families, gradients, systems
from benchmarks.correctness.answers import systems as answers
from benchmarks.correctness.experiments import SHORT, rows
from benchmarks.correctness.judging import Tally
from benchmarks.correctness.table import Row, markdown

from torchgrade.model.verdict import Verdict
from torchgrade.sandbox import strongest


@pytest.fixture(scope="module")
def found() -> list[Row]:
    with strongest() as sandbox:
        return list(rows(sandbox, SHORT))


def test_every_row_is_met(found: list[Row]) -> None:
    assert not [fault for row in found for fault in row.faults], markdown(found)
    assert all(row.cells()[-1] == "yes" for row in found)


def test_every_row_judged_right_and_wrong_answers(found: list[Row]) -> None:
    assert {row.dtype for row in found} == {"float32", "float64"}
    for row in found:
        assert row.ours.right.total == row.field.right.total > 0
        assert row.ours.wrong.total == row.field.wrong.total > 0
        assert row.ours.right.accepted + row.ours.right.undecided == row.ours.right.total


def test_no_wrong_answer_is_accepted_that_can_be_told_from_right_ones(found: list[Row]) -> None:
    plain = [row for row in found if "a little off" not in row.experiment]
    assert sum(row.ours.wrong.accepted for row in plain) == 0
    assert sum(row.ours.wrong.undecided for row in plain if row.dtype == "float64") == 0


def test_the_field_errs_in_every_experiment(found: list[Row]) -> None:
    for experiment in {row.experiment for row in found}:
        errors = [row.field.right.rejected + row.field.wrong.accepted for row in found if row.experiment == experiment]
        assert sum(errors) > 0, experiment


@pytest.fixture(scope="module")
def taken_for_right() -> list[systems.Judged]:
    """Wrong answers, as if they were right ones."""
    with strongest() as sandbox:
        return systems.Systems.of(sandbox, "float32", (1e2, 1e5), 4).judged((answers.off_by_a_tenth,))


def test_a_rejected_right_answer_is_a_fault(taken_for_right: list[systems.Judged]) -> None:
    assert len(list(systems.rejected(taken_for_right))) == 4
    assert not list(systems.accepted(taken_for_right))


def test_an_accepted_wrong_answer_is_a_fault(taken_for_right: list[systems.Judged]) -> None:
    blind = [replace(each, verdict=Verdict.ACCEPTED) for each in taken_for_right]
    assert len(list(systems.accepted(blind))) == 8
    assert len(list(systems.told_apart(blind, "float32"))) == 4, "those of condition 1e5 are within reach of rounding"


def test_a_case_that_is_undecided_too_early_is_a_fault(taken_for_right: list[systems.Judged]) -> None:
    assert not list(systems.undecided(taken_for_right, "float32"))
    assert len(list(systems.undecided(taken_for_right, "float64"))) == 4


def test_gradients_and_families_have_faults_too() -> None:
    accepted, rejected = Tally.of([Verdict.ACCEPTED] * 3), Tally.of([Verdict.WRONG_ANSWER] * 3)
    assert not gradients.faults(accepted, rejected)
    assert gradients.faults(rejected, rejected) == ("3 right not accepted, 0 wrong accepted",)
    assert gradients.faults(accepted, accepted) == ("0 right not accepted, 3 wrong accepted",)
    one = families.Judged(place="x", dtype="float32", verdict=Verdict.ACCEPTED, field=Verdict.ACCEPTED)
    assert not families.faults([one], [one] * families.MOST_ACCEPTED)
    assert len(families.faults([replace(one, verdict=Verdict.WRONG_ANSWER)], [one] * 3)) == 4


def test_a_row_with_a_fault_says_so(found: list[Row]) -> None:
    text = markdown([replace(found[0], faults=("one wrong accepted",))])
    assert "| no |" in text
    assert text.endswith("Not met:\n- gradients, float64: one wrong accepted")
