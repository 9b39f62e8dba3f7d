"""Loading: files, folders, bare forms written out, and what is imported for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from torchgrade.checks import CHECKS
from torchgrade.errors import ExerciseError
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import CaseGroup, Edge, Exercise, Family, Formula, Limits, Range, Spec, Type
from torchgrade.spec.load import load, load_bank, load_text

TEXT = """schema: 1
title: {zh: 和, en: The sum}
task: Return the sum.
entrypoint: total
parameters: {x: [n, 3, '...'], k: int, y: {shape: [2*n], family: ties, range: -1.5..n, dtype: float64}}
dims: {n: 2..5, m: 4}
reference: m * sum(x)
cases:
  - {inputs: {x: [[1, 2.5, [m]]]}, expected: 7, dims: {n: 3}}
  - {draw: 8}
  - {edges: [one, ties]}
checks: [value, {kind: gradient, wrt: [x]}, value, {kind: value, name: last, points: 2}, value]
mistakes: [{id: none, formula: 0, says: Nothing.}]
"""


def loaded(text: str) -> Exercise:
    return load_text(text, "topic/sum.yaml", "topic/sum")


def faults(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(ExerciseError) as caught:
        loaded(text)
    return caught.value.diagnostics


def test_bare_forms_are_written_out() -> None:
    exercise = loaded(TEXT)
    assert exercise.parameters == {
        "x": Spec(shape=(Formula("n"), Formula("3"), Formula("..."))),
        "k": Spec(type=Type.INT),
        "y": Spec(
            shape=(Formula("2*n"),),
            family=Family.TIES,
            range=Range(low=Formula("-1.5"), high=Formula("n")),
            dtype=("float64",),
        ),
    }
    assert exercise.dims["m"] == Range(low=Formula("4"), high=Formula("4"))
    assert exercise.reference.formula == {"result": "m * sum(x)"}
    assert exercise.mistakes[0].formula == {"result": "0"}
    assert exercise.title.translations == (("zh", "和"), ("en", "The sum"))
    assert exercise.task.translations == (("en", "Return the sum."),)
    assert exercise.cases[0].inputs == {"x": ((1, 2.5, ("m",)),)}
    assert exercise.cases[0].expected == {"result": 7}
    assert exercise.cases[1] == CaseGroup(draw=8)
    assert exercise.cases[2].edges == (Edge.ONE, Edge.TIES)


def test_checks_are_named_by_kind_and_number() -> None:
    assert [check.name for check in loaded(TEXT).checks] == ["value", "gradient", "value-2", "last", "value-4"]


def test_defaults() -> None:
    exercise = loaded("schema: 1\ntitle: T\ntask: T\nentrypoint: f\nreference: 1\ncases: [{expected: 1}]\n")
    assert exercise.checks == (CHECKS["value"](name="value"),)
    assert exercise.returns == {"result": Spec()}
    assert exercise.limits == Limits()
    assert (exercise.id, exercise.topic, exercise.path) == ("topic/sum", "topic", "topic/sum.yaml")


def test_the_digest_is_of_the_content() -> None:
    assert (
        loaded(TEXT).digest
        == loaded("# a comment\n" + TEXT.replace("task: Return the sum.", "task: 'Return the sum.'")).digest
    )
    assert loaded(TEXT).digest != loaded(TEXT.replace("[n, 3,", "[n, 4,")).digest
    swapped = TEXT.replace("{n: 2..5, m: 4}", "{m: 4, n: 2..5}")
    assert loaded(TEXT).digest != loaded(swapped).digest


def test_faults_of_yaml_and_of_shape_are_told_together() -> None:
    found = faults(TEXT.replace("k: int", "k: ~").replace("task:", "tusk:").replace("id: none", "id: No ne"))
    assert [(fault.line, fault.code) for fault in found] == [
        (3, "unknown-field"),
        (5, "null-value"),
        (13, "bad-form"),
    ]


def test_faults_of_every_rule_are_told_together() -> None:
    found = faults(
        TEXT.replace("sum(x)", "summ(x)").replace("m: 4", "q: 4").replace("id: none", "id: none, loses: [v]")
    )
    assert {fault.code for fault in found} == {
        "formula-unknown-function",
        "formula-unknown-name",
        "unused-size",
        "unknown-check",
    }


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), "byte-order-mark", "byte-order mark"),
        (b"schema: 1\ntitle: caf\xe9\n", "not-utf8", "byte 20 in line 2"),
        (TEXT.encode("utf-16"), "not-utf8", "byte 0 in line 1"),
    ],
)
def test_other_encodings(tmp_path: Path, data: bytes, code: str, words: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        load(write(tmp_path, "a.yaml", data), tmp_path)
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.line) == (code, 0)
    assert words in fault.message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(ExerciseError) as caught:
            load(path, tmp_path)
        assert [fault.code for fault in caught.value.diagnostics] == ["unreadable-file"]


def test_a_bank_is_read_in_the_order_of_ids(tmp_path: Path) -> None:
    for name, entrypoint in (("b/two", "two"), ("a/one", "one"), ("b/bad", "2nd"), ("b/same", "one")):
        write(tmp_path, f"{name}.yaml", TEXT.replace("total", entrypoint))
    write(tmp_path, "assignments/week.yaml", "title: no exercise")
    write(tmp_path, ".hidden/x.yaml", "title: no exercise")
    exercises, found = load_bank(tmp_path)
    assert [exercise.id for exercise in exercises] == ["a/one", "b/same", "b/two"]
    assert [(Path(fault.path).stem, fault.code) for fault in found] == [
        ("bad", "bad-form"),
        ("same", "same-entrypoint"),
    ]
    assert "a/one" in found[1].message


@pytest.mark.parametrize("folder", ["", "absent"])
def test_no_bank(tmp_path: Path, folder: str) -> None:
    exercises, found = load_bank(tmp_path / folder)
    assert exercises == ()
    assert [fault.code for fault in found] == ["no-bank"]


def test_loading_imports_neither_torch_nor_sympy(tmp_path: Path) -> None:
    write(tmp_path, "sum.yaml", TEXT)
    program = (
        "import sys; from pathlib import Path; from torchgrade.spec.load import load_bank; "
        f"print(len(load_bank(Path({str(tmp_path)!r}))[0]), *({{'torch', 'sympy'}} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["1"]
