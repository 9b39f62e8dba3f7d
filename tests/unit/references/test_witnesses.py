"""The three kinds of reference, and how they make one truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.property import PropertyCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.errors import FormulaError
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Exercise, Formula, Literal, Python, Spec, Truth, Type
from torchgrade.model.observation import Derivatives, Incident, IncidentKind, Observation, Snapshot
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target, Targets
from torchgrade.model.text import Text
from torchgrade.model.value import Expression, Record, Scalar, ScalarType, Tensor, Value
from torchgrade.numeric.arrays import from_numpy, to_numpy
from torchgrade.references import REFERENCES
from torchgrade.references.expected import ExpectedReference
from torchgrade.references.formula import FormulaReference, answers
from torchgrade.references.function import STEP, FunctionReference, twin
from torchgrade.references.merge import merge


def tensor(numbers: object, dtype: str = "float32") -> Tensor:
    return from_numpy(np.array(numbers, dtype=complex if dtype.startswith("complex") else float), dtype)


EXERCISE = Exercise(
    id="a/b",
    digest="d",
    title=Text((("en", "B"),)),
    task=Text((("en", "Do."),)),
    entrypoint="solve",
    parameters={"x": Spec()},
    reference=Truth(formula={"result": Formula("x**2")}),
    checks=(ValueCheck(name="value"),),
)
CASE = Case(
    name="one",
    group="one",
    origin=Origin.GIVEN,
    visible=True,
    dtype="float32",
    dims={},
    inputs={"x": tensor([1, -2])},
    expected={},
)
VALUE = Probe(op=ProbeOp.VALUE, case="one")
GRADIENT = Probe(op=ProbeOp.GRADIENT, case="one", of="result", wrt=("x",), cotangent=(1, 2, -3), full=8)


def with_truth(exercise: Exercise = EXERCISE, **truth: object) -> Exercise:
    return replace(exercise, reference=replace(exercise.reference, **truth))


def array(target: Target) -> list[float]:
    assert isinstance(target.value, Tensor)
    return to_numpy(target.value).tolist()


def test_the_most_exact_witness_comes_first() -> None:
    assert [reference.kind for reference in REFERENCES] == ["formula", "function", "expected"]


class TestFormula:
    """Formulas: values, derivatives, and where they are silent."""

    def test_values(self) -> None:
        targets = FormulaReference().targets(EXERCISE, CASE, VALUE, {})
        assert array(targets.value["result"]) == [1, 4]
        assert targets.value["result"].scale == 4
        assert FormulaReference().cases(EXERCISE, CASE) == ()

    def test_derivatives(self) -> None:
        targets = FormulaReference().targets(EXERCISE, CASE, GRADIENT, {})
        assert array(targets.value["x"]) == [2, -8]
        assert array(targets.full["x"]) == [[2, 0], [0, -4]]

    def test_declared_gradients(self) -> None:
        exercise = with_truth(gradient={"x": Formula("3 * grad_output * result")})
        targets = FormulaReference().targets(exercise, CASE, GRADIENT, {})
        assert array(targets.value["x"]) == [3, 24]
        assert array(targets.full["x"]) == [[3, 0], [0, 12]]
        assert FormulaReference().targets(exercise, CASE, replace(GRADIENT, order=2), {}).value == {}

    def test_what_cancels_is_zero_and_as_exact_as_its_terms(self) -> None:
        exercise = with_truth(formula={"result": Formula("x / sum(x)")})
        case = replace(CASE, inputs={"x": tensor([0.5])})
        target = FormulaReference().targets(exercise, case, GRADIENT, {}).value["x"]
        assert (array(target), target.scale) == ([0], 3 * 1 / 0.5)
        case = replace(CASE, inputs={"x": tensor([0.5, 4])})
        assert FormulaReference().targets(exercise, case, GRADIENT, {}).value["x"].scale < 1

    def test_one_declared_and_one_not(self) -> None:
        exercise = with_truth(formula={"result": Formula("x * y")}, gradient={"x": Formula("grad_output")})
        case = replace(CASE, inputs={"x": tensor([1, 2]), "y": tensor([3, 4])})
        targets = FormulaReference().targets(exercise, case, replace(GRADIENT, wrt=("x", "y")), {})
        assert {name: array(target) for name, target in targets.value.items()} == {"x": [1, 2], "y": [1, 4]}
        assert set(targets.full) == {"x", "y"}

    def test_seeds(self) -> None:
        probe = replace(GRADIENT, of="sum(result)", seeds=(("result", tensor([5, 7], "float64")),), full=0)
        assert array(FormulaReference().targets(EXERCISE, CASE, probe, {}).value["x"]) == [10, -28]

    @pytest.mark.parametrize(
        ("formula", "x", "says"),
        [("relu(x)", [0, 1], False), ("relu(x)", [2, 1], True), ("x", [0, 0], True)],
    )
    def test_at_a_kink_it_is_silent(self, formula: str, x: list[int], says: bool) -> None:
        exercise = with_truth(formula={"result": Formula(formula)})
        case = replace(CASE, inputs={"x": tensor(x)})
        assert answers(exercise, case, GRADIENT) is says
        assert bool(FormulaReference().targets(exercise, case, GRADIENT, {}).value) is says

    def test_of_complex_parameters_it_is_silent(self) -> None:
        case = replace(CASE, inputs={"x": tensor([1j], "complex64")})
        assert FormulaReference().targets(EXERCISE, case, GRADIENT, {}).value == {}

    def test_of_unknown_results_it_is_silent(self) -> None:
        assert FormulaReference().targets(EXERCISE, CASE, replace(GRADIENT, of="other"), {}).value == {}

    def test_where_an_exception_is_right_it_is_silent(self) -> None:
        assert FormulaReference().targets(EXERCISE, replace(CASE, raises="ValueError"), VALUE, {}).value == {}

    def test_expressions_stay_text(self) -> None:
        exercise = replace(EXERCISE, returns={"result": Spec(type=Type.EXPRESSION)})
        targets = FormulaReference().targets(exercise, CASE, VALUE, {})
        assert targets.value["result"].value == Expression(text="x**2")

    @pytest.mark.parametrize(
        ("checks", "formula", "enough"),
        [
            (("",), ("result",), True),
            (("",), (), False),
            (("result",), ("result",), True),
            (("x.after",), ("result",), False),
            (("sum(result)",), ("result",), True),
            (("sum(result)",), (), False),
            ((), (), True),
        ],
    )
    def test_whether_formulas_are_enough(self, checks: tuple[str, ...], formula: tuple[str, ...], enough: bool) -> None:
        exercise = replace(
            with_truth(formula=dict.fromkeys(formula, Formula("x"))),
            checks=tuple(ValueCheck(name=of, of=of) for of in checks),
        )
        assert answers(exercise, CASE, VALUE) is enough

    @pytest.mark.parametrize(
        ("holds", "formula", "enough"),
        [
            ("sum(result) == 1", ("result",), True),
            ("sum(result) == 1", (), False),
            ("x.after == x", (), True),
            ("not shares_memory(result, x)", (), True),
        ],
    )
    def test_a_property_wants_to_be_decided_for_the_right_results(
        self, holds: str, formula: tuple[str, ...], enough: bool
    ) -> None:
        exercise = replace(
            with_truth(formula=dict.fromkeys(formula, Formula("x"))), checks=(PropertyCheck(holds=Formula(holds)),)
        )
        assert answers(exercise, CASE, VALUE) is enough


def measured(probe: Probe, *answers: Observation | Incident) -> Mapping[Probe, Observation | Incident]:
    return {replace(probe, case=twin("one", number)): answer for number, answer in enumerate(answers)}


def returned(value: Value, **after: Value) -> Snapshot:
    return Snapshot(returned=value, after=after)


class TestFunction:
    """Functions: twins of a case, and targets with the error that the twins show."""

    EXERCISE = with_truth(formula={}, function=Python("def solve(x): return x**2"))

    def test_no_function_needs_no_twins(self) -> None:
        assert FunctionReference().cases(EXERCISE, CASE) == ()
        assert FunctionReference().cases(self.EXERCISE, replace(CASE, raises="ValueError")) == ()

    def test_twins_are_wide_and_a_little_apart(self) -> None:
        inputs = {
            "x": tensor([[1, 0.5], [0.5, 3]]),
            "z": tensor([1 + 2j], "complex64"),
            "i": from_numpy(np.array([1, 2])),
            "k": Scalar(type=ScalarType.INT, value=3),
        }
        exact, first, second = FunctionReference().cases(self.EXERCISE, replace(CASE, inputs=inputs))
        assert [each.name for each in (exact, first, second)] == ["one ~0", "one ~1", "one ~2"]
        assert {each.dtype for each in (exact, first, second)} == {"float64"}
        wide = exact.inputs["x"]
        assert isinstance(wide, Tensor)
        assert wide.dtype == "float64"
        np.testing.assert_array_equal(to_numpy(wide), [[1, 0.5], [0.5, 3]])
        for nudged in (first, second):
            moved = nudged.inputs["x"]
            assert isinstance(moved, Tensor)
            ratio = to_numpy(moved) / to_numpy(wide)
            np.testing.assert_allclose(np.abs(ratio - 1), STEP, rtol=1e-3)
            np.testing.assert_array_equal(to_numpy(moved), to_numpy(moved).T)
            assert nudged.inputs["i"] == inputs["i"]
            assert nudged.inputs["k"] == inputs["k"]
            assert nudged.inputs["z"] != exact.inputs["z"]
        assert first.inputs["x"] != second.inputs["x"]

    def test_zeros_and_ties_stay(self) -> None:
        _, first, _ = FunctionReference().cases(self.EXERCISE, replace(CASE, inputs={"x": tensor([0, 2, -2, 2])}))
        moved = first.inputs["x"]
        assert isinstance(moved, Tensor)
        zero, *rest = to_numpy(moved).tolist()
        assert zero == 0
        assert rest[0] == -rest[1] == rest[2] != 2

    def test_the_condition_is_measured(self) -> None:
        def near(change: float) -> Snapshot:
            return returned(tensor([1, 4 + change * STEP], "float64"))

        answers = measured(VALUE, near(0), near(100), near(-50))
        target = FunctionReference().targets(self.EXERCISE, CASE, VALUE, answers).value["result"]
        assert target.scale == 4
        assert target.condition == pytest.approx(100 * 2**0.5, rel=1e-2)
        assert target.error == pytest.approx(64 * 2.0**-52 * (4 + target.condition))

    def test_a_jump_is_no_slope(self) -> None:
        answers = measured(VALUE, *(returned(tensor([number], "float64")) for number in (2, 1, 2)))
        assert FunctionReference().targets(self.EXERCISE, CASE, VALUE, answers).value["result"].condition == 0

    def test_infinities_say_nothing_of_the_condition(self) -> None:
        answers = measured(VALUE, *(returned(tensor([np.inf, 2], "float64")) for _ in range(3)))
        assert FunctionReference().targets(self.EXERCISE, CASE, VALUE, answers).value["result"].condition == 0

    def test_whole_numbers_are_exact(self) -> None:
        answers = measured(VALUE, *(returned(from_numpy(np.array([number]))) for number in (2, 3, 2)))
        target = FunctionReference().targets(self.EXERCISE, CASE, VALUE, answers).value["result"]
        assert (target.condition, target.error) == (0, 0)

    @pytest.mark.parametrize(
        ("found", "condition"),
        [
            ((0, 0, 0), 2.0),
            ((1e-16, -1e-16, 3e-16), 2.0),
            ((1e-16, 1e-16 * (1 + STEP), 1e-16), pytest.approx(2**0.5 * 1e-16, rel=1e-2)),
        ],
    )
    def test_noise_is_as_exact_as_the_inputs(self, found: tuple[float, ...], condition: float) -> None:
        answers = measured(VALUE, *(returned(tensor([number], "float64")) for number in found))
        assert FunctionReference().targets(self.EXERCISE, CASE, VALUE, answers).value["result"].condition == condition

    def test_a_derivative_that_is_noise_is_zero(self) -> None:
        noise = Derivatives(shape=(2,), product={"x": tensor([1e-16, 0], "float64")})
        answers = {
            **measured(GRADIENT, noise, noise, noise),
            **measured(VALUE, returned(tensor([4, 8], "float64"))),
        }
        target = FunctionReference().targets(self.EXERCISE, CASE, GRADIENT, answers).value["x"]
        assert (array(target), target.scale) == ([0, 0], 3 * 8 / 1)

    def test_what_is_left_behind(self) -> None:
        left = replace(tensor([1], "float64"), grad=tensor([5], "float64"))
        answers = measured(VALUE, returned(Scalar(type=ScalarType.NONE, value=None), x=left))
        targets = FunctionReference().targets(self.EXERCISE, CASE, VALUE, answers)
        assert array(targets.value["x.grad"]) == [5]
        assert array(targets.value["x.after"]) == [1]

    def test_derivatives(self) -> None:
        found = Derivatives(
            shape=(2,), product={"x": tensor([2, 4], "float64")}, full={"x": tensor([[2, 0], [0, 4]], "float64")}
        )
        targets = FunctionReference().targets(self.EXERCISE, CASE, GRADIENT, measured(GRADIENT, found, found, found))
        assert array(targets.value["x"]) == [2, 4]
        assert array(targets.full["x"]) == [[2, 0], [0, 4]]

    @pytest.mark.parametrize(
        ("found", "expected"),
        [
            (Derivatives(shape=(2,), product={"x": None}), [0, 0]),
            (Derivatives(product={"x": None}, problem="no graph"), [0, 0]),
            (Derivatives(product={}, problem="no graph"), [0, 0]),
            (Derivatives(product={"x": None}, problem="not floating: int64"), None),
            (Incident(kind=IncidentKind.CRASHED, message=""), None),
        ],
    )
    def test_what_is_not_connected_is_zero(self, found: Observation | Incident, expected: list[int] | None) -> None:
        targets = FunctionReference().targets(self.EXERCISE, CASE, GRADIENT, measured(GRADIENT, found))
        assert (array(targets.value["x"]) if targets.value else None) == expected

    def test_what_was_not_measured_is_not_said(self) -> None:
        assert FunctionReference().targets(self.EXERCISE, CASE, VALUE, {}).value == {}


LITERALS: tuple[tuple[Literal, object, str], ...] = (
    (3, 3, "int64"),
    (-4.5, -4.5, "float64"),
    (True, True, "bool"),
    (((1, 2), (3, 4)), [[1, 2], [3, 4]], "int64"),
    ((1, 0.5), [1, 0.5], "float64"),
    ("1/3", 1 / 3, "float64"),
    ((1, "sqrt(4)"), [1, 2], "float64"),
    ((), [], "float64"),
    (((), ()), [[], []], "float64"),
    (float("-inf"), -np.inf, "float64"),
    ("2*x", [2, -4], "float64"),
    ("1 + 2j", 1 + 2j, "complex128"),
)


class TestExpected:
    """Literals."""

    @pytest.mark.parametrize(("literal", "value", "dtype"), LITERALS)
    def test_numbers_and_lists(self, literal: Literal, value: object, dtype: str) -> None:
        case = replace(CASE, expected={"result": literal})
        found = ExpectedReference().targets(EXERCISE, case, VALUE, {}).value["result"].value
        assert isinstance(found, Tensor)
        assert (to_numpy(found).tolist(), found.dtype) == (value, dtype)

    @pytest.mark.parametrize(
        ("literal", "type", "value"),
        [
            ("text", Type.STR, Scalar(type=ScalarType.STR, value="text")),
            ("9*x", Type.EXPRESSION, Expression(text="9*x")),
            (None, None, Scalar(type=ScalarType.NONE, value=None)),
            ("None", None, Scalar(type=ScalarType.NONE, value=None)),
            ("None", Type.STR, Scalar(type=ScalarType.STR, value="None")),
        ],
    )
    def test_other_types(self, literal: Literal, type: Type | None, value: Value) -> None:
        exercise = replace(EXERCISE, returns={"result": Spec(type=type)})
        case = replace(CASE, expected={"result": literal})
        assert ExpectedReference().targets(exercise, case, VALUE, {}).value["result"].value == value

    def test_a_mapping_is_a_dict(self) -> None:
        case = replace(CASE, expected={"result": {"a": 1, "b": (2.5,)}})
        target = ExpectedReference().targets(EXERCISE, case, VALUE, {}).value["result"]
        assert isinstance(target.value, Record)
        assert [name for name, _ in target.value.items] == ["a", "b"]
        assert target.scale == 2.5

    def test_a_mapping_in_a_list_is_refused(self) -> None:
        case = replace(CASE, expected={"result": ({"a": 1},)})
        with pytest.raises(FormulaError, match="has no place in a list of numbers"):
            ExpectedReference().targets(EXERCISE, case, VALUE, {})

    def test_of_derivatives_it_is_silent(self) -> None:
        case = replace(CASE, expected={"result": 1})
        assert ExpectedReference().targets(EXERCISE, case, GRADIENT, {}).value == {}
        assert ExpectedReference().cases(EXERCISE, case) == ()


def test_the_first_witness_wins() -> None:
    one, two, three = (Target(value=Scalar(type=ScalarType.INT, value=number)) for number in (1, 2, 3))
    merged = merge(
        (Targets(value={"a": one}), Targets(value={"a": two, "b": two}, full={"a": two, "b": two}), Targets(value={}))
    )
    assert merged == Targets(value={"a": one, "b": two}, full={"b": two})
    assert merge((Targets(value={"c": three}),)).value == {"c": three}
