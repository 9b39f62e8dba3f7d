"""Complex numbers of Decimals: the arithmetic that arrays of them need."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, Union

Real: TypeAlias = Union[int, Decimal]
_ZERO = Decimal(0)
_REAL = (int, Decimal)
"""Arrays are not among them: numpy takes a number that declines through their elements."""


@dataclass(frozen=True, slots=True, eq=False)
class Complex:
    """re + im j."""

    re: Decimal
    im: Decimal

    @classmethod
    def of(cls, number: complex | Decimal | Complex) -> Complex:
        """Any number as a complex one, exactly."""
        if isinstance(number, Complex):
            return number
        if isinstance(number, complex):
            return cls(Decimal(number.real), Decimal(number.imag))
        return cls(Decimal(number), _ZERO)

    def __add__(self, other: Complex | Real) -> Complex:
        if isinstance(other, Complex):
            return Complex(self.re + other.re, self.im + other.im)
        return Complex(self.re + other, self.im) if isinstance(other, _REAL) else NotImplemented

    __radd__ = __add__

    def __neg__(self) -> Complex:
        return Complex(-self.re, -self.im)

    def __pos__(self) -> Complex:
        return self

    def __sub__(self, other: Complex | Real) -> Complex:
        return self + -other if isinstance(other, (Complex, *_REAL)) else NotImplemented

    def __rsub__(self, other: Complex | Real) -> Complex:
        return -self + other if isinstance(other, (Complex, *_REAL)) else NotImplemented

    def __mul__(self, other: Complex | Real) -> Complex:
        if isinstance(other, Complex):
            return Complex(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
        return Complex(self.re * other, self.im * other) if isinstance(other, _REAL) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Complex | Real) -> Complex:
        if not isinstance(other, Complex):
            return Complex(self.re / other, self.im / other) if isinstance(other, _REAL) else NotImplemented
        return self * other.conjugate() / (other.re * other.re + other.im * other.im)

    def __rtruediv__(self, other: Real) -> Complex:
        return Complex.of(Decimal(other)) / self

    def __pow__(self, exponent: int) -> Complex:
        """A whole power, by squaring."""
        if exponent < 0:
            return 1 / self**-exponent
        result, square = Complex(Decimal(1), _ZERO), self
        while exponent:
            if exponent & 1:
                result = result * square
            square, exponent = square * square, exponent >> 1
        return result

    def __abs__(self) -> Decimal:
        return (self.re * self.re + self.im * self.im).sqrt()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Complex):
            return self.re == other.re and self.im == other.im
        return self.im == 0 and self.re == other

    def __complex__(self) -> complex:
        return complex(float(self.re), float(self.im))

    def conjugate(self) -> Complex:
        return Complex(self.re, -self.im)
