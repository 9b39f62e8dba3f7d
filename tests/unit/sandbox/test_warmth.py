"""What a zygote is warmed for, by the text of a work."""

from __future__ import annotations

import pytest

from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Limits, Python
from torchgrade.model.probe import Plan, Source, Work
from torchgrade.model.value import Scalar, ScalarType
from torchgrade.sandbox import ISOLATIONS
from torchgrade.sandbox.forking import ForkingSandbox
from torchgrade.sandbox.warmth import needs

SYMBOL = Scalar(type=ScalarType.SYMBOL, value="x")
NUMBER = Scalar(type=ScalarType.INT, value=1)


def work(source: str, call: str | None = None, given: Scalar = NUMBER) -> Work:
    case = Case(
        name="a",
        group="a",
        origin=Origin.GIVEN,
        visible=True,
        dtype="float32",
        dims={},
        inputs={"x": given},
        expected={},
    )
    plan = Plan(
        entrypoint="f",
        parameters=("x",),
        returns=(),
        call=None if call is None else Python(call),
        limits=Limits(),
        cases=(case,),
        probes=(),
    )
    return Work(source=Source(text=source, filename="s.py"), plans=(plan,))


@pytest.mark.parametrize(
    ("given", "topics"),
    [
        (work("def f(x): return x * x"), ()),
        (work("y.sum().backward()"), ()),
        (work("def backward(ctx, grad_output): return grad_output"), ()),
        (work("y.backward(torch.ones(3))"), ("cotangent",)),
        (work("torch.autograd.grad(y, x, v)"), ("cotangent",)),
        (work("torch.func.grad(f)"), ("functional",)),
        (work("from torch import nn, func"), ("functional",)),
        (work("opt = torch.optim.SGD(p)"), ("functional",)),
        (work("function_of_x = 1"), ()),
        (work("import sympy"), ("sympy",)),
        (work("", call="def call(f, x): return torch.func.functional_call(f, {}, x)"), ("functional",)),
        (work("", given=SYMBOL), ("sympy",)),
        (work("from torch.func import vmap; import sympy; y.backward(v)"), ("cotangent", "functional", "sympy")),
    ],
)
def test_needs(given, topics):
    assert needs(given) == topics


def test_the_table_names_its_levels_the_weakest_first():
    assert list(ISOLATIONS) == ["process", "sandbox", "namespaces"]


def test_warmth_is_one_of_two():
    with pytest.raises(ValueError, match="tepid"):
        ForkingSandbox(warm="tepid")
