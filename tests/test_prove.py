"""`prove` refuses exercises that cannot tell right from wrong, and says why; sabotaged gradients are never accepted.

`corpus/unproven/<name>.errors.txt` holds the first line of every Diagnostic with its hint, for a file that is called by
its bare name and proven with the seed 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from torchgrade.authoring import witnesses
from torchgrade.authoring.proof import CODES, Proof, RowKind
from torchgrade.authoring.prove import prove
from torchgrade.authoring.sabotage import SABOTAGES, sabotaged
from torchgrade.authoring.scaffold import exercise_text
from torchgrade.authoring.trial import as_submission
from torchgrade.model.kinds import Sandbox
from torchgrade.model.verdict import Verdict
from torchgrade.sandbox import strongest
from torchgrade.session import Session
from torchgrade.spec.codes import CODES as EXPLAINED
from torchgrade.spec.excerpt import headline
from torchgrade.spec.load import load, load_text

UNPROVEN = sorted((Path(__file__).parent / "corpus" / "unproven").glob("*.yaml"))
HEAD = "schema: 1\ntitle: T\ntask: T\nentrypoint: f\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with strongest() as warm:
        yield warm


def proven(text: str, folder: Path, sandbox: Sandbox) -> Proof:
    path = folder / "f.yaml"
    path.write_text(HEAD + text)
    return prove(load(path, folder), sandbox, "1")


@pytest.mark.parametrize("path", UNPROVEN, ids=lambda path: path.stem)
def test_an_exercise_that_proves_nothing_is_refused(path: Path, sandbox: Sandbox) -> None:
    proof = prove(load(path, path.parent), sandbox, "1")
    told = [headline(fault).replace(f"{path.parent}/", "") + f" (hint: {fault.hint})" for fault in proof.faults]
    assert told == path.with_suffix(".errors.txt").read_text(encoding="utf-8").splitlines()
    assert not proof.holds


def test_every_code_has_a_file_that_shows_it() -> None:
    texts = [path.with_suffix(".errors.txt").read_text(encoding="utf-8") for path in UNPROVEN]
    shown = {code for code in CODES if any(f": {code}: " in text for text in texts)}
    assert set(CODES) - shown == {"readings-disagree"}, "only our own fault can show that one; it is tested below"


def test_every_code_there_is_is_shown_by_a_file_or_by_a_test_of_whole_files() -> None:
    here = Path(__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in (here / "corpus").rglob("*.errors.txt")]
    tests = [here / "test_corpus.py", here / "unit" / "spec" / "test_load.py"]
    texts += [path.read_text(encoding="utf-8") for path in tests]
    unseen = {code for code in EXPLAINED if not any(f": {code}: " in text or f'"{code}"' in text for text in texts)}
    assert not unseen


def test_formulas_may_say_what_some_results_are_and_the_function_the_others(tmp_path: Path, sandbox: Sandbox) -> None:
    text = """parameters: {x: [n]}
returns: {total: [], name: str}
reference: {formula: {total: sum(x)}, function: "def f(x): return x.sum(), 'sum'"}
cases: [{draw: 4}, {name: c, inputs: {x: [1, 2]}, expected: {total: 3, name: sum}}]
mistakes: [{id: twice, says: m, formula: {total: 2 * sum(x)}}, {id: mean, says: m, formula: {total: mean(x)}}]
"""
    assert proven(text, tmp_path, sandbox).faults == ()


def test_a_formula_that_torch_reads_otherwise_is_refused(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnesses, "solution", lambda exercise, formulas: "def f(x): return x.sum() * 2")
    text = "parameters: {x: [n]}\nreference: sum(x)\ncases: [{name: c, inputs: {x: [1, 2]}, expected: 3}]\n"
    (fault,) = proven(text, tmp_path, sandbox).faults
    assert (fault.code, fault.message) == ("readings-disagree", "c: formula gives 3, run by torch it gives 6")


def test_a_new_exercise_proves_itself_as_it_is_written(tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "two-norm.yaml"
    path.write_text(exercise_text("linalg/two-norm"))
    proof = prove(load(path, tmp_path), sandbox)
    assert proof.faults == ()
    assert [(row.kind, row.name, row.dtype) for row in proof.rows] == [
        (RowKind.WITNESSES, "", ""),
        (RowKind.REFERENCE, "", "float32"),
        (RowKind.REFERENCE, "", "float64"),
        (RowKind.MISTAKE, "squared", ""),
        (RowKind.MISTAKE, "detached", ""),
        (RowKind.STARTER, "", ""),
    ]
    assert all(row.holds for row in proof.rows)


def test_witnesses_may_differ_as_far_as_the_checks_allow(tmp_path: Path, sandbox: Sandbox) -> None:
    text = (
        "parameters: {A: {shape: [3, 3], family: symmetric}}\nreference:\n  formula: eigvalsh(A)[0:1]\n  function: |\n"
        "    def f(A): return -torch.linalg.eigvalsh(A)[0:1]\n"
        "cases: [{draw: 2}]\nchecks: [{kind: value, up_to: sign}]\n"
    )
    assert proven(text, tmp_path, sandbox).faults == ()
    strict = proven(text.replace(", up_to: sign", ""), tmp_path, sandbox)
    assert "witnesses-disagree" in {fault.code for fault in strict.faults}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_right_values_with_a_sabotaged_gradient_are_not_accepted(sabotage: str, sandbox: Sandbox) -> None:
    exercise = load_text(exercise_text("tensor/twice"), "twice.yaml", "tensor/twice")
    source = sabotaged("def twice(x):\n    return x + x\n", "twice", sabotage)
    attempt = Session(sandbox, "1").attempt(as_submission(source, "s.py"), exercise)
    assert {check.name: check.verdict for check in attempt.checks} == {
        "value": Verdict.ACCEPTED,
        "gradient": Verdict.WRONG_ANSWER,
    }


def test_the_sabotage_is_all_that_is_wrong(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SABOTAGES, "none", "gradient")  # type: ignore[arg-type] # a dict, whatever its type says
    exercise = load_text(exercise_text("tensor/twice"), "twice.yaml", "tensor/twice")
    source = sabotaged("def twice(x):\n    return x + x\n", "twice", "none")
    assert Session(sandbox, "1").attempt(as_submission(source, "s.py"), exercise).verdict is Verdict.ACCEPTED
