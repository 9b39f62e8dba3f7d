"""The table of functions, and how arguments meet parameters."""

from __future__ import annotations

import pytest

from torchgrade.errors import FormulaError
from torchgrade.formula.display import plain
from torchgrade.formula.functions import FUNCTIONS, bind
from torchgrade.formula.parse import parse
from torchgrade.formula.tree import Call

LANGUAGE = """
zeros ones full eye arange linspace one_hot exp expm1 log log2 log1p sqrt abs sign floor ceil round sin cos tan asin
acos atan sinh cosh tanh sigmoid relu erf lgamma clamp maximum minimum where detach isnan isfinite real imag conj
float int sum prod mean var std max min any all norm logsumexp softmax log_softmax argmax argmin sort argsort cumsum
cumprod flip roll reshape permute transpose expand stack cat gather windows diag diagonal tril triu shape numel einsum
outer kron cross trace det inv pinv solve rank cholesky svdvals eigvalsh low_rank cond grad jacobian hessian jvp vjp
at upper_triangular lower_triangular orthonormal symmetric permutation sorted shares_memory same_object
"""


def test_every_function_of_the_language_is_there() -> None:
    assert sorted(FUNCTIONS) == sorted(LANGUAGE.split())


def call(text: str) -> Call:
    node = parse(text)
    assert isinstance(node, Call)
    return node


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("sum(x)", {"input": "x", "dim": "None", "keepdim": "False"}),
        ("sum(x, 0, True)", {"input": "x", "dim": "0", "keepdim": "True"}),
        ("sum(keepdim=True, input=x)", {"input": "x", "dim": "None", "keepdim": "True"}),
        ("softmax(x)", {"input": "x", "dim": "-1"}),
        ("std(x, correction=0)", {"input": "x", "dim": "None", "keepdim": "False", "correction": "0"}),
        ("norm(x, 1)", {"input": "x", "ord": "1", "dim": "None", "keepdim": "False"}),
        ("max(x, -1)", {"input": "x", "dim": "-1", "keepdim": "False"}),
        ("arange(n)", {"start": "0", "end": "n", "step": "1"}),
        ("arange(1, n)", {"start": "1", "end": "n", "step": "1"}),
        ("zeros(m, n)", {"size": "[m, n]"}),
        ("zeros([m, n])", {"size": "[m, n]"}),
        ("zeros()", {"size": "[]"}),
        ("zeros(shape(x))", {"size": "[shape(x)]"}),
        ("reshape(x, m, -1)", {"input": "x", "shape": "[m, -1]"}),
        ("reshape(x, shape=[m, n])", {"input": "x", "shape": "[m, n]"}),
        ("einsum('ij->ji', A)", {"equation": "'ij->ji'", "operands": "[A]"}),
        ("at(f, x=0, y=1)", {"f": "f"}),
        ("where(c, 1, 0)", {"condition": "c", "input": "1", "other": "0"}),
    ],
)
def test_binds(text: str, bound: dict[str, str]) -> None:
    node = call(text)
    assert {name: plain(each) for name, each in bind(FUNCTIONS[node.function], node).items()} == bound


@pytest.mark.parametrize(
    ("text", "piece", "message", "hint"),
    [
        ("sum()", "sum()", "sum needs input", "sum(input, dim=None, keepdim=False)"),
        ("sum(x, axis=0)", "0", "sum has no axis=", "write dim="),
        ("sum(x, keepdims=True)", "True", "sum has no keepdims=", "write keepdim="),
        ("sum(x, 0, dim=1)", "1", "sum gets dim twice", ""),
        ("sin(x, y)", "y", "sin takes one argument, not 2", ""),
        ("std(x, 0, True, 1)", "1", "std takes at most 3 arguments, not 4", ""),
        ("exp(x, base=2)", "2", "exp has no base=", "exp(input)"),
        ("max(a, b)", "max(a, b)", "max of two tensors is maximum", "write maximum(…, …)"),
        ("min(a, b + 1)", "min(a, b + 1)", "min of two tensors is minimum", "write minimum(…, …)"),
        ("transpose(A)", "transpose(A)", "transpose needs dim0", "transpose(input, dim0, dim1)"),
        ("grad(x**2, 2*x)", "2*x", "grad differentiates in a name", "write grad(f, x)"),
        ("at(f)", "at(f)", "at needs a name and its value", "write at(f, x=0)"),
        ("einsum(A, B)", "A", "einsum begins with its equation", "write einsum('ij,jk->ik', A, B)"),
    ],
)
def test_refuses_arguments(text: str, piece: str, message: str, hint: str) -> None:
    node = call(text)
    with pytest.raises(FormulaError) as caught:
        bind(FUNCTIONS[node.function], node)
    error = caught.value
    assert error.code == "formula-arguments"
    assert text[error.start : error.end] == piece
    assert error.message == message
    assert error.hint.startswith(hint)
