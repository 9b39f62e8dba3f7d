"""How each function of the language is written in torch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from torchgrade.formula.display import LOWEST, POSTFIX, plain
from torchgrade.formula.functions import FUNCTIONS
from torchgrade.formula.torch_derive import DERIVE
from torchgrade.formula.torch_piece import Piece, joined
from torchgrade.formula.torch_writer import Bound, Rule, Writer, no_source
from torchgrade.formula.tree import Call, Constant, Node, Stack

NONE: Final = Constant("None")

# {x}: an argument; {.x}: one that a method hangs on; {x=}: a keyword, left out where it has its default.
_REDUCE: Final = "torch.{0}({{input}}{{dim=}}{{keepdim=}})"
_TEMPLATES: Final[Mapping[str, str]] = {
    **{name: _REDUCE.format(name) for name in ("sum", "prod", "mean", "any", "all", "argmax", "argmin", "logsumexp")},
    **{name: f"torch.linalg.{name}({{A}})" for name in ("det", "inv", "pinv", "cholesky", "svdvals", "eigvalsh")},
    **{name: f"torch.{name}({{input}}{{diagonal=}})" for name in ("diag", "tril", "triu")},
    **{name: f"torch.{name}({{input}}, dim={{dim}})" for name in ("softmax", "log_softmax", "cumsum", "cumprod")},
    **{name: f"torch.{name}({{size}}{{dtype}})" for name in ("zeros", "ones")},
    "max": _REDUCE.format("amax"),
    "min": _REDUCE.format("amin"),
    "var": "torch.var({input}{dim=}{correction=}{keepdim=})",
    "std": "torch.std({input}{dim=}{correction=}{keepdim=})",
    "norm": "torch.linalg.norm({input}{ord=}{dim=}{keepdim=})",
    "eye": "torch.eye({n}, {m}{dtype})",
    "linspace": "torch.linspace({start}, {end}, {steps}{dtype})",
    "sort": "torch.sort({input}{dim=}{descending=}).values",
    "argsort": "torch.argsort({input}{dim=}{descending=}, stable=True)",
    "flip": "torch.flip({input}, {dims})",
    "roll": "torch.roll({input}, {shifts}{dims=})",
    "reshape": "torch.reshape({input}, {shape})",
    "permute": "torch.permute({input}, {dims})",
    "transpose": "torch.transpose({input}, {dim0}, {dim1})",
    "expand": "{.input}.expand({size})",
    "gather": "torch.gather({input}, {dim}, {index})",
    "windows": "{.input}.unfold({dim}, {size}, {step})",
    "diagonal": "torch.diagonal({input}{offset=}{dim1=}{dim2=})",
    "outer": "torch.outer({input}, {vec2})",
    "kron": "torch.kron({input}, {other})",
    "cross": "torch.linalg.cross({input}, {other}{dim=})",
    "trace": "torch.trace({input})",
    "rank": "torch.linalg.matrix_rank({A})",
    "solve": "torch.linalg.solve({A}, {B})",
    "cond": "torch.linalg.cond({A}{p=})",
    "low_rank": "_low_rank({A}, {k})",
    "upper_triangular": "torch.equal({A}, torch.triu({A}))",
    "lower_triangular": "torch.equal({A}, torch.tril({A}))",
    "symmetric": "torch.equal({A}, {.A}.mT)",
}
_PLACE: Final = re.compile(r"\{(\.?)(\w+)(=?)\}")
_TENSORS: Final = frozenset({"input", "other", "vec2", "index", "A", "B"})
_COUNTS: Final = frozenset({"n", "m", "k", "steps"})

_MATH: Final = frozenset(
    {"exp", "expm1", "log", "log2", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh"}
    | {"tanh", "erf", "lgamma", "isnan", "isfinite"}
)
_ROUNDED: Final = {"floor": "math.floor", "ceil": "math.ceil", "round": "round"}
_SYMPY: Final = {"abs": "Abs", "ceil": "ceiling", "lgamma": "loggamma"}
_KEEP: Final = frozenset(
    {"abs", "sign", "floor", "ceil", "round", "relu", "conj", "sum", "prod", "max", "min", "flip", "roll", "sort"}
    | {"cumsum", "cumprod", "gather", "diag", "diagonal", "tril", "triu", "transpose", "permute", "reshape", "trace"}
    | {"outer", "kron", "cross", "windows", "expand"}
)
_SORTS: Final = {
    **dict.fromkeys(("isnan", "isfinite", "any", "all", "upper_triangular", "lower_triangular", "symmetric"), "bool"),
    **dict.fromkeys(("argmax", "argmin", "argsort", "rank", "one_hot", "numel"), "int"),
}


def templated(writer: Writer, call: Call, bound: Bound) -> Piece:
    """A function that a line of text describes."""
    signature = FUNCTIONS[call.function]
    sorts = [writer.plain(bound[name]).sort for name in bound if name in _TENSORS] or ["float"]

    def argument(place: re.Match[str]) -> str:
        method, name, keyword = place.groups()
        if name == "dtype":
            return writer.named_dtype()
        parameter = signature.parameter(name)
        if keyword and parameter is not None and plain(bound[name]) == str(parameter.default):
            return ""
        text = _argument(writer, call.function, name, bound[name], POSTFIX if method else LOWEST)
        return f", {name}={text}" if keyword else text

    template = _TEMPLATES[call.function]
    if call.function in {"max", "min"} and bound["dim"] == NONE and plain(bound["keepdim"]) == "False":
        template = f"torch.{call.function}({{input}})"
    if call.function == "eye" and bound["m"] == NONE:
        template = "torch.eye({n}{dtype})"
    return Piece(_PLACE.sub(argument, template), sort=_sort(call.function, sorts[0]))


def _argument(writer: Writer, function: str, name: str, node: Node, least: int) -> str:
    if name in _TENSORS:
        piece = writer.tensor(writer.plain(node))
        keeps = function in _KEEP or function in _SORTS
        return (piece if keeps else writer.floating(piece)).within(least)
    if isinstance(node, Stack) or (name == "size" and function != "windows"):
        return writer.sizes(node)
    piece = writer.write(node)
    return writer.integer(piece) if name in _COUNTS else piece.text


def _sort(function: str, sort: str) -> str:
    if function in {"sum", "prod", "cumsum", "cumprod", "trace"} and sort == "bool":
        return "int"
    return _SORTS.get(function, sort if function in _KEEP else "float")


def elementwise(writer: Writer, call: Call, bound: Bound) -> Piece:
    """A function of one tensor, or of one number."""
    name, operand = call.function, writer.plain(bound["input"])
    sort = _sort(name, operand.sort)
    if not operand.number:
        kept = name in _KEEP or name in _SORTS or name in {"real", "imag"}
        return Piece(f"torch.{name}({(operand if kept else writer.floating(operand)).text})", sort=sort)
    if operand.sort == "symbol":
        return Piece(f"sympy.{_SYMPY.get(name, name)}({operand.text})", POSTFIX, "symbol", True)
    if name in _MATH:
        return Piece(f"math.{name}({operand.text})", POSTFIX, sort, True)
    if name == "abs" or name in _ROUNDED:
        return Piece(f"{_ROUNDED.get(name, 'abs')}({operand.text})", POSTFIX, "int" if name in _ROUNDED else sort, True)
    return Piece(f"torch.{name}(torch.tensor({operand.text}, dtype=torch.float64)).item()", POSTFIX, sort, True)


def product(writer: Writer, call: Call, bound: Bound) -> Piece:
    """prod, which in torch knows no list of axes."""
    if isinstance(bound["dim"], Stack):
        raise no_source(call, "prod over several axes")
    return templated(writer, call, bound)


def log_sum_exp(writer: Writer, call: Call, bound: Bound) -> Piece:
    """logsumexp, which in torch needs an axis."""
    if bound["dim"] != NONE:
        return templated(writer, call, bound)
    return Piece(f"torch.logsumexp(torch.flatten({_argument(writer, 'logsumexp', 'input', bound['input'], 0)}), dim=0)")


def extreme_of_two(writer: Writer, call: Call, bound: Bound) -> Piece:
    """maximum and minimum, of which either may be a number."""
    pair = writer.plain(bound["input"]), writer.plain(bound["other"])
    sort, short = joined(*pair), call.function[:3]
    if all(each.number for each in pair):
        return Piece(f"{short}({pair[0].text}, {pair[1].text})", POSTFIX, sort, True)
    if any(each.number for each in pair):
        tensor, number = pair if pair[1].number else pair[::-1]
        bound_name = "min" if short == "max" else "max"
        return Piece(f"torch.clamp({tensor.text}, {bound_name}={number.text})", sort=sort)
    return Piece(f"torch.{call.function}({pair[0].text}, {pair[1].text})", sort=sort)


def clamp(writer: Writer, call: Call, bound: Bound) -> Piece:
    """clamp, whose bounds torch wants to be both numbers or both tensors, and at least one of them there."""
    operand = writer.plain(bound["input"])
    limits = {name: writer.plain(bound[name]) for name in ("min", "max") if bound[name] != NONE}
    if not limits:
        return operand
    sort = joined(operand, *limits.values())
    if operand.number and all(each.number for each in limits.values()):
        text = operand.text
        for name, other in (("min", "max"), ("max", "min")):
            text = f"{other}({text}, {limits[name].text})" if name in limits else text
        return Piece(text, POSTFIX, sort, True)
    if any(not each.number for each in limits.values()):
        limits = {name: writer.tensor(each, sort) for name, each in limits.items()}
    texts = [writer.tensor(operand).text, *(f"{name}={each.text}" for name, each in limits.items())]
    return Piece(f"torch.clamp({', '.join(texts)})", sort=sort)


def where(writer: Writer, call: Call, bound: Bound) -> Piece:
    """where, or Python's conditional if nothing in it is a tensor."""
    condition, first, second = (writer.plain(bound[name]) for name in ("condition", "input", "other"))
    sort = joined(first, second)
    if condition.number and first.number and second.number:
        text = f"{first.within(LOWEST + 1)} if {condition.within(LOWEST + 1)} else {second.within(LOWEST)}"
        return Piece(text, LOWEST, sort, True)
    if first.number and second.number and sort == "float":
        first = writer.tensor(first, sort)  # two Python numbers would make torch's default dtype
    return Piece(f"torch.where({writer.tensor(condition).text}, {first.text}, {second.text})", sort=sort)


def detached(writer: Writer, call: Call, bound: Bound) -> Piece:
    """detach as a method."""
    operand = writer.plain(bound["input"])
    return operand if operand.number else Piece(f"{operand.within(POSTFIX)}.detach()", sort=operand.sort)


def cast(writer: Writer, call: Call, bound: Bound) -> Piece:
    """float and int."""
    operand = writer.plain(bound["input"])
    if operand.number:
        return Piece(f"{call.function}({operand.text})", POSTFIX, call.function, True)
    dtype = "torch.int64" if call.function == "int" else writer.dtype or "torch.get_default_dtype()"
    return Piece(f"{operand.within(POSTFIX)}.to({dtype})", sort=call.function)


def filled(writer: Writer, call: Call, bound: Bound) -> Piece:
    """full, whose value may be a tensor."""
    size = writer.sizes(bound["size"])
    value = writer.plain(bound["fill_value"])
    if not value.number:
        return Piece(f"{value.within(POSTFIX)}.expand({size})", sort=value.sort)
    return Piece(f"torch.full({size}, {value.text}{writer.named_dtype(value.sort)})", sort=value.sort)


def ranged(writer: Writer, call: Call, bound: Bound) -> Piece:
    """arange, without what it begins with and steps by anyway."""
    pieces = [writer.write(bound[name]) for name in ("start", "end", "step")]
    texts = [each.text if each.number else f"{each.within(POSTFIX)}.item()" for each in pieces]
    sort = joined(*pieces)
    texts = texts if texts[2] != "1" else texts[:2] if texts[0] != "0" else texts[1:2]
    return Piece(f"torch.arange({', '.join(texts)}{writer.named_dtype(sort)})", sort=sort)


def one_hot(writer: Writer, call: Call, bound: Bound) -> Piece:
    """one_hot, of int64."""
    operand = writer.tensor(writer.plain(bound["input"]))
    index = operand.text if operand.sort == "int" else f"{operand.within(POSTFIX)}.to(torch.int64)"
    classes = writer.integer(writer.write(bound["num_classes"]))
    return Piece(f"torch.nn.functional.one_hot({index}{'' if classes == '-1' else f', {classes}'})", sort="int")


def listed(writer: Writer, call: Call, bound: Bound) -> Piece:
    """stack and cat, of a list."""
    tensors = bound["tensors"]
    if call.function == "stack" and plain(bound["dim"]) == "0":
        return writer.write(tensors)
    dim = "" if plain(bound["dim"]) == "0" else f", dim={plain(bound['dim'])}"
    pieces = map(writer.plain, tensors.items) if isinstance(tensors, Stack) else ()
    return Piece(f"torch.{call.function}({writer.tensors(tensors)}{dim})", sort=joined(*pieces))


def summed(writer: Writer, call: Call, bound: Bound) -> Piece:
    """einsum."""
    operands = bound["operands"]
    items = map(writer.plain, operands.items if isinstance(operands, Stack) else ())
    texts = [plain(bound["equation"]), *(writer.tensor(piece).text for piece in items)]
    return Piece(f"torch.einsum({', '.join(texts)})")


def measured(writer: Writer, call: Call, bound: Bound) -> Piece:
    """shape and numel."""
    piece = writer.plain(bound["input"])
    operand = (writer.tensor(piece) if piece.number else piece).within(POSTFIX)
    if call.function == "shape":
        return Piece(f"{operand}.shape", sort="sizes")
    return Piece(f"{operand}.numel()", POSTFIX, "int", True)


CALLS: Final[Mapping[str, Rule]] = {
    **{name: elementwise for name, each in FUNCTIONS.items() if each.note == "Elementwise." and name != "clamp"},
    **dict.fromkeys(_TEMPLATES, templated),
    **dict.fromkeys(("maximum", "minimum"), extreme_of_two),
    **dict.fromkeys(("float", "int"), cast),
    **dict.fromkeys(("stack", "cat"), listed),
    **dict.fromkeys(("shape", "numel"), measured),
    **DERIVE,
    "arange": ranged,
    "clamp": clamp,
    "detach": detached,
    "einsum": summed,
    "full": filled,
    "logsumexp": log_sum_exp,
    "one_hot": one_hot,
    "prod": product,
    "where": where,
}
"""Every function that can be written in torch."""
