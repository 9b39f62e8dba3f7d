"""Reads elementwise formulas with sympy: closed forms of derivatives, as a third witness.

A formula counts as elementwise if every name in it is one number, or tensors of one shape; `sum` is then the identity
under a derivative. sympy gets objects built one by one, with symbols named v0, v1, …: never text. Nothing is evaluated
while it is built, so x/x and log(exp(x)) stay as written; but sympy's derivative folds what it meets (the derivative of
x/x is 0, also at 0), so that `derivative_at` also asks whether the formula has a value there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from torchgrade.formula.display import latex, plain
from torchgrade.formula.scope import cycle
from torchgrade.formula.tree import Binary, Call, Compare, Constant, Name, Node, Number, Unary

if TYPE_CHECKING:
    import sympy

_DIGITS: Final = 50
_PARTS: Final = 400

_SYMPY: Final[Mapping[str, str]] = {
    **{
        name: name
        for name in ("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "erf")
    },
    "lgamma": "loggamma",
    "abs": "Abs",
}
_RELATIONS: Final[Mapping[str, str]] = {"==": "Eq", "!=": "Ne", "<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge"}


class _NotElementwiseError(Exception):
    """The formula is more than sympy can be asked about."""


def derivative_at(node: Node, lets: Mapping[str, Node], wrt: str, values: Mapping[str, float]) -> float | None:
    """The derivative of an elementwise formula where the names have these values; None where it has none."""
    import sympy

    try:
        reader = _Reader(lets)
        derivative = reader.derivative(node, wrt)
        itself = reader.known(reader.read(node))
    except _NotElementwiseError:
        return None
    if not reader.symbols.keys() <= values.keys():
        return None
    numbers = {symbol: sympy.Float(values[name], _DIGITS) for name, symbol in reader.symbols.items()}
    value, own = (each.xreplace(numbers).evalf(_DIGITS) for each in (derivative, itself))
    return float(value) if _is_real(value) and _is_real(own) else None


def _is_real(value: sympy.Expr) -> bool:
    return bool(value.is_Float or value.is_Rational)


@dataclass(slots=True)
class _Reader:
    """Builds sympy's objects; `held` are parts that count as constants until the derivative is taken."""

    lets: Mapping[str, Node]
    symbols: dict[str, sympy.Symbol] = field(default_factory=dict)
    held: dict[sympy.Symbol, sympy.Expr] = field(default_factory=dict)
    parts: int = 0

    def derivative(self, node: Node, wrt: str) -> sympy.Expr:
        """The derivative of a formula, with everything in it known again."""
        if cycle(self.lets):
            raise _NotElementwiseError
        return self.known(self.read(node).diff(self.symbol(wrt)))

    def known(self, expression: sympy.Expr) -> sympy.Expr:
        """The expression with the parts in it that were held."""
        for symbol, constant in reversed(self.held.items()):
            expression = expression.xreplace({symbol: constant})
        return expression

    def symbol(self, name: str) -> sympy.Symbol:
        import sympy

        return self.symbols.setdefault(name, sympy.Symbol(f"v{len(self.symbols)}", real=True))

    def hold(self, expression: sympy.Expr) -> sympy.Symbol:
        import sympy

        symbol = sympy.Symbol(f"c{len(self.held)}", real=True)
        self.held[symbol] = expression
        return symbol

    def read(self, node: Node) -> sympy.Expr:
        import sympy

        self.parts += 1
        if self.parts > _PARTS:
            raise _NotElementwiseError
        match node:
            case Number(value, _, False):
                return sympy.Rational(value.numerator, value.denominator)
            case Constant("pi"):
                return sympy.pi
            case Constant("e"):
                return sympy.E
            case Name(name):
                return self.read(self.lets[name]) if name in self.lets else self.symbol(name)
            case Unary("-", operand):
                return sympy.Mul(-1, self.read(operand), evaluate=False)
            case Unary("+", operand):
                return self.read(operand)
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
        raise _NotElementwiseError

    def _binary(self, node: Binary) -> sympy.Expr:
        import sympy

        left, right = self.read(node.left), self.read(node.right)
        quotient = sympy.Mul(left, sympy.Pow(right, -1, evaluate=False), evaluate=False)
        match node.operator:
            case "+":
                return sympy.Add(left, right, evaluate=False)
            case "-":
                return sympy.Add(left, sympy.Mul(-1, right, evaluate=False), evaluate=False)
            case "*":
                return sympy.Mul(left, right, evaluate=False)
            case "/":
                return quotient
            case "**":
                return sympy.Pow(left, right, evaluate=False)
            case "//":
                return self.hold(sympy.floor(quotient))
            case "%":
                return sympy.Add(left, sympy.Mul(-1, right, self.hold(sympy.floor(quotient))), evaluate=False)
        raise _NotElementwiseError

    def _call(self, node: Call) -> sympy.Expr:
        name = node.function
        if name == "grad" and len(node.arguments) == 2 and isinstance(node.arguments[1], Name):
            return self._gradient(*node.arguments)
        if node.keywords or "None" in map(plain, node.arguments):
            raise _NotElementwiseError
        if name == "where" and len(node.arguments) == 3:
            return self._where(*node.arguments)
        return self._applied(name, *map(self.read, node.arguments))

    def _gradient(self, inner: Node, wrt: Node) -> sympy.Expr:
        if isinstance(inner, Name) and inner.name in self.lets:
            inner = self.lets[inner.name]
        if isinstance(inner, Call) and inner.function == "sum" and len(inner.arguments) == 1 and not inner.keywords:
            inner = inner.arguments[0]
        return self.read(inner).diff(self.read(wrt))

    def _where(self, condition: Node, then: Node, otherwise: Node) -> sympy.Expr:
        import sympy

        if not isinstance(condition, Compare) or condition.operator not in _RELATIONS:
            raise _NotElementwiseError
        sides = self.read(condition.left), self.read(condition.right)
        relation = getattr(sympy, _RELATIONS[condition.operator])(*sides, evaluate=False)
        return sympy.Piecewise((self.read(then), relation), (self.read(otherwise), True), evaluate=False)

    def _applied(self, name: str, *operands: sympy.Expr) -> sympy.Expr:
        import sympy

        if name in _SYMPY and len(operands) == 1:
            return getattr(sympy, _SYMPY[name])(*operands, evaluate=False)
        match name, operands:
            case "detach", (x,):
                return self.hold(x)
            case (("floor" | "ceil" | "sign"), (x,)):
                return self.hold(getattr(sympy, "ceiling" if name == "ceil" else name)(x))
            case "sqrt", (x,):
                return sympy.Pow(x, sympy.Rational(1, 2), evaluate=False)
            case "log2", (x,):
                return sympy.log(x, evaluate=False) / sympy.log(2)
            case "log1p", (x,):
                return sympy.log(sympy.Add(1, x, evaluate=False), evaluate=False)
            case "expm1", (x,):
                return sympy.Add(sympy.exp(x, evaluate=False), -1, evaluate=False)
            case "sigmoid", (x,):
                return sympy.Pow(sympy.Add(1, sympy.exp(-x, evaluate=False), evaluate=False), -1, evaluate=False)
            case (("relu" | "maximum"), (x, *other)):
                return sympy.Max(x, *(other or [0]), evaluate=False)
            case "minimum", (x, y):
                return sympy.Min(x, y, evaluate=False)
            case "clamp", (x, low, high):
                return sympy.Min(sympy.Max(x, low, evaluate=False), high, evaluate=False)
        raise _NotElementwiseError


def derivative_latex(node: Node, lets: Mapping[str, Node], wrt: str) -> str | None:
    """The derivative of an elementwise formula, or of a sum of one, as LaTeX; None if it is more than that."""
    import sympy

    if isinstance(node, Call) and node.function == "sum" and len(node.arguments) == 1 and not node.keywords:
        node = node.arguments[0]
    reader = _Reader(lets)
    try:
        derivative = _evaluated(reader.derivative(node, wrt))
    except _NotElementwiseError:
        return None
    written = {symbol: latex(Name(name)) for name, symbol in reader.symbols.items()}
    return str(sympy.latex(derivative, symbol_names=written, fold_short_frac=False, ln_notation=False))


def _evaluated(expression: sympy.Expr) -> sympy.Expr:
    """The expression built again with sympy's own simple rules: 2*x*1 becomes 2*x."""
    import sympy

    if not expression.args:
        return expression
    if isinstance(expression, sympy.Piecewise):
        return sympy.Piecewise(*((_evaluated(value), condition) for value, condition in expression.args))
    return expression.func(*map(_evaluated, expression.args))
