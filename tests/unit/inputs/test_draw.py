"""Cases: names, sizes, dtypes, edges, given and derived inputs."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.checks.gradient import AtKink, GradientCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.errors import FormulaError
from torchgrade.inputs.draw import cases
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import CaseGroup, Edge, Exercise, Family, Formula, Range, Spec, Truth, Type
from torchgrade.model.text import Text
from torchgrade.model.value import Layout, Scalar, ScalarType, Series, Tensor
from torchgrade.numeric.arrays import Array, to_numpy


def shaped(*shape: str | int, **described: object) -> Spec:
    return Spec(shape=tuple(Formula(str(size)) for size in shape), **described)  # type: ignore[arg-type]


def between(low: object, high: object) -> Range:
    return Range(low=Formula(str(low)), high=Formula(str(high)))


def exercise(*groups: CaseGroup, **described: object) -> Exercise:
    described = {"parameters": {"A": shaped("m", "n")}, **described}
    return Exercise(
        id="t/x",
        digest="",
        title=Text(),
        task=Text(),
        entrypoint="f",
        cases=groups or (CaseGroup(draw=8),),
        **described,  # type: ignore[arg-type]
    )


def array(case: Case, name: str = "A") -> Array:
    value = case.inputs[name]
    assert isinstance(value, Tensor)
    return to_numpy(value)


def dtype(case: Case, name: str = "A") -> str:
    value = case.inputs[name]
    assert isinstance(value, Tensor)
    return value.dtype


INT, FLOAT = Spec(type=Type.INT), Spec(type=Type.FLOAT)
PLAIN = exercise()


def test_the_same_seed_gives_the_same_cases_and_another_gives_others() -> None:
    assert cases(PLAIN, "a") == cases(PLAIN, "a")
    assert cases(PLAIN, "a") != cases(PLAIN, "b")


def test_drawn_cases_alternate_dtypes_are_hidden_and_numbered() -> None:
    drawn = cases(PLAIN, "s")
    assert [case.name for case in drawn] == [f"drawn {number}" for number in range(1, 9)]
    assert {case.group for case in drawn} == {"drawn"}
    assert [case.dtype for case in drawn] == ["float32", "float64"] * 4
    assert [dtype(case) for case in drawn] == [case.dtype for case in drawn]
    assert {(case.origin, case.visible) for case in drawn} == {(Origin.DRAWN, False)}


def test_dims_differ_and_stay_in_their_ranges() -> None:
    parameters = {"A": shaped("m", "k"), "B": shaped("k", "n")}
    for case in cases(exercise(CaseGroup(draw=30), parameters=parameters), "s"):
        assert array(case).shape == (case.dims["m"], case.dims["k"])
        assert array(case, "B").shape == (case.dims["k"], case.dims["n"])
        assert len(set(case.dims.values())) == 3
        assert all(1 <= size <= 5 for size in case.dims.values())


def test_dims_bound_each_other_whatever_their_order() -> None:
    dims = {"m": between("n", 6), "n": between(1, 4), "k": between("m - n", "m - n")}
    for case in cases(exercise(CaseGroup(draw=20), dims=dims), "s"):
        assert case.dims["n"] < case.dims["m"] <= 6
        assert case.dims["k"] == case.dims["m"] - case.dims["n"]


def test_dims_without_room_to_differ_are_equal() -> None:
    dims = {"m": between(2, 2), "n": between(2, 2)}
    assert {array(case).shape for case in cases(exercise(dims=dims), "s")} == {(2, 2)}


def test_groups_change_dims_and_parameters() -> None:
    group = CaseGroup(name="ties", draw=2, dims={"m": between(3, 3)}, parameters={"A": Spec(family=Family.TIES)})
    for case in cases(exercise(group), "s"):
        assert case.group == "ties"
        assert array(case).shape[0] == 3
        assert len(np.unique(array(case))) <= 3


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        ((CaseGroup(draw=2), CaseGroup(draw=2)), ["drawn 1", "drawn 2", "drawn 3", "drawn 4"]),
        ((CaseGroup(name="tall", draw=1), CaseGroup(draw=1)), ["tall", "drawn 1"]),
        ((CaseGroup(name="tall", draw=2),), ["tall 1", "tall 2"]),
        (
            (CaseGroup(name="the book's", inputs={"A": ((1,),)}), CaseGroup(inputs={"A": ((2,),)})),
            ["the book's", "given 1"],
        ),
        ((CaseGroup(edges=(Edge.ONE, Edge.ZEROS)),), ["one", "zeros"]),
        ((CaseGroup(name="wide", edges=(Edge.ONE,)), CaseGroup(edges=(Edge.ONE,))), ["wide one", "one"]),
    ],
)
def test_names(groups: tuple[CaseGroup, ...], names: list[str]) -> None:
    assert [case.name for case in cases(exercise(*groups), "s")] == names


def test_without_parameters_there_is_one_visible_case() -> None:
    (case,) = cases(exercise(parameters={}), "s")
    assert (case.name, case.origin, case.visible, case.inputs) == ("given 1", Origin.GIVEN, True, {})


def test_given_inputs_name_the_dims() -> None:
    group = CaseGroup(name="g", inputs={"A": ((1, 2, 3), (4, 5, 6))}, expected={"result": 21})
    (case,) = cases(exercise(group, parameters={"A": shaped("m", "n"), "b": shaped("n", dtype=("int64",))}), "s")
    assert (case.dims, case.dtype, case.origin) == ({"m": 2, "n": 3}, "float32", Origin.DRAWN)
    assert array(case).tolist() == [[1, 2, 3], [4, 5, 6]]
    assert (array(case, "b").shape, dtype(case, "b")) == ((3,), "int64")
    assert case.expected == {"result": 21}
    assert not case.visible


def test_given_formulas_may_use_dims() -> None:
    group = CaseGroup(inputs={"A": "zeros(2, 3)", "b": "arange(n)"}, visible=False)
    (case,) = cases(exercise(group, parameters={"b": shaped("n"), "A": shaped("m", "n")}), "s")
    assert (array(case, "b").tolist(), case.visible) == ([0, 1, 2], False)
    assert list(case.inputs) == ["b", "A"]


def test_numbers_that_are_parameters_count_as_dims() -> None:
    parameters = {"n": INT, "i": Spec(type=Type.INT, range=between(0, "n - 1")), "x": shaped("n")}
    for case in cases(exercise(CaseGroup(draw=20), parameters=parameters), "s"):
        size, place = case.inputs["n"], case.inputs["i"]
        assert isinstance(size, Scalar)
        assert isinstance(place, Scalar)
        assert array(case, "x").shape == (size.value,)
        assert 0 <= int(str(place.value)) < int(str(size.value)) <= 6
        assert case.dims == {}
    (case,) = cases(exercise(CaseGroup(inputs={"n": 3}), parameters=parameters), "s")
    assert array(case, "x").shape == (3,)


def test_python_parameters() -> None:
    parameters = {
        "p": Spec(type=Type.FLOAT, range=between(0.2, 0.8)),
        "flag": Spec(type=Type.BOOL),
        "size": Spec(type=Type.SHAPE),
        "x": Spec(type=Type.SYMBOL),
    }
    drawn = cases(exercise(CaseGroup(draw=20), parameters=parameters), "s")
    shares = [getattr(case.inputs["p"], "value", 0) for case in drawn]
    assert 0.2 <= min(shares) < max(shares) <= 0.8
    assert {getattr(case.inputs["flag"], "value", 0) for case in drawn} == {True, False}
    assert all(isinstance(case.inputs["size"], Series) for case in drawn)
    assert drawn[0].inputs["x"] == Scalar(type=ScalarType.SYMBOL, value="x")


def test_dots_stand_for_the_same_axes_everywhere() -> None:
    parameters = {"X": shaped("...", "n"), "Y": shaped("...")}
    drawn = cases(exercise(CaseGroup(draw=30), parameters=parameters), "s")
    assert {array(case, "X").ndim for case in drawn} == {1, 2, 3, 4}
    assert all(array(case, "X").shape[:-1] == array(case, "Y").shape for case in drawn)
    (case,) = cases(exercise(CaseGroup(inputs={"X": "zeros(2, 5, 3)"}), parameters=parameters), "s")
    assert (case.dims["n"], array(case, "Y").shape) == (3, (2, 5))


@pytest.mark.parametrize(
    ("described", "names"),
    [
        ({"dtype": ("float16",)}, [("float16", "float16")] * 2),
        ({"dtype": ("complex128",)}, [("float64", "complex128")] * 2),
        ({"dtype": ("int64",)}, [("float32", "int64"), ("float64", "int64")]),
        ({"dtype": ("float32", "int64")}, [("float32", "float32"), ("float64", "int64")]),
        ({"dtype": ("uint8",)}, [("float32", "uint8"), ("float64", "uint8")]),
        ({"family": Family.PERMUTATION}, [("float32", "int64"), ("float64", "int64")]),
        ({"family": Family.MASK}, [("float32", "bool"), ("float64", "bool")]),
        ({"dtype": ("float32",), "family": Family.PERMUTATION}, [("float32", "float32")] * 2),
    ],
)
def test_dtypes(described: dict[str, object], names: list[tuple[str, str]]) -> None:
    drawn = cases(exercise(CaseGroup(draw=2), parameters={"A": shaped("n", **described)}), "s")
    assert [(case.dtype, dtype(case)) for case in drawn] == names


def test_badly_conditioned_cases_are_double_precision() -> None:
    parameters = {"A": shaped("n", "n", family=Family.INVERTIBLE, condition=1e6), "b": shaped("n")}
    drawn = cases(exercise(CaseGroup(draw=2, dims={"n": between(4, 4)}), parameters=parameters), "s")
    assert [(case.dtype, dtype(case, "b")) for case in drawn] == [("float64", "float64")] * 2


def test_derived_inputs_follow_what_they_need() -> None:
    parameters = {
        "b": shaped("m", value=Formula("c + 1")),
        "c": shaped("m", value=Formula("A @ x"), requires_grad=True),
        "A": shaped("m", "n"),
        "x": shaped("n"),
        "k": Spec(type=Type.INT, value=Formula("m * n")),
        "v": shaped("k"),
        "total": Spec(type=Type.FLOAT, value=Formula("sum(x)")),
    }
    for case in cases(exercise(CaseGroup(draw=4), parameters=parameters), "s"):
        product = array(case).astype(float) @ array(case, "x")
        np.testing.assert_allclose(array(case, "b"), product + 1, rtol=1e-6, atol=1e-6)
        assert (dtype(case, "c"), getattr(case.inputs["c"], "requires_grad", None)) == (case.dtype, True)
        assert array(case, "v").shape == (case.dims["m"] * case.dims["n"],)
        assert isinstance(getattr(case.inputs["total"], "value", None), float)
        assert case.inputs["k"] == Scalar(type=ScalarType.INT, value=case.dims["m"] * case.dims["n"])


EDGES: list[tuple[Edge, dict[str, Spec], object]] = [
    (Edge.EMPTY, {"A": shaped("m", "n")}, lambda case: array(case).shape == (0, case.dims["n"]) and case.dims["n"] > 0),
    (Edge.EMPTY, {"A": shaped("...", "n")}, lambda case: array(case).shape[0] == 0),
    (Edge.EMPTY, {"p": FLOAT, "A": shaped(2, "n")}, lambda case: array(case).shape == (2, 0)),
    (Edge.ONE, {"A": shaped("...", "n")}, lambda case: array(case).shape == (1, 1)),
    (Edge.ONE, {"A": shaped("m", "d")}, lambda case: array(case).shape == (1, 2)),
    (Edge.SQUARE, {"A": shaped("m", "n")}, lambda case: array(case).shape == (3, 3)),
    (Edge.ZEROS, {"A": shaped("m", "n")}, lambda case: not array(case).any()),
    (Edge.TIES, {"A": shaped("m")}, lambda case: array(case).size >= 4 and len(np.unique(array(case))) == 2),
    (Edge.TIES, {"A": shaped("...")}, lambda case: array(case).shape == (4,)),
    (Edge.STRIDED, {"A": shaped("m", "n", "d")}, lambda case: min(array(case).shape) >= 2),
    (Edge.TIES, {"A": shaped(12)}, lambda case: len(np.unique(array(case))) == 3),
    (Edge.NEGATIVE, {"A": shaped(9, range=between(0, 1))}, lambda case: (array(case) < 0).all()),
    (Edge.INTEGER, {"A": shaped(9)}, lambda case: dtype(case) == "int64" and np.abs(array(case)).max() > 2),
    (Edge.STRIDED, {"A": shaped(9)}, lambda case: getattr(case.inputs["A"], "layout", "") is Layout.STRIDED),
    (Edge.LARGE, {"A": shaped(20)}, lambda case: np.abs(array(case)).min() >= 1e3 and np.ptp(array(case)) > 1e4),
    (Edge.LARGE, {"A": shaped(9, range=between(0, 1))}, lambda case: array(case).min() >= 1e3),
    (
        Edge.TINY,
        {"A": shaped(20)},
        lambda case: np.abs(array(case)).min() > 1e-6 and np.abs(array(case)).max() < 1.01e-4,
    ),
]


@pytest.mark.parametrize(("edge", "parameters", "holds"), EDGES, ids=[str(edge) for edge, _, _ in EDGES])
def test_edges(edge: Edge, parameters: dict[str, Spec], holds: object) -> None:
    given = exercise(CaseGroup(edges=(edge,)), parameters=parameters, dims={"d": between(2, 5)})
    (case,) = cases(given, "s")
    assert (case.name, case.group, case.origin, case.visible) == (edge, "edges", Origin.EDGE, False)
    assert case.dtype == "float32"
    assert callable(holds)
    assert holds(case)


def test_edges_leave_structure_alone() -> None:
    parameters = {"A": shaped("n", "n", family=Family.INVERTIBLE), "b": shaped("n")}
    (case,) = cases(exercise(CaseGroup(edges=(Edge.ZEROS,)), parameters=parameters), "s")
    assert array(case).any()
    assert not array(case, "b").any()


@pytest.mark.parametrize(
    ("described", "groups", "sentence"),
    [
        (
            {"dims": {"m": between(2, "n")}},
            CaseGroup(dims={"n": between(1, 1)}),
            "`m`: the range 2..n is empty (2..1 for n",
        ),
        ({"dims": {"m": between("n", 3), "n": between("m", 3)}}, CaseGroup(), "the ranges of m, n wait for each other"),
        ({"parameters": {"A": shaped("n / 2")}}, CaseGroup(dims={"n": between(3, 3)}), "a size is a whole number"),
        ({"parameters": {"A": shaped("1 - n")}}, CaseGroup(dims={"n": between(3, 3)}), "has a negative size"),
        ({"parameters": {"A": shaped("n", range=between(2, 1))}}, CaseGroup(), "`A`: the range 2..1 is empty here"),
        ({"parameters": {"s": Spec(type=Type.STR)}}, CaseGroup(), "`s`: a str cannot be drawn"),
        ({}, CaseGroup(inputs={"A": (1, 2)}), "`A` has shape [2]; its parameter says [m, n]"),
        ({"parameters": {"A": shaped("n", "n")}}, CaseGroup(inputs={"A": ((1, 2),)}), "which is [1, 1] here"),
        ({"parameters": {"A": shaped(2)}}, CaseGroup(edges=(Edge.EMPTY,)), "finds no size that may be 0"),
        ({"parameters": {"n": INT}}, CaseGroup(edges=(Edge.TIES,)), "the edge `ties` changes no parameter here"),
        (
            {"parameters": {"a": shaped(1, value=Formula("b")), "b": shaped(1, value=Formula("a"))}},
            CaseGroup(),
            "the values of a, b need each other",
        ),
    ],
)
def test_what_cannot_be_drawn(described: dict[str, object], groups: CaseGroup, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        cases(exercise(groups, **described), "s")
    assert sentence in caught.value.message


def test_a_case_that_raises_may_have_any_shape() -> None:
    group = CaseGroup(inputs={"A": ((1, 2, 3), (3, 4, 5)), "b": (5, 6)}, raises="RuntimeError")
    (case,) = cases(exercise(group, parameters={"A": shaped("n", "n"), "b": shaped("n")}), "s")
    assert (array(case).shape, array(case, "b").shape, case.raises) == ((2, 3), (2,), "RuntimeError")


GRADIENT = GradientCheck(name="gradient")


def test_drawn_cases_keep_away_from_kinks_where_derivatives_are_graded() -> None:
    parameters = {"A": shaped(4, range=between(-0.004, 0.004))}
    described = {"parameters": parameters, "reference": Truth(formula={"result": Formula("abs(A)")})}
    avoiding = cases(exercise(CaseGroup(draw=10), checks=(GRADIENT,), **described), "s")
    assert min(np.abs(array(case)).min() for case in avoiding) > 1e-3
    anywhere = cases(exercise(CaseGroup(draw=10), checks=(ValueCheck(name="value"),), **described), "s")
    assert min(np.abs(array(case)).min() for case in anywhere) < 1e-3
    at_kinks = GradientCheck(name="gradient", at_kink=AtKink.ANY)
    assert cases(exercise(CaseGroup(draw=10), checks=(at_kinks,), **described), "s") == anywhere


def test_kinks_that_cannot_be_avoided_keep_the_farthest_draw() -> None:
    parameters = {"A": shaped(1, range=between(-0.0005, 0.0005))}
    described = {"parameters": parameters, "reference": Truth(formula={"result": Formula("abs(A)")})}
    (case,) = cases(exercise(CaseGroup(draw=1), checks=(GRADIENT,), **described), "s")
    assert np.abs(array(case)).min() > 4e-4


def test_the_cases_of_a_group_take_turns_at_every_size() -> None:
    asked = exercise(CaseGroup(draw=5), parameters={"A": shaped("m", "n")})
    for seed in ("one", "two", "three"):
        drawn = [case.dims for case in cases(asked, seed)]
        assert {sizes["m"] for sizes in drawn} == {1, 2, 3, 4, 5}
        assert all(sizes["m"] != sizes["n"] for sizes in drawn)
