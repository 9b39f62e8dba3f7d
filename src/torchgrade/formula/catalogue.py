"""Which function of the language is computed by what, and what each of its arguments has to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula import arrange, elementwise, linear, norms, predicates, reduce, spectrum
from torchgrade.formula.exact import Exact, Kind
from torchgrade.formula.functions import FUNCTIONS, bind
from torchgrade.formula.reading import Bound, Frame, Reading
from torchgrade.formula.tree import Call, Constant, Node, Stack
from torchgrade.model.said import said

Argument: TypeAlias = "Exact | int | bool | str | tuple[int, ...] | tuple[Exact, ...] | None"
Implementation: TypeAlias = Callable[..., Exact]


def _below(reading: Reading, x: Exact, offset: int) -> Exact:
    return arrange.triangle(reading, x, offset, lower=True)


def _above(reading: Reading, x: Exact, offset: int) -> Exact:
    return arrange.triangle(reading, x, offset, lower=False)


_SMOOTH = "exp expm1 log log2 log1p sqrt sin cos tan asin acos atan sinh cosh tanh sigmoid erf lgamma"

_TABLE: Final[Mapping[str, tuple[Implementation, str]]] = {
    "zeros": (arrange.zeros, "sizes"),
    "ones": (arrange.ones, "sizes"),
    "full": (arrange.full, "sizes array"),
    "eye": (arrange.eye, "int int?"),
    "arange": (arrange.arange, "number number number"),
    "linspace": (arrange.linspace, "number number int"),
    "one_hot": (arrange.one_hot, "array int"),
    **{name: (elementwise.smooth(name), "array") for name in _SMOOTH.split()},
    **{name: (elementwise.stepped(name), "array") for name in ("floor", "ceil", "round")},
    "abs": (elementwise.absolute, "array"),
    "sign": (elementwise.sign, "array"),
    "relu": (elementwise.relu, "array"),
    "isnan": (elementwise.is_nan, "array"),
    "isfinite": (elementwise.is_finite, "array"),
    "real": (elementwise.real, "array"),
    "imag": (elementwise.imag, "array"),
    "conj": (elementwise.conj, "array"),
    "float": (elementwise.to_float, "array"),
    "int": (elementwise.to_int, "array"),
    "clamp": (elementwise.clamp, "array array? array?"),
    "maximum": (elementwise.maximum, "array array"),
    "minimum": (elementwise.minimum, "array array"),
    "sum": (reduce.total, "array sizes? flag"),
    "prod": (reduce.product, "array sizes? flag"),
    "mean": (reduce.mean, "array sizes? flag"),
    "any": (reduce.some, "array sizes? flag"),
    "all": (reduce.every, "array sizes? flag"),
    "max": (reduce.extreme("max"), "array sizes? flag"),
    "min": (reduce.extreme("min"), "array sizes? flag"),
    "var": (reduce.variance, "array sizes? flag int"),
    "std": (reduce.deviation, "array sizes? flag int"),
    "norm": (norms.norm, "array number? sizes? flag"),
    "logsumexp": (reduce.log_sum_exp, "array sizes? flag"),
    "softmax": (reduce.softmax, "array sizes"),
    "log_softmax": (reduce.log_softmax, "array sizes"),
    "argmax": (reduce.position("argmax"), "array sizes? flag"),
    "argmin": (reduce.position("argmin"), "array sizes? flag"),
    "sort": (reduce.sort, "array int flag"),
    "argsort": (reduce.argsort, "array int flag"),
    "cumsum": (reduce.accumulate(np.add), "array int"),
    "cumprod": (reduce.accumulate(np.multiply), "array int"),
    "flip": (arrange.flip, "array sizes"),
    "roll": (arrange.roll, "array sizes sizes?"),
    "reshape": (arrange.reshape, "array sizes"),
    "permute": (arrange.permute, "array sizes"),
    "transpose": (arrange.transpose, "array int int"),
    "expand": (arrange.expand, "array sizes"),
    "stack": (arrange.stack, "arrays int"),
    "cat": (arrange.cat, "arrays int"),
    "gather": (arrange.gather, "array int array"),
    "windows": (arrange.windows, "array int int int"),
    "diag": (arrange.diag, "array int"),
    "diagonal": (arrange.diagonal, "array int int int"),
    "tril": (_below, "array int"),
    "triu": (_above, "array int"),
    "shape": (arrange.shape, "array"),
    "numel": (arrange.numel, "array"),
    "einsum": (linear.einsum, "text arrays"),
    "outer": (linear.outer, "array array"),
    "kron": (linear.kron, "array array"),
    "cross": (linear.cross, "array array int"),
    "trace": (linear.trace, "array"),
    "det": (linear.det, "array"),
    "inv": (linear.inv, "array"),
    "pinv": (spectrum.pinv, "array"),
    "rank": (spectrum.rank, "array"),
    "cholesky": (linear.cholesky, "array"),
    "svdvals": (spectrum.svdvals, "array"),
    "eigvalsh": (spectrum.eigvalsh, "array"),
    "solve": (linear.solve, "array array"),
    "low_rank": (spectrum.low_rank, "array int"),
    "cond": (norms.cond, "array number?"),
    "upper_triangular": (predicates.upper_triangular, "array"),
    "lower_triangular": (predicates.lower_triangular, "array"),
    "orthonormal": (predicates.orthonormal, "array"),
    "symmetric": (predicates.symmetric, "array"),
    "permutation": (predicates.permutation, "array"),
    "sorted": (predicates.ascending, "array"),
}

FORMS: Final = frozenset(
    {"where", "detach", "grad", "jacobian", "hessian", "jvp", "vjp", "at", "shares_memory", "same_object"}
)
"""Functions that look at their arguments' formulas, or at what was observed, and so are no part of the table."""


def integer(frame: Frame, node: Node) -> int:
    """A size, an axis or a count."""
    found = frame.read(node)
    if found.data.ndim or found.kind is not Kind.INT or not isinstance(found.data.item(), int):
        message = said("an integer is needed here, not {what}", what=_other(found))
        raise FormulaError(message, code="formula-kind", start=node.start, end=node.end)
    number = int(found.data.item())
    if not -(2**63) <= number < 2**63:
        message = said("this integer does not fit into 64 bits")
        raise FormulaError(message, code="formula-too-large", start=node.start, end=node.end)
    return number


def _other(found: Exact) -> str:
    """What stands where an integer should."""
    if found.data.ndim:
        return said("shape {shape}", shape=str(list(found.shape)))
    return said("a {kind}", kind=found.kind.word)


def sizes(frame: Frame, node: Node) -> tuple[int, ...]:
    """Integers, one by one or in vectors."""
    if isinstance(node, Stack):
        return tuple(size for item in node.items for size in sizes(frame, item))
    found = frame.read(node)
    if found.data.ndim == 0:
        return (integer(frame, node),)
    return tuple(int(place) for place in arrange.indices(found, said("a list of sizes")).ravel())


def _flag(frame: Frame, node: Node) -> bool:
    found = frame.read(node)
    if found.kind is not Kind.BOOL or found.data.ndim:
        raise FormulaError("True or False is needed here", code="formula-kind", start=node.start, end=node.end)
    return bool(found.data)


def _arrays(frame: Frame, node: Node) -> tuple[Exact, ...]:
    """The items of a list; a tensor counts as the list along its first axis."""
    if isinstance(node, Stack):
        return tuple(map(frame.read, node.items))
    found = frame.read(node)
    if found.data.ndim == 0:
        raise FormulaError("a list is needed here", code="formula-kind", start=node.start, end=node.end)
    return tuple(Exact(found.kind, np.asarray(item)) for item in found.data)


def _number(frame: Frame, node: Node) -> Exact:
    """A number; a tensor of one element counts as one."""
    found = frame.read(node)
    if found.data.size != 1 or found.kind is Kind.COMPLEX:
        what = "complex" if found.kind is Kind.COMPLEX else said("shape {shape}", shape=str(list(found.shape)))
        message = said("a real number is needed here, not {what}", what=what)
        raise FormulaError(message, code="formula-kind", start=node.start, end=node.end)
    return found


def _text(frame: Frame, node: Node) -> str:
    if not isinstance(node, Constant):
        raise FormulaError("einsum begins with its equation", code="formula-arguments", start=node.start, end=node.end)
    return node.name


_READERS: Final[Mapping[str, Callable[[Frame, Node], Argument]]] = {
    "array": lambda frame, node: frame.read(node),
    "arrays": _arrays,
    "number": _number,
    "int": integer,
    "sizes": sizes,
    "flag": _flag,
    "text": _text,
}


def bound(call: Call) -> Bound:
    """A call with its arguments found once and for all; what remains is to read them in a frame."""
    signature = FUNCTIONS[call.function]
    named = bind(signature, call)
    implementation, words = _TABLE[call.function]
    order = [parameter.name for parameter in signature.parameters] + (
        [signature.variadic] if signature.variadic else []
    )
    readers = [
        (None if named[name] == Constant("None") and word.endswith("?") else _READERS[word.rstrip("?")], named[name])
        for name, word in zip(order, words.split(), strict=True)
    ]

    def run(frame: Frame) -> Exact:
        return implementation(frame.reading, *(read and read(frame, node) for read, node in readers))

    return run
