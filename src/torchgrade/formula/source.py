"""Turns formulas into torch source text: an expression, or a whole solution of an exercise.

`let` names are written out where they are used, so that derivatives pass through them.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from torchgrade.errors import FormulaError
from torchgrade.formula.display import ATOM, POSTFIX
from torchgrade.formula.parse import parse
from torchgrade.formula.scope import names
from torchgrade.formula.torch_calls import CALLS
from torchgrade.formula.torch_derive import HELPERS
from torchgrade.formula.torch_piece import Piece
from torchgrade.formula.torch_writer import Writer
from torchgrade.formula.tree import Node, Stack
from torchgrade.model.exercise import Exercise, Formula, Spec, Type

_TAKEN: Final = frozenset({"torch", "math", "sympy", "max", "min", "abs", "int", "float", "bool", "tuple", "round"})
_SORTS: Final = {Type.INT: "int", Type.FLOAT: "float", Type.BOOL: "bool", Type.SYMBOL: "symbol"}
_WHOLE: Final = ("int", "uint")


def solution(exercise: Exercise, formulas: Mapping[str, Formula]) -> str:
    """A module whose entry point returns, and leaves behind, what the formulas (by outcome) say."""
    if exercise.call is not None:
        raise _no_source("an exercise with `call` has an entry point that formulas cannot make", "write a `function`")
    for name in exercise.returns:
        if name not in formulas:
            raise _no_source(f"no formula says what {name} is", f"add a formula for {name}, or write a `function`")
    trees = {outcome: parse(text) for outcome, text in formulas.items()}
    writer = _writer(exercise)
    needed = _needed(trees.values(), writer.lets)
    body = [*_dims(exercise, needed, writer), *_body(exercise, trees, writer)]
    parameters = ", ".join(writer.names[name].text for name in exercise.parameters)
    lines = "\n".join(f"    {line}" for line in body)
    return _module(f"def {exercise.entrypoint}({parameters}):\n{lines}\n")


def _module(function: str) -> str:
    parts = [function]
    for name, helper in HELPERS.items():
        if any(re.search(rf"\b{name}\(", part) for part in parts):
            parts.insert(0, helper)
    text = "\n\n".join(parts)
    imports = "".join(f"import {module}\n" for module in ("math", "sympy", "torch") if f"{module}." in text)
    return f"{imports}\n\n{text}" if imports else text


def _writer(exercise: Exercise) -> Writer:
    pieces = {name: Piece(_safe(name), ATOM, "int", True) for name in (*exercise.dims, *_dim_names(exercise))}
    pieces |= {name: _parameter(name, spec) for name, spec in exercise.parameters.items()}
    floating = [name for name, spec in exercise.parameters.items() if _is_floating(spec)]
    lets = {name: parse(text) for name, text in exercise.let.items()}
    dtype = f"{pieces[floating[0]].text}.dtype" if floating else ""
    return Writer(names=pieces, lets=lets, calls=CALLS, dtype=dtype)


def _safe(name: str) -> str:
    """Parameters are passed by position, so that one in the way of what the text needs may be called otherwise."""
    return f"{name}_" if name in _TAKEN or keyword.iskeyword(name) else name


def _parameter(name: str, spec: Spec) -> Piece:
    if spec.type in _SORTS:
        return Piece(_safe(name), ATOM, _SORTS[spec.type], True)
    if spec.type is Type.SHAPE:
        return Piece(_safe(name), ATOM, "sizes")
    dtype = spec.dtype[0] if spec.dtype else ""
    return Piece(_safe(name), ATOM, "bool" if dtype == "bool" else "int" if dtype.startswith(_WHOLE) else "float")


def _is_floating(spec: Spec) -> bool:
    return spec.type in {None, Type.TENSOR} and _parameter("x", spec).sort == "float"


def _dim_names(exercise: Exercise) -> tuple[str, ...]:
    sizes = [size.strip() for spec in exercise.parameters.values() for size in spec.shape or ()]
    return tuple(size for size in sizes if size.isidentifier())


def _needed(trees: Iterable[Node], lets: Mapping[str, Node]) -> frozenset[str]:
    """The names that formulas need, also through `let`."""
    found = frozenset[str]().union(*map(names, trees))
    through = found & lets.keys()
    rest = {name: tree for name, tree in lets.items() if name not in through}
    return found | _needed((lets[name] for name in through), rest) if through else found


def _dims(exercise: Exercise, needed: frozenset[str], writer: Writer) -> Iterator[str]:
    """Lines that read the dims out of the shapes of the parameters."""
    missing = [name for name in dict.fromkeys((*_dim_names(exercise), *exercise.dims)) if name in needed]
    missing = [name for name in missing if name not in exercise.parameters]
    for name, spec in exercise.parameters.items():
        sizes = [size.strip() for size in spec.shape or ()]
        found = [size for size in dict.fromkeys(sizes) if size in missing]
        tensor = writer.names[name].text
        if len(found) == len(sizes) > 1:
            yield f"{', '.join(writer.names[size].text for size in sizes)} = {tensor}.shape"
        else:
            yield from (f"{writer.names[size].text} = {tensor}.shape[{_axis(sizes, size)}]" for size in found)
        missing = [size for size in missing if size not in found]
    for name in missing:
        fixed = exercise.dims.get(name)
        if fixed is None or parse(fixed.low) != parse(fixed.high):
            raise _no_source(f"no shape says how long {name} is", "write a `function`")
        yield f"{writer.names[name].text} = {writer.write(parse(fixed.low)).text}"


def _axis(sizes: list[str], size: str) -> int:
    axis = sizes.index(size)
    return axis - len(sizes) if "..." in sizes[:axis] else axis


def _body(exercise: Exercise, trees: Mapping[str, Node], writer: Writer) -> Iterator[str]:
    returned = [_returned(writer, trees[name], spec) for name, spec in exercise.returns.items()]
    left = {name: tree for name, tree in trees.items() if name not in exercise.returns}
    if not left:
        yield f"return {', '.join(returned)}" if returned else "pass"
        return
    # Everything is computed before anything is changed.
    changes = any(outcome.endswith(".after") for outcome in left)
    results = [_fresh(name, writer) for name in exercise.returns]
    copies = [
        f"({text}).clone()" if changes and _is_tensor(writer, trees[name], exercise.returns[name]) else text
        for name, text in zip(exercise.returns, returned, strict=True)
    ]
    yield from (f"{name} = {text}" for name, text in zip(results, copies, strict=True))
    yield from _left_behind(exercise, left, writer)
    if returned:
        yield f"return {', '.join(results)}"


def _fresh(name: str, writer: Writer, others: Collection[str] = ()) -> str:
    """A name that no parameter, no dim and none of the others has."""
    taken = {piece.text for piece in writer.names.values()} | {*_TAKEN, *others}
    return _fresh(f"{name}_", writer, others) if name in taken else name


def _is_tensor(writer: Writer, tree: Node, spec: Spec) -> bool:
    piece = writer.write(tree)
    return spec.type in {None, Type.TENSOR} and not piece.number


def _left_behind(exercise: Exercise, left: Mapping[str, Node], writer: Writer) -> Iterator[str]:
    stores = []
    for outcome, tree in left.items():
        name, _, kind = outcome.rpartition(".")
        if name not in exercise.parameters or kind not in {"grad", "after"}:
            raise _no_source(f"{outcome} is neither returned nor left behind", f"write {outcome} among `returns`")
        piece, parameter = writer.plain(tree), writer.names[name].text
        if piece.number:
            piece = Piece(f"torch.full_like({parameter}, {piece.text})")
        value = _fresh(f"{name}_{kind}", writer, exercise.returns)
        yield f"{value} = {piece.within(POSTFIX)}.detach().clone()"
        stores.append(f"{parameter}.grad = {value}" if kind == "grad" else f"{parameter}.copy_({value})")
    yield "with torch.no_grad():"
    yield from (f"    {store}" for store in stores)


def _returned(writer: Writer, tree: Node, spec: Spec) -> str:
    piece = writer.write(tree)
    match spec.type:
        case Type.INT | Type.FLOAT | Type.BOOL:
            is_that = piece.number and piece.sort == _SORTS[spec.type]
            return piece.text if is_that else f"{spec.type}({piece.text})"
        case Type.SHAPE:
            return _sizes(writer, tree, piece)
        case Type.TENSOR:
            return writer.tensor(piece).text
    if piece.sort == "sizes":
        return writer.tensor(piece).text
    return _with_dtype(writer, piece, spec)


def _sizes(writer: Writer, tree: Node, piece: Piece) -> str:
    if piece.sort == "sizes" or piece.number:
        return piece.text if piece.number else f"tuple({piece.text})"
    return writer.sizes(tree) if isinstance(tree, Stack) else f"tuple({piece.within(POSTFIX)}.tolist())"


def _with_dtype(writer: Writer, piece: Piece, spec: Spec) -> str:
    """The text, with the dtype that `returns` asks for."""
    if len(spec.dtype) != 1 or spec.dtype[0] in {"int", "complex", piece.sort}:
        return piece.text
    if spec.dtype[0] == "float":
        return writer.floating(writer.tensor(piece, "float")).text
    return f"{writer.tensor(piece).within(POSTFIX)}.to(torch.{spec.dtype[0]})"


def _no_source(message: str, hint: str) -> FormulaError:
    return FormulaError(message, code="formula-no-source", hint=hint)
