"""Shows a formula: its normal form in the language, and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from torchgrade.formula.tree import (
    Attribute,
    Binary,
    Call,
    Compare,
    Conditional,
    Constant,
    Dots,
    Index,
    Name,
    Node,
    Number,
    Slice,
    Stack,
    Unary,
)

LOWEST: Final = 1
"""How tightly a conditional binds; everything else binds tighter."""
COMPARISON: Final = 5
POSTFIX: Final = 13
ATOM: Final = 14

_LEVELS: Final = {2: "or", 3: "and", 6: "|", 7: "^", 8: "&", 9: "+ -", 10: "* / // % @", 12: "**"}
_BINDING: Final = {word: level for level, words in _LEVELS.items() for word in words.split()}
_UNARY: Final = 11
_NOT: Final = 4
_TIGHT: Final = frozenset({"*", "/", "//", "%", "**"})

_GREEK: Final = "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi chi psi omega"
_SIGNS: Final = {
    "==": "=",
    "!=": r"\ne",
    "<=": r"\le",
    ">=": r"\ge",
    "is": "=",
    "is not": r"\ne",
    "and": r"\land",
    "or": r"\lor",
    "&": r"\land",
    "|": r"\lor",
    "^": r"\oplus",
    "%": r"\bmod",
}
_CONSTANTS: Final = {"pi": r"\pi", "inf": r"\infty", "nan": r"\mathrm{NaN}", "e": "e", "None": r"\mathrm{None}"}
_ATTRIBUTES: Final = {"T": "^{T}", "mT": "^{T}", "grad": r".\mathrm{grad}", "after": r"_{\mathrm{after}}"}
_FORMS: Final = {
    "sqrt": r"\sqrt{{{0}}}",
    "abs": r"\left|{0}\right|",
    "exp": "e^{{{0}}}",
    "floor": r"\lfloor {0} \rfloor",
    "ceil": r"\lceil {0} \rceil",
    "norm": r"\left\|{0}\right\|",
    "inv": r"{{{0}}}^{{-1}}",
    "pinv": r"{{{0}}}^{{+}}",
    "solve": r"{{{0}}}^{{-1}}\,{1}",
    "grad": r"\nabla_{{{1}}}\,{0}",
    "jacobian": r"\frac{{\partial {0}}}{{\partial {1}}}",
    "hessian": r"\nabla^2_{{{1}}}\,{0}",
    "where": r"\begin{{cases}}{1} & {0} \\ {2} & \text{{otherwise}}\end{{cases}}",
}
_NAMED: Final = frozenset({"log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "det", "max", "min"})
_LOOSE: Final = frozenset({"inv", "pinv", "solve", "grad", "jacobian", "hessian"})


def binding(node: Node) -> int:
    """How tightly the outermost operator of a formula binds, as in Python."""
    match node:
        case Binary():
            return _BINDING[node.operator]
        case Unary():
            return _NOT if node.operator == "not" else _UNARY
        case Compare():
            return COMPARISON
        case Conditional():
            return LOWEST
        case Index() | Attribute() | Call():
            return POSTFIX
        case _:
            return ATOM


def sides(operator: str) -> tuple[int, int]:
    """How tightly the left and the right operand must bind to stand without brackets."""
    own = _BINDING[operator]
    return (POSTFIX, _UNARY) if operator == "**" else (own, own + 1)


def decimal(value: Fraction, is_integer: bool) -> str:
    """An exact number as the shortest decimal that reads back as it."""
    if is_integer:
        return str(value.numerator)
    places = 0
    while (value * 10**places).denominator != 1 and places < 1000:
        places += 1
    digits = str((value * 10**places).numerator)
    if len(digits) > 24 or places > 24:
        bare = digits.rstrip("0")
        return f"{bare}e{len(digits) - len(bare) - places}"
    padded = digits.rjust(places + 1, "0")
    return f"{padded[: len(padded) - places]}.{padded[len(padded) - places :] or '0'}"


def plain(node: Node) -> str:
    """The formula's normal form: no bracket too many, `parse(plain(node)) == node`."""
    match node:
        case Number():
            return decimal(node.value, node.is_integer) + ("j" if node.is_imaginary else "")
        case Constant():
            return f"'{node.name}'" if "->" in node.name else node.name
        case Name():
            return node.name
        case Dots():
            return "..."
        case Unary():
            word = "not " if node.operator == "not" else node.operator
            return word + _within(node.operand, binding(node))
        case Binary():
            least = sides(node.operator)
            space = "" if node.operator in _TIGHT else " "
            return f"{_within(node.left, least[0])}{space}{node.operator}{space}{_within(node.right, least[1])}"
        case Compare():
            return f"{_within(node.left, COMPARISON + 1)} {node.operator} {_within(node.right, COMPARISON + 1)}"
        case Conditional():
            then, condition = _within(node.then, 2), _within(node.condition, 2)
            return f"{then} if {condition} else {plain(node.otherwise)}"
        case Stack():
            return f"[{_listed(node.items)}]"
        case Slice():
            bounds = ["" if part is None else plain(part) for part in (node.lower, node.upper)]
            return ":".join([*bounds, *([] if node.step is None else [plain(node.step)])])
        case Index():
            return f"{_within(node.operand, POSTFIX)}[{_listed(node.items)}]"
        case Attribute():
            number = isinstance(node.operand, Number)
            return f"{_within(node.operand, ATOM + 1 if number else POSTFIX)}.{node.name}"
        case Call():
            keywords = (f"{name}={plain(value)}" for name, value in node.keywords)
            return f"{node.function}({', '.join((*map(plain, node.arguments), *keywords))})"


def _within(node: Node, least: int) -> str:
    return plain(node) if binding(node) >= least else f"({plain(node)})"


def _listed(nodes: Iterable[Node]) -> str:
    return ", ".join(map(plain, nodes))


def latex(node: Node) -> str:
    """The formula in LaTeX's mathematics, to be read and not to be read back."""
    match node:
        case Number() | Constant() | Name() | Dots():
            return _symbol(node)
        case Unary():
            word = {"not": r"\lnot ", "~": r"\lnot "}.get(node.operator, node.operator)
            return word + _set(node.operand, binding(node))
        case Binary():
            return _operation(node)
        case Compare():
            sign = _SIGNS.get(node.operator, node.operator)
            return f"{_set(node.left, COMPARISON + 1)} {sign} {_set(node.right, COMPARISON + 1)}"
        case Conditional():
            return _FORMS["where"].format(latex(node.condition), latex(node.then), latex(node.otherwise))
        case Stack():
            return rf"\left[{_row(node.items)}\right]"
        case Slice():
            return ":".join("" if part is None else latex(part) for part in (node.lower, node.upper))
        case Index():
            return f"{{{_set(node.operand, POSTFIX)}}}_{{{_row(node.items)}}}"
        case Attribute():
            mark = _ATTRIBUTES.get(node.name, rf".\mathrm{{{node.name}}}".replace("_", r"\_"))
            return f"{{{_set(node.operand, POSTFIX)}}}{mark}"
        case Call():
            return _application(node)


def _symbol(node: Number | Constant | Name | Dots) -> str:
    if isinstance(node, (Number, Dots)):
        shown = r"\dots" if isinstance(node, Dots) else plain(node)
        mantissa, power, exponent = shown.partition("e")
        return rf"{mantissa} \cdot 10^{{{exponent}}}" if power else shown
    if isinstance(node, Constant):
        return _CONSTANTS.get(node.name, rf"\mathrm{{{node.name}}}")
    word, _, index = node.name.partition("_")
    base = word if len(word) == 1 else f"\\{word}" if word in _GREEK.split() else rf"\mathrm{{{word}}}"
    return base + (rf"_{{\mathrm{{{index}}}}}".replace("_", r"\_").replace(r"\_{", "_{", 1) if index else "")


def _operation(node: Binary) -> str:
    left, right = node.left, node.right
    if node.operator == "/":
        return rf"\frac{{{latex(left)}}}{{{latex(right)}}}"
    if node.operator == "//":
        return rf"\left\lfloor \frac{{{latex(left)}}}{{{latex(right)}}} \right\rfloor"
    if node.operator == "**":
        return f"{{{_set(left, POSTFIX)}}}^{{{latex(right)}}}"
    least = sides(node.operator)
    parts = (_set(left, least[0]), _set(right, least[1]))
    if node.operator == "@":
        return r"\,".join(parts)
    if node.operator == "*":
        return (r"\," if isinstance(left, Number) and not isinstance(right, Number) else r" \cdot ").join(parts)
    return f" {_SIGNS.get(node.operator, node.operator)} ".join(parts)


def _application(node: Call) -> str:
    form = _FORMS.get(node.function)
    arguments = [_set(each, ATOM) if node.function in _LOOSE else latex(each) for each in node.arguments]
    if form is not None and len(arguments) == form.count("{0}") + form.count("{1}") + form.count("{2}"):
        return form.format(*arguments) if not node.keywords else _spelled(node)
    if node.function == "sum" and len(arguments) == 1 and not node.keywords:
        return rf"\sum {_set(node.arguments[0], _BINDING['*'])}"
    return _spelled(node)


def _spelled(node: Call) -> str:
    word = rf"\{node.function}" if node.function in _NAMED else rf"\operatorname{{{node.function}}}"
    keywords = (rf"\mathrm{{{name}}}={latex(value)}" for name, value in node.keywords)
    return rf"{word.replace('_', chr(92) + '_')}\left({', '.join((*map(latex, node.arguments), *keywords))}\right)"


def _set(node: Node, least: int) -> str:
    return latex(node) if binding(node) >= least else rf"\left({latex(node)}\right)"


def _row(nodes: Iterable[Node]) -> str:
    return ", ".join(map(latex, nodes))
