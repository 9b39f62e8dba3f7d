"""The rules between fields: each fault with its words, and what is no fault."""

from __future__ import annotations

import pytest

from torchgrade.errors import ExerciseError
from torchgrade.spec.load import load_text

BASE = {
    "schema": "1",
    "title": "T",
    "task": "T",
    "entrypoint": "f",
    "parameters": "{x: [n], k: int, s: symbol, i: {shape: [n], dtype: int64}}",
    "reference": "\n  formula: sum(x)\n  function: |\n    def f(x, k, s, i): return x.sum()",
}


def told(**fields: str) -> list[tuple[str, str]]:
    """The code and message of every fault of an exercise with these fields."""
    text = "".join(f"{name}: {value}\n" for name, value in {**BASE, **fields}.items())
    try:
        load_text(text, "f.yaml", "f")
    except ExerciseError as error:
        return [(fault.code, fault.message) for fault in error.diagnostics]
    return []


def test_the_base_has_no_fault() -> None:
    assert told() == []


FUNCTION = "\n  function: |\n    def f(x, k, s, i): return x.sum()"


@pytest.mark.parametrize(
    "fields",
    [
        {"returns": "{mean: [], shape: shape}", "reference": f"\n  formula: {{mean: 1, shape: '[n]'}}{FUNCTION}"},
        {"returns": "{N: [n, free]}", "reference": f"{FUNCTION}\n  formula: x"},
        {"dims": "{n: k..6, r: 1..n}", "let": "{half: r / 2}"},
        {
            "checks": "[{kind: gradient, of: sum(x * result), wrt: [x]}, {kind: value, of: x.after}]",
            "reference": f"\n  formula: {{result: sum(x), x.after: x}}{FUNCTION}",
        },
        {"let": "{part: sum(x) * result}", "checks": "[{kind: gradient, of: part - 2 * result}]"},
        {"checks": "[{kind: value, of: result**2}]"},
        {"cases": "[{draw: 2}, {draw: 2}, {name: a, inputs: {s: t, k: n - 1}}]"},
        {"cases": "[{draw: 2}, {edges: [one]}]", "checks": "[{kind: value, cases: [drawn 2, edges]}, value]"},
        {"cases": "[{draw: 1, name: a, inputs: {x: [1], k: 1, i: [1]}, raises: LinAlgError}, {draw: 1}]"},
        {"task": "See the notes  # two spaces make a comment", "title": "C# and F#"},
        {"call": "|\n  def call(f, *args):\n      return f(*args)", "starter": "|\n  class f: pass"},
        {"starter": "|\n  async def f(x, k, s, i=3, *, more=1): pass"},
        {"checks": "[{kind: value, points: 0}, {kind: value, points: 1}]"},
    ],
)
def test_what_is_no_fault(fields: dict[str, str]) -> None:
    assert told(**fields) == []


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({"let": "{f-g: 1}"}, "not-a-name", "`f-g` cannot be the name of a let"),
        ({"let": "{π: 1}"}, "not-a-name", "`π` cannot be the name of a let"),
        (
            {"let": "{pi: 1}"},
            "reserved-name",
            "`pi` already means something in formulas or Python, and cannot name a let",
        ),
        (
            {"let": "{is: 1}"},
            "reserved-name",
            "`is` already means something in formulas or Python, and cannot name a let",
        ),
        ({"let": "{rank: 1}"}, "reserved-name", "`rank` is a function of the formula language, and cannot name a let"),
        ({"let": "{result: 1}"}, "name-clash", "`result` is already the name of a let; every formula sees both"),
        ({"let": "{n: 1}"}, "name-clash", "`n` is a size in this shape and also the name of a let"),
        ({"let": "{a: b, b: 2 * a}"}, "circular", "these need each other without an end: a → b → a"),
        ({"dims": "{N: 2..5}"}, "unused-size", "no shape or formula uses `N`"),
        ({"dims": "{n: 1.5}"}, "bad-range", "1.5: sizes are whole numbers from 0"),
        ({"dims": "{n: -1..3}"}, "bad-range", "-1..3: sizes are whole numbers from 0"),
        ({"dims": "{n: m..3}"}, "formula-unknown-name", "nothing is called m here"),
        ({"checks": "[{kind: value, of: resutl}]"}, "unknown-outcome", "there is no outcome `resutl`"),
        ({"checks": "[{kind: value, of: k.grad}]"}, "unknown-outcome", "there is no outcome `k.grad`"),
        ({"checks": "[{kind: value, of: result + z}]"}, "formula-unknown-name", "nothing is called z here"),
        ({"checks": "[{kind: gradient, wrt: [i]}]"}, "no-gradient", "`i` is no floating tensor among the parameters"),
        ({"cases": "[{inputs: {y: 1}}]"}, "unknown-parameter", "there is no parameter `y`"),
        ({"cases": "[{parameters: {y: int}}]"}, "unknown-parameter", "there is no parameter `y`"),
        ({"cases": "[{inputs: {x: [1, z]}}]"}, "formula-unknown-name", "nothing is called z here"),
        ({"cases": "[{draw: 1, expected: {a: 1}}]"}, "unknown-outcome", "there is no outcome `a`"),
        (
            {"cases": "[{raises: Exeption}]"},
            "unknown-exception",
            "`Exeption` is no exception that torch or Python raises",
        ),
        (
            {"cases": "[{expected: 1, raises: ValueError}]"},
            "case-contradiction",
            "this case has an answer and also raises",
        ),
        (
            {"cases": "[{inputs: {k: 1}, parameters: {k: {range: 1..2}}}]"},
            "case-contradiction",
            "`k` is given here, so there is nothing to draw",
        ),
        ({"cases": "[{draw: 1}, {edges: [one, one]}]"}, "duplicate-case", "two cases are called `one`"),
        ({"checks": "[{kind: value, cases: [given]}]"}, "unknown-case", "there is no case `given`"),
        (
            {"checks": "[value, {kind: gradient, name: value}]"},
            "duplicate-name",
            "`value` already names item 1 of `checks`",
        ),
        (
            {"mistakes": "[{id: a, says: A, formula: 1}, {id: a, says: B, formula: 2}]"},
            "duplicate-name",
            "`a` already names item 1 of `mistakes`",
        ),
        (
            {"mistakes": "[{id: a, says: A, formula: 1, function: 'f = 1'}]"},
            "mistake-form",
            "mistake `a` has a formula and a function",
        ),
        ({"mistakes": "[{id: a, says: A, formula: result}]"}, "formula-unknown-name", "nothing is called result here"),
        ({"starter": "'def g(): pass'"}, "no-definition", "this text does not define `f`"),
        ({"starter": "'def f(a, b, c): pass'"}, "wrong-arguments", "this cannot be called as f(x, k, s, i)"),
        ({"starter": "'def f(*a, b): pass'"}, "wrong-arguments", "this cannot be called as f(x, k, s, i)"),
        ({"call": "|\n  def call(f, x): pass"}, "wrong-arguments", "this cannot be called as call(f, x, k, s, i)"),
        ({"reference": "\n  function: f = 1"}, "one-witness", "only one witness: nothing else says what is right"),
        (
            {"returns": "{}", "checks": "[gradient]", "reference": f"\n  formula: {{x.grad: 1}}{FUNCTION}"},
            "no-gradient",
            "there is nothing to differentiate: nothing is returned",
        ),
        (
            {"checks": "[{kind: gradient, of: x + 1/result}]"},
            "gradient-nonlinear",
            "`1/result` is not linear in `result`: measuring its gradient would tell every submission the right answer",
        ),
        (
            {"let": "{part: a * result, a: sum(x) + result}", "checks": "[{kind: gradient, of: 2 * part}]"},
            "gradient-nonlinear",
            "`part` is not linear in `result`: measuring its gradient would tell every submission the right answer",
        ),
        ({"checks": "[{kind: gradient, of: 'sum(result, axis=0)'}]"}, "formula-arguments", "sum has no axis="),
        ({"returns": "{}"}, "which-outcome", "this speaks of no outcome, and there are no results: none"),
        (
            {"returns": "{result: {range: 1..2}}"},
            "spec-contradiction",
            "`range` says how inputs are made; nothing is drawn for `result`",
        ),
    ],
)
def test_faults(fields: dict[str, str], code: str, message: str) -> None:
    assert told(**fields) == [(code, message)]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("{type: int, shape: [n]}", "`shape` is for tensors, and this is of type int"),
        ("{dtype: float}", "`float` is for returns; an input has one dtype"),
        ("{dtype: int64, requires_grad: true}", "int64 tensors cannot require grad"),
        ("{shape: [n, n], rank: 1}", "`rank` is for `family: low_rank`"),
        ("{shape: [n], value: 2 * x, family: ties}", "`value` makes this input, so `family` draws nothing"),
    ],
)
def test_contradictions_of_a_spec(spec: str, message: str) -> None:
    parameters = BASE["parameters"].replace("k: int", f"k: {spec}")
    assert told(parameters=parameters) == [("spec-contradiction", message)]


@pytest.mark.parametrize(
    ("reference", "cases", "checks", "outcomes"),
    [
        ("sum(x)", "[{expected: 1}]", "[value]", []),
        ("{formula: sum(x)}", "[{draw: 1}]", "[value]", ["result"]),
        (FUNCTION, "[{draw: 1}]", "[{kind: property, holds: result == sum(x)}]", []),
        (FUNCTION, "[{draw: 1}]", "[{kind: property, holds: result.requires_grad}]", ["result"]),
        ("{}", "[{expected: 1}]", "[{kind: property, holds: result >= 0}]", []),
        ("{}", "[{draw: 1}]", "[value]", ["nothing"]),
        (f"{FUNCTION}\n  formula: {{x.grad: 1}}", "[{draw: 1, expected: {x.after: [1]}}]", "[value]", ["result"]),
    ],
)
def test_every_outcome_has_two_witnesses(reference: str, cases: str, checks: str, outcomes: list[str]) -> None:
    found = told(reference=reference, cases=cases, checks=checks)
    assert [code for code, _ in found] == ["one-witness"] * len(outcomes)
    assert all(
        ("nothing says" in message) == (outcome == "nothing")
        for (_, message), outcome in zip(found, outcomes, strict=True)
    )


def test_observed_attributes_belong_to_properties() -> None:
    holds = "[value, {kind: property, holds: x.after == x and result.requires_grad}]"
    assert told(checks=holds) == []
    found = told(reference=f"\n  formula: sum(x.after){FUNCTION}")
    assert [code for code, _ in found] == ["observed-too-early"]


def test_let_over_results_is_known_to_checks_only() -> None:
    let = "{off: abs(result - sum(x)), far: 2 * off}"
    assert told(let=let, checks="[value, {kind: property, holds: far <= 1}]") == []
    found = told(let=let, reference=f"\n  formula: sum(x) + far{FUNCTION}")
    assert found == [("formula-unknown-name", "nothing is called far here")]
