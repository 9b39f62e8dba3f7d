"""Dataclasses as plain JSON and back, exactly: how, is planned once for each class, from its fields.

A field that has its default is absent. Fractions are text (`"1/3"`), enums their values, tuples lists, bytes base64,
floats that JSON does not have `{"float": "nan"}`. What is read must have the types of the fields. A field that the
class does not have is refused: whoever wrote it knows more than we do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache, partial
from operator import attrgetter
from types import NoneType, UnionType
from typing import Generic, NamedTuple, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from torchgrade.errors import WireError
from torchgrade.wire.fields import exactly
from torchgrade.wire.plain import PLAIN, Turn, Way, of_enum, of_scalars

T = TypeVar("T")
Hint: TypeAlias = object
_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_ALWAYS = object()
"""The default of fields that have none: no value equals it."""
LOOK_ALIKES = 512
"""So many instances of a class are kept for others that look like them."""


class Part(NamedTuple):
    """A field of a dataclass: its name, what it is when it is absent, and the way of its type."""

    name: str
    default: object
    write: Turn | None
    read: Turn
    is_flat: bool


class Codec(Generic[T]):
    """Instances of one dataclass as bytes and back."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._way = _of_dataclass(kind, alike=0)

    def encode(self, value: T) -> bytes:
        """Compact JSON. Half of a surrogate pair stays what it is, in what is then not quite UTF-8."""
        return dumps(self.plain(value))

    def decode(self, data: bytes) -> T:
        """The instance; a WireError if the bytes are none."""
        return self.of_plain(loads(data))

    def plain(self, value: T) -> object:
        """What `json` can write."""
        return cast("Turn", self._way.write)(value)

    def of_plain(self, plain: object) -> T:
        """The instance that was written so; a WireError if there is none."""
        try:
            return cast("T", self._way.read(plain))
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise WireError(f"this is no {self._kind.__name__}: {error}") from error


def dumps(plain: object) -> bytes:
    """Compact JSON of what `json` can write."""
    return _dumps(plain).encode("utf-8", "surrogatepass")


def loads(data: bytes) -> object:
    """What stands in JSON; a WireError if it is none."""
    try:
        return cast("object", json.loads(data.decode("utf-8", "surrogatepass")))
    except (ValueError, RecursionError) as error:
        raise WireError(f"this is no JSON: {error}") from error


@cache
def _way(hint: Hint) -> Way:
    """How a type is written and read."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if origin in (Union, UnionType):
        return _of_union(arguments)
    if origin is tuple:
        return _of_tuple(arguments)
    if origin is Mapping and arguments[0] is str:
        return _of_mapping(_way(arguments[1]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return of_enum(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _of_dataclass(hint)
    if hasattr(hint, "__supertype__"):
        return _way(hint.__supertype__)
    raise TypeError(f"{hint} cannot be written as JSON")


def _of_dataclass(kind: type, alike: int = LOOK_ALIKES) -> Way:
    hints = get_type_hints(kind)
    plan = [Part(field.name, _default(field), *_way(hints[field.name])) for field in fields(kind) if field.init]
    return Way(_writer(plan, alike), _reader(kind, plan, alike))


def _default(field: Field[object]) -> object:
    """What is absent. Floats are always written, because -0.0 equals 0.0 and 0 does."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    return _ALWAYS if field.default is MISSING or isinstance(field.default, float) else field.default


def _writer(plan: Sequence[Part], alike: int) -> Turn:
    """Writes the parts that are not as they are by default; those of look-alikes once (see `_reader`)."""
    flat, deep = [part for part in plan if part.is_flat], [part for part in plan if not part.is_flat]
    flat_values, deep_values, defaults = _values(flat), _values(deep), tuple(part.default for part in deep)

    def parts(values: tuple[object, ...], plan: Sequence[Part]) -> dict[str, object]:
        pairs = zip(plan, values, strict=True)
        return {
            part.name: part.write(value) if part.write else value
            for part, value in pairs
            if value is not part.default and value != part.default
        }

    @lru_cache(maxsize=alike)
    def once(values: tuple[object, ...]) -> dict[str, object]:
        return parts(values, flat)

    def write(instance: object) -> dict[str, object]:
        written, values = once(flat_values(instance)), deep_values(instance)
        return written if values == defaults else written | parts(values, deep)

    return write


def _values(plan: Sequence[Part]) -> Callable[[object], tuple[object, ...]]:
    """The values of these fields."""
    if len(plan) > 1:
        return attrgetter(*(part.name for part in plan))
    return lambda instance: tuple(getattr(instance, part.name) for part in plan)


def _reader(kind: Callable[..., object], plan: Sequence[Part], alike: int) -> Turn:
    """Reads an instance. Look-alikes are one: nearly all findings of a class are `accepted`, in the same few cases."""
    readers = {part.name: part.read for part in plan}
    flat = {part.name for part in plan if part.is_flat}

    def instance(given: dict[str, object]) -> object:
        try:
            return kind(**{name: readers[name](value) for name, value in given.items()})
        except (KeyError, TypeError) as error:
            raise WireError(_unfit(given, readers, error)) from error

    @lru_cache(maxsize=alike)
    def once(items: tuple[tuple[str, object], ...]) -> object:
        return instance(dict(items))

    def read(data: object) -> object:
        given = exactly(dict, data)
        return once(tuple(given.items())) if given.keys() <= flat else instance(given)

    return read


def _unfit(given: Mapping[str, object], readers: Mapping[str, Turn], error: Exception) -> str:
    """Why these fields make no instance."""
    unknown = [name for name in given if name not in readers]
    if unknown:
        return f"the field {unknown[0][:40]!r} is unknown; a newer torchgrade may have written it"
    return f"a field is missing or unfit: {error}"


def _of_union(arguments: tuple[Hint, ...]) -> Way:
    """Something or None, or one of several plain types."""
    kinds = [kind for kind in arguments if kind is not NoneType]
    if len(kinds) == 1:
        write, read, _ = _way(kinds[0])
        return Way(write and partial(_unless_none, write), partial(_unless_none, read))
    return of_scalars(arguments)


def _unless_none(turn: Turn, value: object) -> object:
    return None if value is None else turn(value)


def _of_tuple(arguments: tuple[Hint, ...]) -> Way:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        write, read, _ = _way(arguments[0])
        return Way(partial(_list, write) if write else None, lambda data: tuple(map(read, exactly(list, data))))
    ways = [_way(argument) for argument in arguments]
    return Way(
        partial(_parts, [way.write or _same for way in ways]),
        lambda data: tuple(_parts([way.read for way in ways], exactly(list, data))),
    )


def _list(write: Turn, values: object) -> list[object]:
    return [write(value) for value in cast("tuple[object, ...]", values)]


def _parts(turns: list[Turn], values: object) -> list[object]:
    return [turn(value) for turn, value in zip(turns, cast("list[object]", values), strict=True)]


def _of_mapping(entry: Way) -> Way:
    def write(mapping: object) -> object:
        turn = entry.write or _same
        return {name: turn(value) for name, value in cast("Mapping[str, object]", mapping).items()}

    return Way(write, lambda data: {name: entry.read(value) for name, value in exactly(dict, data).items()})


def _same(value: object) -> object:
    return value
