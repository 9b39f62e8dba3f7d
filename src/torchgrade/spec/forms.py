"""The bare forms: what a file may write in fewer words, as a schema and as what it stands for, side by side.

A list where a Spec stands is its shape, a word its type; text where a reference stands is its formula, a word where a
check stands its kind, text where a Text stands is English; a value without an outcome speaks of the only one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast

from torchgrade.checks import CHECKS
from torchgrade.model.assignment import Assignment, Item
from torchgrade.model.check import Check
from torchgrade.model.exercise import CaseGroup, Formula, Limits, Mistake, Python, Range, Spec, Truth, Type
from torchgrade.model.text import FALLBACK, Text
from torchgrade.spec.build import Builder, Form, literal
from torchgrade.spec.derive import Deriver, Schema
from torchgrade.spec.document import Plain

REAL = ("float16", "bfloat16", "float32", "float64")
WHOLE = ("uint8", "int8", "int16", "int32", "int64")
COMPLEX = ("complex64", "complex128")
DTYPES = (*REAL, *WHOLE, "bool", *COMPLEX)
KINDS_OF_DTYPE = ("float", "int", "complex")
"""What `returns` may say instead of a dtype."""

BETWEEN = re.compile(r"(?<=[^.])\.\.(?=[^.])")
LANGUAGE = "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"
FORMULA_TYPES = ["string", "number", "boolean"]


def formula_schema(deriver: Deriver) -> Schema:
    """Text, or a number or bool that is a formula by itself."""
    return {"description": "A formula.", "type": FORMULA_TYPES, "minLength": 1}


def formula(builder: Builder, data: Plain) -> Formula:
    """A formula as text."""
    return Formula(data if isinstance(data, str) else str(data))


def python_schema(deriver: Deriver) -> Schema:
    """A block of Python."""
    return {"description": "Python source text; it runs in the sandbox only.", "type": "string", "minLength": 1}


def text_schema(deriver: Deriver) -> Schema:
    """English, or text by language."""
    one = {"type": "string", "minLength": 1}
    return {
        "description": "Text, or text by language: {en: …, zh: …}.",
        "type": ["string", "object"],
        "minLength": 1,
        "minProperties": 1,
        "propertyNames": {"pattern": LANGUAGE},
        "additionalProperties": one,
    }


def text(builder: Builder, data: Plain) -> Text:
    """Text in every language it is written in."""
    if isinstance(data, dict):
        return Text(tuple((language, str(sentence)) for language, sentence in data.items()))
    return Text(((FALLBACK, str(data)),))


def range_schema(deriver: Deriver) -> Schema:
    """A number, or two ends."""
    return {
        "description": "A number, or low..high with both included; each end is a formula of sizes.",
        "type": ["number", "string"],
        "pattern": r"^(?!.*\.\.\.).*[^.]\.\.[^.]",
    }


def range_of(builder: Builder, data: Plain) -> Range:
    """Both ends of a range; a number is both."""
    low, high = ends(str(data))
    return Range(low=Formula(low), high=Formula(high))


def ends(text: str) -> tuple[str, str]:
    """`low` and `high` of `low..high`."""
    parts = [part.strip() for part in BETWEEN.split(text, maxsplit=1)]
    return parts[0], parts[-1]


def spec_schema(deriver: Deriver) -> Schema:
    """A list is a shape, a word a type."""
    shape = deriver.schema(tuple[Formula, ...])
    word: Schema = {"if": {"type": "string"}, "then": deriver.schema(Type)}
    return {**deriver.described(Spec), "type": ["array", "string", "object"], "items": shape["items"], **word}


def spec(builder: Builder, data: Plain) -> object:
    """A Spec from a shape, a type, or its fields."""
    if isinstance(data, list):
        data = {"shape": data}
    return builder.instance(Spec, {"type": data} if isinstance(data, str) else cast("dict[str, Plain]", data))


def dtype_schema(deriver: Deriver) -> Schema:
    """One dtype or several."""
    names: Schema = {"enum": [*DTYPES, *KINDS_OF_DTYPE]}
    return {"type": ["string", "array"], "if": {"type": "string"}, "then": names, "items": names, "minItems": 1}


def dtype(builder: Builder, data: Plain) -> tuple[str, ...]:
    """Dtypes as a tuple."""
    return tuple(str(name) for name in data) if isinstance(data, list) else (str(data),)


def truth_schema(deriver: Deriver) -> Schema:
    """A formula, or the fields of a reference."""
    return {**deriver.described(Truth), "type": [*FORMULA_TYPES, "object"], "minLength": 1}


def truth(builder: Builder, data: Plain) -> object:
    """A Truth from a bare formula or its fields."""
    return builder.instance(Truth, data if isinstance(data, dict) else {"formula": data})


def formulas_schema(deriver: Deriver) -> Schema:
    """A formula for the only outcome, or formulas by outcome."""
    return {
        "type": [*FORMULA_TYPES, "object"],
        "minLength": 1,
        "minProperties": 1,
        "additionalProperties": deriver.schema(Formula),
    }


def formulas(builder: Builder, data: Plain) -> Mapping[str, Formula]:
    """Formulas by outcome."""
    named = data if isinstance(data, dict) else {builder.only: data}
    return {outcome: formula(builder, each) for outcome, each in named.items()}


def expected(builder: Builder, data: Plain) -> Mapping[str, object]:
    """Literals by outcome."""
    named = data if isinstance(data, dict) else {builder.only: data}
    return {outcome: literal(each) for outcome, each in named.items()}


def expected_schema(deriver: Deriver) -> Schema:
    """A literal for the only outcome, or literals by outcome."""
    again: Schema = {"$ref": "#/$defs/Literal"}
    types = [*FORMULA_TYPES, "array", "object"]
    return {"type": types, "items": again, "additionalProperties": again, "minProperties": 1}


def case_schema(deriver: Deriver) -> Schema:
    """Fields of a case, or edges and nothing else."""
    edges: Schema = {"properties": {"edges": True}, "additionalProperties": False}
    return {**deriver.described(CaseGroup), "if": {"required": ["edges"]}, "then": edges}


def check_schema(deriver: Deriver) -> Schema:
    """A word is a kind; an object is told apart by its kind, so that each fault is found at its own place."""
    kinds: Schema = {"enum": list(CHECKS)}
    choices: list[Schema] = [
        {"if": {"type": "string"}, "then": kinds},
        {"if": {"type": "object"}, "then": {"required": ["kind"], "properties": {"kind": kinds}}},
    ]
    for kind, owner in CHECKS.items():
        definition = deriver.define(owner.__name__, _check_fields(owner))
        told: Schema = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}}
        choices.append({"if": told, "then": definition})
    return {"description": "A kind of check, or its fields.", "type": ["string", "object"], "allOf": choices}


def _check_fields(owner: type) -> Callable[[Deriver], Schema]:
    description: Schema = {"description": "What kind of check this is."}
    return lambda deriver: {**deriver.described(owner), **deriver.properties(owner, kind=description)}


def check(builder: Builder, data: Plain) -> object:
    """A check of the kind that its word or field `kind` names."""
    fields = data if isinstance(data, dict) else {"kind": data}
    return builder.instance(CHECKS[str(fields["kind"])], fields)


def item_schema(deriver: Deriver) -> Schema:
    """The id of an exercise, or its fields."""
    return {**deriver.described(Item), "type": ["string", "object"], "minLength": 1}


def item(builder: Builder, data: Plain) -> object:
    """An exercise of an assignment; a bare id has its own points."""
    return builder.instance(Item, data if isinstance(data, dict) else {"exercise": data})


def limits_schema(deriver: Deriver) -> Schema:
    """The limits of an exercise, each of them optional."""
    return deriver.schema(Limits)


def limits(builder: Builder, data: Plain) -> Mapping[str, float]:
    """The limits that are given, and no others."""
    given = cast("dict[str, Plain]", data)
    whole = builder.instance(Limits, given)
    return {name: getattr(whole, name) for name in given}


SCHEMAS: Mapping[object, Callable[[Deriver], Schema]] = {
    Text: text_schema,
    Formula: formula_schema,
    Python: python_schema,
    Range: range_schema,
    Spec: spec_schema,
    Truth: truth_schema,
    CaseGroup: case_schema,
    Check: check_schema,
    (Spec, "dtype"): dtype_schema,
    (Truth, "formula"): formulas_schema,
    (Mistake, "formula"): formulas_schema,
    (CaseGroup, "expected"): expected_schema,
    Item: item_schema,
    (Assignment, "limits"): limits_schema,
}
BUILDERS: Mapping[object, Form] = {
    Text: text,
    Formula: formula,
    Range: range_of,
    Spec: spec,
    Truth: truth,
    Check: check,
    (Spec, "dtype"): dtype,
    (Truth, "formula"): formulas,
    (Mistake, "formula"): formulas,
    (CaseGroup, "expected"): expected,
    Item: item,
    (Assignment, "limits"): limits,
}
