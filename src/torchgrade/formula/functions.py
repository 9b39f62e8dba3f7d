"""The functions of the formula language: one table of their names, parameters and defaults.

Names and orders of parameters are torch's. What each function computes is `evaluate`'s business; what it looks like
in torch is `source`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from typing import Final

from torchgrade.errors import FormulaError
from torchgrade.formula.tree import Call, Constant, Name, Node, Number, Stack, Unary


class Required(Enum):
    """The type of REQUIRED, so that a default of None can be told from no default."""

    REQUIRED = "required"


REQUIRED: Final = Required.REQUIRED

CONSTANTS: Final = frozenset({"True", "False", "None", "pi", "e", "inf", "nan"})
"""Names that mean the same in every formula, and so cannot name anything else."""

OBSERVED: Final = frozenset({"grad", "after", "requires_grad", "is_leaf", "is_contiguous"})
"""Attributes that speak of what was observed, and so make sense in properties only."""

ATTRIBUTES: Final = frozenset({"T", "mT", "shape", "ndim"}) | OBSERVED
"""Every attribute there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter; its default is the text of an integer, True or False, or None for None."""

    name: str
    default: str | Required | None = REQUIRED
    keyword_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The parameters of a function; `variadic` names the one that takes all further positional arguments."""

    parameters: tuple[Parameter, ...]
    variadic: str | None = None
    note: str = ""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if there is one."""
        return next((each for each in self.parameters if each.name == name), None)

    def __str__(self) -> str:
        return ", ".join((*map(_shown, self.parameters), *((f"*{self.variadic}",) if self.variadic else ())))


def _shown(parameter: Parameter) -> str:
    return parameter.name if parameter.default is REQUIRED else f"{parameter.name}={parameter.default}"


def _signature(text: str, note: str = "") -> Signature:
    """Read `input, dim=None, *, correction=1` or `input, *shape`."""
    parameters: list[Parameter] = []
    variadic, keyword_only = None, False
    for word in text.split(", "):
        name, has_default, default = word.partition("=")
        if word == "*":
            keyword_only = True
        elif word.startswith("*"):
            variadic = word[1:]
        else:
            value = REQUIRED if not has_default else None if default == "None" else default
            parameters.append(Parameter(name=name, default=value, keyword_only=keyword_only))
    return Signature(parameters=tuple(parameters), variadic=variadic, note=note)


_REDUCE: Final = "input, dim=None, keepdim=False"
_SPREAD: Final = "input, dim=None, keepdim=False, *, correction=1"
_ONE: Final = ("input", "Elementwise.")
_TABLE: Final[Mapping[str, tuple[str, str]]] = {
    # make
    "zeros": ("*size", "Sizes one by one or as one list; floating."),
    "ones": ("*size", "Sizes one by one or as one list; floating."),
    "full": ("size, fill_value", "`size` is a list."),
    "eye": ("n, m=None", "Floating; square without m."),
    "arange": ("start=0, end, step=1", "One argument is the end; integers unless one of them is not."),
    "linspace": ("start, end, steps", "Both ends included."),
    "one_hot": ("input, num_classes=-1", "Integers, along a new last axis; -1: as many as the greatest element needs."),
    # elementwise
    "exp expm1 log log2 log1p sqrt abs sign floor ceil round sin cos tan asin acos atan sinh cosh tanh": _ONE,
    "sigmoid relu erf lgamma isnan isfinite real imag conj": _ONE,
    "detach": ("input", "The same value; derivatives do not pass."),
    "float": ("input", "As floating numbers."),
    "int": ("input", "As integers, rounded towards zero."),
    "clamp": ("input, min=None, max=None", "Elementwise."),
    "maximum": ("input, other", "Elementwise, of two."),
    "minimum": ("input, other", "Elementwise, of two."),
    "where": ("condition, input, other", "The branch not taken does not count, in value and derivative."),
    # reduce
    "sum prod mean any all": (_REDUCE, "Over one axis, several ([0, 1]) or all."),
    "max": (_REDUCE, "The values; of two tensors elementwise: maximum."),
    "min": (_REDUCE, "The values; of two tensors elementwise: minimum."),
    "var": (_SPREAD, "Divided by n - correction."),
    "std": (_SPREAD, "Divided by n - correction."),
    "norm": (
        "input, ord=None, dim=None, keepdim=False",
        "torch.linalg.norm; without ord the root of the squares' sum.",
    ),
    "logsumexp": (_REDUCE, "Over all elements without dim."),
    "softmax": ("input, dim=-1", "Along one axis."),
    "log_softmax": ("input, dim=-1", "Along one axis."),
    "argmax": (_REDUCE, "The first position of the greatest; in reading order without dim."),
    "argmin": (_REDUCE, "The first position of the least; in reading order without dim."),
    # order
    "sort": ("input, dim=-1, descending=False", "The values."),
    "argsort": ("input, dim=-1, descending=False", "Stable."),
    "cumsum": ("input, dim", ""),
    "cumprod": ("input, dim", ""),
    "flip": ("input, *dims", ""),
    "roll": ("input, shifts, dims=None", "Without dims in reading order."),
    # arrange
    "reshape": ("input, *shape", "Sizes one by one or as one list; one may be -1."),
    "permute": ("input, *dims", "Axes one by one or as one list."),
    "transpose": ("input, dim0, dim1", ""),
    "expand": ("input, *size", "Sizes one by one or as one list; -1 keeps one."),
    "stack": ("tensors, dim=0", "`tensors` is a list."),
    "cat": ("tensors, dim=0", "`tensors` is a list."),
    "gather": ("input, dim, index", ""),
    "windows": ("input, size, step=1, dim=-1", "Tensor.unfold: windows of `size` along dim, laid on a new last axis."),
    "diag": ("input, diagonal=0", "A vector to a matrix, a matrix to its diagonal."),
    "diagonal": ("input, offset=0, dim1=0, dim2=1", ""),
    "tril": ("input, diagonal=0", ""),
    "triu": ("input, diagonal=0", ""),
    "shape": ("input", "A vector of integers."),
    "numel": ("input", "An integer."),
    # linear
    "einsum": ("equation, *operands", "The equation is the one text there is: einsum('ij,jk->ik', A, B), with ->."),
    "outer": ("input, vec2", ""),
    "kron": ("input, other", ""),
    "cross": ("input, other, dim=-1", ""),
    "trace": ("input", "2-d only."),
    "det inv pinv rank cholesky svdvals eigvalsh": ("A", "Over the last two axes."),
    "solve": ("A, B", "B is a vector only if 1-d."),
    "low_rank": ("A, k", "The matrix of rank k closest to A."),
    "cond": ("A, p=2", "The condition number."),
    # derive
    "grad": ("f, x", "f is a number."),
    "jacobian": ("f, x", "The axes of f come first."),
    "hessian": ("f, x", "f is a number."),
    "jvp": ("f, x, v", "The Jacobian times v."),
    "vjp": ("f, x, u", "u times the Jacobian."),
    "at": ("f", "at(f, x=0): f where names have other values; every keyword is a name."),
    # predicates
    "upper_triangular lower_triangular orthonormal symmetric": ("A", "A bool."),
    "permutation": ("input", "Whether it holds 0 to n-1, each once."),
    "sorted": ("input", "Whether it ascends; equal neighbours may stand."),
    "shares_memory": ("a, b", "Whether one's memory is the other's; observed."),
    "same_object": ("a, b", "Whether both are one Python object; observed."),
}

FUNCTIONS: Final[Mapping[str, Signature]] = {
    name: _signature(*row) for names, row in _TABLE.items() for name in names.split()
}
"""Every function of the language."""

DERIVATIVES: Final = frozenset({"grad", "jacobian", "hessian", "jvp", "vjp"})
"""The functions whose second argument is the name they differentiate in."""

_RENAMED: Final[Mapping[str, str]] = {"axis": "dim", "keepdims": "keepdim", "axes": "dims", "unbiased": "correction"}


def bind(signature: Signature, call: Call) -> Mapping[str, Node]:
    """Every parameter's argument or default; raises FormulaError if they do not fit.

    The variadic parameter is bound to one Stack of all its arguments, or to the list that stands alone in its place
    (`reshape(x, [2, 3])`); an item may itself be a vector of sizes (`zeros(shape(x))`). For `at`, only `f` is bound.
    The equation of einsum is a Constant named by it.
    """
    bound: dict[str, Node] = dict(_positional(signature, call))
    for name, node in call.keywords if call.function != "at" else ():
        if name != signature.variadic and signature.parameter(name) is None:
            raise _unknown_keyword(signature, call, name, node)
        if name in bound:
            raise _fault(call, f"{call.function} gets {name} twice", node)
        bound[name] = node
    for parameter in signature.parameters:
        if parameter.name not in bound:
            bound[parameter.name] = _default(parameter, call, signature)
    if signature.variadic:
        bound.setdefault(signature.variadic, Stack(()))
    _check(call, bound)
    return bound


def _check(call: Call, bound: Mapping[str, Node]) -> None:
    if call.function in DERIVATIVES and not isinstance(bound["x"], Name):
        raise _fault(call, f"{call.function} differentiates in a name", bound["x"], hint=f"write {call.function}(f, x)")
    if call.function == "at" and not call.keywords:
        raise _fault(call, "at needs a name and its value", hint="write at(f, x=0)")
    equation = bound.get("equation")
    if equation is not None and not (isinstance(equation, Constant) and "->" in equation.name):
        raise _fault(call, "einsum begins with its equation", equation, hint="write einsum('ij,jk->ik', A, B)")


def _positional(signature: Signature, call: Call) -> Iterator[tuple[str, Node]]:
    names = [each.name for each in signature.parameters if not each.keyword_only]
    if call.function == "arange" and len(call.arguments) == 1:
        names = ["end"]
    yield from zip(names, call.arguments, strict=False)
    further = call.arguments[len(names) :]
    if call.function in {"max", "min"} and len(call.arguments) == 2 and not _is_axis(call.arguments[1]):
        raise _fault(
            call,
            f"{call.function} of two tensors is {call.function}imum",
            hint=f"write {call.function}imum(…, …); the second argument of {call.function} is an axis: dim=…",
        )
    if further and signature.variadic is None:
        raise _fault(call, f"{call.function} takes {_count(len(names))}, not {len(call.arguments)}", further[0])
    if further and signature.variadic:
        alone = further[0] if len(further) == 1 and isinstance(further[0], Stack) else None
        spread = alone is not None and call.function != "einsum"
        yield signature.variadic, alone if alone is not None and spread else Stack(further)


def _is_axis(node: Node) -> bool:
    if isinstance(node, Unary) and node.operator == "-":
        node = node.operand
    if isinstance(node, Stack):
        return all(map(_is_axis, node.items))
    return (isinstance(node, Number) and node.is_integer) or node == Constant("None")


def _default(parameter: Parameter, call: Call, signature: Signature) -> Node:
    if parameter.default is None:
        return Constant("None")
    if isinstance(parameter.default, Required):
        raise _fault(call, f"{call.function} needs {parameter.name}", hint=f"{call.function}({signature})")
    if parameter.default in CONSTANTS:
        return Constant(parameter.default)
    number = Number(abs(Fraction(parameter.default)))
    return Unary("-", number) if parameter.default.startswith("-") else number


def _unknown_keyword(signature: Signature, call: Call, name: str, node: Node) -> FormulaError:
    names = [each.name for each in signature.parameters]
    meant = [_RENAMED[name]] if _RENAMED.get(name) in names else get_close_matches(name, names, 1)
    hint = f"write {meant[0]}=" if meant else f"{call.function}({signature})"
    return _fault(call, f"{call.function} has no {name}=", node, hint=hint)


def _count(number: int) -> str:
    return "one argument" if number == 1 else f"at most {number} arguments" if number else "no arguments"


def _fault(call: Call, message: str, node: Node | None = None, *, hint: str = "") -> FormulaError:
    place = node or call
    return FormulaError(message, code="formula-arguments", start=place.start, end=place.end, hint=hint)
