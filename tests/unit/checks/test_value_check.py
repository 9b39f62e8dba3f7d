"""Value checks: outcomes beside targets, exceptions, formulas over results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.value import ValueCheck
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Spec, Type
from torchgrade.model.finding import Judgement, Stage
from torchgrade.model.observation import Derivatives, Frame, Incident, IncidentKind, Snapshot
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Expression, Opaque, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import from_numpy
from torchgrade.numeric.up_to import UpTo

Make = Callable[..., Exercise]
MakeCase = Callable[..., Case]
Judge = Callable[..., Judgement]


def tensor(*numbers: float, dtype: str = "float32") -> Tensor:
    return from_numpy(np.array(numbers, dtype=float), dtype)


def target(*numbers: float, condition: float = 0.0) -> Target:
    scale = max(map(abs, numbers), default=0.0)
    return Target(value=from_numpy(np.array(numbers, dtype=float)), scale=scale, condition=condition)


def returned(value: Value, **after: Value) -> Snapshot:
    return Snapshot(returned=value, after=after)


def test_one_probe_is_asked_for(make_exercise: Make, make_case: MakeCase) -> None:
    exercise = make_exercise({"result": "x"})
    assert ValueCheck().probes(exercise, make_case(x=tensor(1))) == (Probe(op=ProbeOp.VALUE, case="one"),)


@pytest.mark.parametrize(("of", "asked"), [("", True), ("result", True), ("x.after", False), ("result + 1", True)])
def test_nothing_is_asked_where_nothing_is_said(of: str, asked: bool, make_exercise: Make, make_case: MakeCase) -> None:
    assert bool(ValueCheck(of=of).probes(make_exercise({"result": "x"}), make_case(x=tensor(1)))) is asked
    assert ValueCheck(of=of).probes(make_exercise(), make_case(x=tensor(1))) == ()
    assert ValueCheck(of=of).probes(make_exercise(function="…"), make_case(x=tensor(1)))
    assert ValueCheck(of=of).probes(make_exercise(), make_case(raises="ValueError"))


@pytest.mark.parametrize(
    ("value", "verdict", "stage"),
    [
        (tensor(1, 2), Verdict.ACCEPTED, Stage.EQUAL),
        (tensor(1, 3), Verdict.WRONG_ANSWER, Stage.NUMBERS),
        (tensor(1, float("nan")), Verdict.WRONG_ANSWER, Stage.MASK),
        (tensor(1, 2, 3), Verdict.WRONG_ANSWER, Stage.SHAPE),
        (tensor(1, 2, dtype="int64"), Verdict.WRONG_ANSWER, Stage.DTYPE),
        (Series(type="list", items=()), Verdict.WRONG_ANSWER, Stage.TYPE),
        (Opaque(type="Evil", reason="no"), Verdict.WRONG_ANSWER, Stage.TYPE),
    ],
)
def test_a_result_is_compared(
    value: Value, verdict: Verdict, stage: Stage, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor(1, 2))
    judgement = judge(ValueCheck(), exercise, case, returned(value), Targets(value={"result": target(1, 2)}))
    assert judgement.verdict is verdict
    assert judgement.comparison is not None
    assert judgement.comparison.stage is stage
    assert bool(judgement.mismatch) is (verdict is not Verdict.ACCEPTED)


def test_what_rounding_decides_is_undecided(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor(1))
    targets = Targets(value={"result": target(1, condition=1e6)})
    assert judge(ValueCheck(), exercise, case, returned(tensor(1)), targets).verdict is Verdict.UNDECIDED


def test_a_tolerance_replaces_the_rule(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor(1))
    targets = Targets(value={"result": target(1)})
    assert judge(ValueCheck(tolerance=0.05), exercise, case, returned(tensor(1.04)), targets).verdict == "accepted"
    assert judge(ValueCheck(), exercise, case, returned(tensor(1.04)), targets).verdict == "wrong_answer"


def test_the_first_bad_outcome_decides_and_others_are_mentioned(
    make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    returns = {"a": Spec(), "b": Spec(), "c": Spec()}
    exercise, case = make_exercise({"a": "x", "b": "x", "c": "x"}, returns), make_case(x=tensor(1))
    targets = Targets(value=dict.fromkeys("abc", target(1)))
    both = Series(type="tuple", items=(tensor(1), tensor(2), tensor(3)))
    judgement = judge(ValueCheck(), exercise, case, returned(both), targets)
    assert judgement.rationale == "`b` has the wrong value. `c` is wrong too."
    assert judgement.mismatch is not None
    assert judgement.mismatch.outcome == "b"
    assert judge(ValueCheck(of="a"), exercise, case, returned(both), targets).verdict is Verdict.ACCEPTED


def test_what_cannot_be_unpacked_is_told(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"a": "x", "b": "x"}, {"a": Spec(), "b": Spec()}), make_case(x=tensor(1))
    targets = Targets(value=dict.fromkeys("ab", target(1)))
    judgement = judge(ValueCheck(), exercise, case, returned(tensor(1)), targets)
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.rationale.startswith("`solve` must return two values, a and b")
    assert judgement.help == "Look at how many results you return, and at their types and shapes."


def test_a_gradient_left_behind(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"x.grad": "2*x"}, {}), make_case(x=tensor(1))
    targets, none = Targets(value={"x.grad": target(2)}), Scalar(type=ScalarType.NONE, value=None)
    right = returned(none, x=replace(tensor(1), grad=tensor(2)))
    assert judge(ValueCheck(), exercise, case, right, targets).verdict is Verdict.ACCEPTED
    judgement = judge(ValueCheck(), exercise, case, returned(none, x=tensor(1)), targets)
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.rationale == "`x.grad` is None: backward never reached `x`."
    assert "from `x` itself" in judgement.help
    nothing = Targets(value={"x.grad": Target(value=none)})
    assert judge(ValueCheck(), exercise, case, returned(none, x=tensor(1)), nothing).verdict is Verdict.ACCEPTED


def test_what_is_left_in_a_parameter(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"x.after": "x + 1"}, {}), make_case(x=tensor(1))
    targets, none = Targets(value={"x.after": target(2)}), Scalar(type=ScalarType.NONE, value=None)
    assert judge(ValueCheck(), exercise, case, returned(none, x=tensor(2)), targets).verdict is Verdict.ACCEPTED
    assert judge(ValueCheck(), exercise, case, returned(none, x=tensor(1)), targets).verdict is Verdict.WRONG_ANSWER


def test_a_formula_over_results(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor(3, 4))
    check, targets = ValueCheck(of="sum(result**2)"), Targets(value={"result": target(3, 4)})
    assert judge(check, exercise, case, returned(tensor(4, 3)), targets).verdict is Verdict.ACCEPTED
    wrong = judge(check, exercise, case, returned(tensor(4, 4)), targets)
    assert wrong.rationale == "`sum(result**2)` has the wrong value."
    text = judge(check, exercise, case, returned(Scalar(type=ScalarType.STR, value="x")), targets)
    assert text.verdict is Verdict.WRONG_ANSWER
    assert text.rationale == (
        "`sum(result**2)` cannot be computed from what was returned: result is a str, not a number or tensor."
    )


def test_a_formula_over_results_of_a_function(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise(function="…"), make_case(x=tensor(3, 4))
    targets = Targets(value={"result": target(3, 4)})
    assert judge(ValueCheck(of="sum(result)"), exercise, case, returned(tensor(4, 3)), targets).verdict == "accepted"


@pytest.mark.parametrize(
    ("up_to", "value", "verdict"),
    [
        (UpTo.SIGN, tensor(-1, -2), Verdict.ACCEPTED),
        (UpTo.SIGN, tensor(1, -2), Verdict.WRONG_ANSWER),
        (UpTo.PERMUTATION, tensor(2, 1), Verdict.ACCEPTED),
        (UpTo.PERMUTATION, tensor(2, 2), Verdict.WRONG_ANSWER),
        (UpTo.SPAN, tensor(3, 6), Verdict.ACCEPTED),
    ],
)
def test_up_to(
    up_to: UpTo, value: Tensor, verdict: Verdict, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor(1, 2))
    targets = Targets(value={"result": target(1, 2)})
    assert judge(ValueCheck(up_to=up_to), exercise, case, returned(value), targets).verdict is verdict


EXPRESSION = {"result": Spec(type=Type.EXPRESSION)}


@pytest.mark.parametrize(
    ("text", "verdict", "said"),
    [
        ("9*t**2", Verdict.ACCEPTED, ""),
        ("(3*t)**2", Verdict.ACCEPTED, ""),
        (
            "9*t**2 + 1e-20",
            Verdict.WRONG_ANSWER,
            "`result` is another function than it should be: it differs at 16 of 16",
        ),
        ("9*abs(t)*t", Verdict.WRONG_ANSWER, "it differs at 8 of 16 points"),
        ("9*y**2", Verdict.WRONG_ANSWER, "`result` is an expression with other symbols in it; it should be one in t."),
        ("sum(full([2], 9*t**2)) / 2", Verdict.WRONG_ANSWER, "`result` is an expression that cannot be read;"),
        ("9*secret(t)", Verdict.WRONG_ANSWER, "`result` is an expression that cannot be read; it should be a closed"),
        ("__import__('os')", Verdict.WRONG_ANSWER, "cannot be read"),
        ("(" * 5000, Verdict.WRONG_ANSWER, "cannot be read"),
        (
            "9*t**2 + 0*log(-1)",
            Verdict.WRONG_ANSWER,
            "`result` has no value at 16 of 16 points where it should have one.",
        ),
        ("nan", Verdict.WRONG_ANSWER, "`result` has no value at 16 of 16 points where it should have one."),
    ],
)
def test_expressions(
    text: str, verdict: Verdict, said: str, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise = make_exercise({"result": "9*x**2"}, EXPRESSION)
    case = make_case(x=Scalar(type=ScalarType.SYMBOL, value="t"))
    targets = Targets(value={"result": Target(value=Expression(text="9*x**2"))})
    judgement = judge(ValueCheck(), exercise, case, returned(Expression(text=text)), targets)
    assert judgement.verdict is verdict
    assert said in judgement.rationale


def test_where_the_truth_has_no_value_nothing_is_decided(
    make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise = make_exercise({"result": "log(-x**2)"}, EXPRESSION)
    case = make_case(x=Scalar(type=ScalarType.SYMBOL, value="t"))
    targets = Targets(value={"result": Target(value=Expression(text="log(-x**2)"))})
    judgement = judge(ValueCheck(), exercise, case, returned(Expression(text="t")), targets)
    assert judgement.verdict is Verdict.UNDECIDED
    assert judgement.rationale == "`result` has a value at too few points to tell whether it is right."


def test_a_number_is_an_expression_and_a_tensor_is_not(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise = make_exercise({"result": "4"}, EXPRESSION)
    case = make_case(x=Scalar(type=ScalarType.SYMBOL, value="x"))
    targets = Targets(value={"result": Target(value=Expression(text="4"))})
    four = Scalar(type=ScalarType.INT, value=4)
    assert judge(ValueCheck(), exercise, case, returned(four), targets).verdict is Verdict.ACCEPTED
    judgement = judge(ValueCheck(), exercise, case, returned(tensor(4)), targets)
    assert judgement.rationale == "`result` is a float32 tensor of shape [1]; it should be a sympy expression."


@pytest.mark.parametrize(("text", "verdict"), [("(1/4)", "accepted"), ("(1/3)", "wrong_answer"), ("t", "wrong_answer")])
def test_an_expression_without_symbols_is_a_number(
    text: str, verdict: str, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=Scalar(type=ScalarType.FLOAT, value=0.25))
    quarter = Scalar(type=ScalarType.FLOAT, value=0.25)
    targets = Targets(value={"result": Target(value=quarter, scale=0.25)})
    assert judge(ValueCheck(), exercise, case, returned(Expression(text=text)), targets).verdict == verdict


ERROR = Incident(
    kind=IncidentKind.EXCEPTION,
    message="secret",
    exception="LinAlgError",
    bases=("RuntimeError", "Exception"),
    frames=(Frame(filename="a.py", line=7, function="solve", text="…"),),
)
RAISED = "Your code raised `LinAlgError` in line 7."
RETURNED = "it returned instead."
SLOW = Incident(kind=IncidentKind.TIME_LIMIT, message="")


@pytest.mark.parametrize(
    ("observed", "raises", "verdict", "said"),
    [
        (ERROR, "LinAlgError", Verdict.ACCEPTED, ""),
        (ERROR, "RuntimeError", Verdict.ACCEPTED, ""),
        (ERROR, "torch.linalg.LinAlgError", Verdict.ACCEPTED, ""),
        (ERROR, "ValueError", Verdict.RUNTIME_ERROR, f"{RAISED} Here it must raise `ValueError`."),
        (
            returned(tensor(1)),
            "ValueError",
            Verdict.WRONG_ANSWER,
            "Your code must raise `ValueError` here; " + RETURNED,
        ),
        (SLOW, "ValueError", Verdict.TIME_LIMIT_EXCEEDED, "Your code took too long: more than 2 s for a case."),
    ],
)
def test_an_exception_may_be_the_right_answer(
    observed: Snapshot | Incident,
    raises: str,
    verdict: Verdict,
    said: str,
    make_exercise: Make,
    make_case: MakeCase,
    judge: Judge,
) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(raises=raises, x=tensor(1))
    judgement = judge(ValueCheck(), exercise, case, observed, Targets(value={}))
    assert (judgement.verdict, judgement.rationale) == (verdict, said)


def test_an_incident_is_judged_by_its_kind(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor(1))
    judgement = judge(ValueCheck(), exercise, case, ERROR, Targets(value={"result": target(1)}))
    assert judgement.verdict is Verdict.RUNTIME_ERROR
    assert judgement.incident == ERROR
    assert "secret" not in judgement.rationale + judgement.help
    assert judgement.values == "LinAlgError: secret"


def test_an_answer_of_the_wrong_kind_is_a_bad_reply(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor(1))
    judgement = judge(ValueCheck(), exercise, case, Derivatives(product={}), Targets(value={"result": target(1)}))
    assert judgement.rationale == "What your code left behind could not be read."


def test_without_a_truth_it_is_our_fault(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor(1))
    judgement = judge(ValueCheck(), exercise, case, returned(tensor(1)), Targets(value={}))
    assert judgement.verdict is Verdict.JUDGE_ERROR
    assert judgement.rationale == "Nothing says what is right here."
