"""What a formula says of names without being computed: which it needs, which it cannot know, what it observes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from torchgrade.errors import FormulaError
from torchgrade.formula import spelling
from torchgrade.formula.functions import DERIVATIVES, FUNCTIONS, OBSERVED, bind
from torchgrade.formula.tree import Attribute, Binary, Call, Compare, Conditional, Constant, Name, Node, Unary
from torchgrade.formula.walk import children, walk

_OBSERVED_CALLS: Final = frozenset({"shares_memory", "same_object"})
_FLAGS: Final = frozenset({"requires_grad", "is_leaf", "is_contiguous"})
OF_VALUES: Final = frozenset({"grad", "after"})


def names(node: Node) -> frozenset[str]:
    """The names whose values the formula needs; what `at` sets inside it is not needed."""
    if isinstance(node, Name):
        return frozenset({node.name})
    if isinstance(node, Call) and node.function == "at":
        values = frozenset[str]().union(*(names(value) for _, value in node.keywords))
        inner = frozenset[str]().union(*map(names, node.arguments))
        return values | (inner - {name for name, _ in node.keywords})
    return frozenset[str]().union(*map(names, children(node)))


def faults(node: Node, known: Collection[str]) -> tuple[FormulaError, ...]:
    """Everything that is wrong with names and arguments, in the order of the text."""
    found = [fault for each in walk(node) for fault in _faults(each, known)]
    return tuple(sorted(found, key=lambda fault: fault.start))


def _faults(node: Node, known: Collection[str]) -> Iterator[FormulaError]:
    match node:
        case Name() if node.name not in known:
            yield _unknown(node.name, known, node)
        case Call():
            yield from _call_faults(node, known)
        case Attribute() if node.name in OBSERVED and not _is_observable(node.operand):
            message = f".{node.name} is observed of a parameter or a result only"
            hint = f"write it behind the name: x.{node.name}"
            yield FormulaError(message, code="formula-arguments", start=node.start, end=node.end, hint=hint)


def _call_faults(node: Call, known: Collection[str]) -> Iterator[FormulaError]:
    try:
        bind(FUNCTIONS[node.function], node)
    except FormulaError as fault:
        yield fault
    if node.function == "at":
        yield from (_unknown(name, known, value) for name, value in node.keywords if name not in known)
    for argument in node.arguments if node.function in _OBSERVED_CALLS else ():
        if not _is_observable(argument):
            message = f"{node.function} looks at parameters and results as they are"
            yield FormulaError(
                message, code="formula-arguments", start=argument.start, end=argument.end, hint="write two names"
            )


def _is_observable(node: Node) -> bool:
    """A name, or what was left behind under it."""
    return isinstance(node, Name) or (isinstance(node, Attribute) and node.name in OF_VALUES)


def _unknown(name: str, known: Collection[str], place: Node) -> FormulaError:
    near = spelling.similar(name, known)
    hint = f"did you mean {near}?" if near else f"the names here are {', '.join(known)}" if known else ""
    if not near and name in FUNCTIONS:
        hint = f"{name} is a function; write {name}({FUNCTIONS[name]})"
    message = f"nothing is called {name} here" if known else f"no names exist here, and so not {name}"
    return FormulaError(message, code="formula-unknown-name", start=place.start, end=place.end, hint=hint)


def cycle(lets: Mapping[str, Node]) -> tuple[str, ...]:
    """The names of `let` that need each other, first and last the same; empty if there are none."""
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            return (*path[path.index(name) :], name)
        if name in done:
            return ()
        needed = sorted(names(lets[name]) & lets.keys())
        found = next(filter(None, (visit(each, (*path, name)) for each in needed)), ())
        done.add(name)
        return found

    return next(filter(None, (visit(name, ()) for name in lets)), ())


def derivative_order(node: Node, lets: Mapping[str, Node]) -> int:
    """How many derivatives stand in each other, also through `let`; a hessian counts as two."""
    known: dict[str, int] = {}

    def order(each: Node) -> int:
        if isinstance(each, Name):
            return by_name(each.name)
        below = max(map(order, children(each)), default=0)
        if isinstance(each, Call) and each.function in DERIVATIVES:
            return below + (2 if each.function == "hessian" else 1)
        return below

    def by_name(name: str) -> int:
        if name in lets and name not in known:
            known[name] = 0  # a circular `let` ends here; `cycle` reports it
            known[name] = order(lets[name])
        return known.get(name, 0)

    return order(node)


def uses_observed(node: Node) -> frozenset[str]:
    """Which of `grad after requires_grad is_leaf is_contiguous shares_memory same_object` occur."""
    attributes = {each.name for each in walk(node) if isinstance(each, Attribute)} & OBSERVED
    calls = {each.function for each in walk(node) if isinstance(each, Call)} & _OBSERVED_CALLS
    return frozenset(attributes | calls)


def is_structural(node: Node) -> bool:
    """True if a property looks at memory, graph or mutation only, and so says nothing of the right answer."""
    match node:
        case Constant("True" | "False"):
            return True
        case Call("all" | "any", (operand,)):
            return is_structural(operand)
        case Call():
            return node.function in _OBSERVED_CALLS
        case Attribute():
            return node.name in _FLAGS
        case Unary("not" | "~"):
            return is_structural(node.operand)
        case Binary("and" | "or" | "&" | "|" | "^") | Conditional():
            return all(map(is_structural, children(node)))
        case Compare():
            return _compares_structure(node)
        case _:
            return False


def _compares_structure(node: Compare) -> bool:
    sides = (node.left, node.right)
    if node.operator in {"is", "is not"}:
        return isinstance(node.left, Attribute) and node.left.name == "grad"
    for after, given in (sides, sides[::-1]):
        if isinstance(after, Attribute) and after.name == "after" and after.operand == given:
            return node.operator in {"==", "!="}
    return node.operator in {"==", "!="} and all(map(is_structural, sides))
