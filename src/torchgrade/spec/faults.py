"""Words for what the schema refuses: each error at its own key or value, with what was found and what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, cast

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.document import Document, Route
from torchgrade.spec.schema import SCHEMAS

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

NAMES = {
    "string": "text",
    "array": "a list",
    "object": "a mapping",
    "number": "a number",
    "integer": "an integer",
    "boolean": "true or false",
}
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "parameters": ("inputs", "input", "args", "arguments", "params", "signature"),
    "reference": ("answer", "solution", "truth", "formula", "function"),
    "entrypoint": ("function", "name", "func", "entry", "method"),
    "task": ("description", "prompt", "question", "text", "statement"),
    "cases": ("tests", "examples", "test_cases"),
    "returns": ("outputs", "output", "return", "result", "results"),
    "checks": ("test", "grading", "criteria", "rubric"),
    "points": ("weight", "score", "marks", "worth"),
    "says": ("message", "feedback", "explanation", "text", "description", "rationale"),
    "help": ("hint", "hints", "advice"),
    "hints": ("hint", "help"),
    "tolerance": ("tol", "rtol", "atol", "eps", "precision"),
    "draw": ("count", "random", "number", "samples"),
    "raises": ("exception", "error", "throws"),
    "forbid": ("forbidden", "ban", "disallow", "not"),
    "require_any": ("require", "requires", "must_use"),
    "holds": ("property", "formula", "expression", "assert"),
    "id": ("name",),
    "formula": ("expression", "value"),
    "function": ("code", "python", "source", "solution"),
    "expected": ("output", "outputs", "answer", "result", "expect"),
    "let": ("where", "define", "definitions", "variables"),
    "shape": ("size", "dims", "dim"),
    "wrt": ("with_respect_to", "inputs", "parameters"),
    "exercises": ("problems", "questions", "tasks", "items", "checks"),
    "exercise": ("id", "name", "problem", "question"),
    "due": ("deadline", "due_date", "due_at", "until", "date"),
    "days": ("day", "after", "until", "hours"),
    "keeps": ("keep", "share", "factor", "percent", "penalty"),
    "late": ("late_policy", "lateness", "penalty", "penalties"),
    "keep": ("which", "counts", "keeps"),
    "attempts": ("max_attempts", "tries", "submissions"),
    "imports": ("modules", "allow_imports", "allowed_imports"),
}


def check(document: Document) -> tuple[Diagnostic, ...]:
    """Every fault of shape, in the order of the file; nothing is said of what the reader already refused."""
    found: dict[tuple[int, int, str], Diagnostic] = {}
    errors = list(_validator(document.page.kind).iter_errors(document.data))
    suggested = {(_route(error), name) for error in errors for name in _suggested(error)}
    for error in errors:
        for fault in _diagnostics(document, error, suggested):
            found.setdefault((fault.line, fault.column, fault.message), fault)
    return tuple(sorted(found.values()))


def similar(name: str, allowed: list[str]) -> str:
    """The one of some names that was probably meant, or nothing."""
    for right, others in SYNONYMS.items():
        if right in allowed and name.lower() in others:
            return right
    near = get_close_matches(name.lower(), allowed, n=1, cutoff=0.6)
    return near[0] if near else ""


@cache
def _validator(kind: str) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(SCHEMAS[kind]())


def _diagnostics(document: Document, error: ValidationError, suggested: set[tuple[Route, str]]) -> Iterator[Diagnostic]:
    route, keyword = _route(error), str(error.validator)
    if route in document.blamed and keyword not in ("additionalProperties", "propertyNames"):
        return
    if keyword == "additionalProperties":
        yield from _unknown_fields(document, error)
    elif keyword == "required":
        name = error.message.split("'")[1]
        if (route, name) not in suggested:
            yield _missing(document, error, name)
    elif keyword == "propertyNames" or "propertyNames" in error.absolute_schema_path:
        message = f"`{error.instance}` is no language; a text by language has codes such as en and zh"
        yield document.fault("unknown-language", message, (*route, str(error.instance)), key=True, hint=_quote(error))
    else:
        code, words, hint = SAYINGS.get(keyword, _unforeseen)(error)
        yield document.fault(code, f"{subject(route, document.page.kind)} {words}", route, hint=hint)


def subject(route: Route, kind: str = "exercise") -> str:
    """A part of the data in a few words."""
    if not route:
        return f"an {kind}"
    if isinstance(route[-1], int):
        return f"item {route[-1] + 1} of {subject(route[:-1], kind)}"
    return f"`{route[-1]}`"


def shown(data: object) -> str:
    """A value of the data in a few words."""
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, int | float):
        return str(data)
    if isinstance(data, str):
        line = data.replace("\n", "\\n")
        return f"'{line}'" if len(line) <= 40 else f"'{line[:37]}…'"
    return NAMES["array"] if isinstance(data, list) else NAMES["object"]


def _route(error: ValidationError) -> Route:
    return tuple(error.absolute_path)


def _extras(error: ValidationError) -> list[str]:
    return [name for name in cast("dict[str, object]", error.instance) if name not in _allowed(error)]


def _allowed(error: ValidationError) -> list[str]:
    return list(cast("Mapping[str, Mapping[str, object]]", error.schema).get("properties", {}))


def _suggested(error: ValidationError) -> list[str]:
    return (
        [similar(name, _allowed(error)) for name in _extras(error)] if error.validator == "additionalProperties" else []
    )


def _unknown_fields(document: Document, error: ValidationError) -> Iterator[Diagnostic]:
    route, allowed = _route(error), _allowed(error)
    for name in _extras(error):
        near = similar(name, [each for each in allowed if each not in cast("dict[str, object]", error.instance)])
        hint = f"did you mean `{near}`?" if near else f"allowed: {', '.join(allowed)}"
        if name[:1].isspace():
            message = "a no-break or full-width space indents this line; YAML wants spaces"
            yield document.fault("indentation-character", message, (*route, name), key=True)
            continue
        if allowed == ["edges"]:
            hint = "an entry with `edges` has nothing else; give this one an entry of its own"
        yield document.fault("unknown-field", f"no field is called `{name}` here", (*route, name), key=True, hint=hint)


def _missing(document: Document, error: ValidationError, name: str) -> Diagnostic:
    route = _route(error)
    first = next(iter(cast("dict[str, object]", error.instance)), None)
    properties = cast("Mapping[str, Mapping[str, Mapping[str, str]]]", error.schema)["properties"]
    hint = properties.get(name, {}).get("description", "")
    if name == "schema":
        hint = "begin the file with schema: 1"
    place = (*route, first) if first is not None else route
    message = f"{subject(route, document.page.kind)} has no `{name}`"
    return document.fault("missing-field", message, place, key=True, hint=hint)


def _wrong_type(error: ValidationError) -> tuple[str, str, str]:
    value = error.validator_value
    wanted = [value] if isinstance(value, str) else cast("list[str]", value)
    found = NAMES[_json_type(error.instance)] if not isinstance(error.instance, bool) else shown(error.instance)
    words = f"is {found}, not {' or '.join(NAMES[name] for name in wanted)}"
    return "wrong-type", words, _type_hint(error.instance, wanted)


def _json_type(data: object) -> str:
    if isinstance(data, dict | list):
        return "object" if isinstance(data, dict) else "array"
    return "string" if isinstance(data, str) else "number"


def _type_hint(data: object, wanted: list[str]) -> str:
    if "boolean" in wanted and isinstance(data, str) and data.lower() in ("yes", "no", "on", "off"):
        return "write true or false"
    if "string" in wanted and isinstance(data, bool | int | float):
        return f"quote it: '{shown(data)}'"
    if "string" in wanted and isinstance(data, list):
        return "quote it, if the brackets are part of a formula"
    if wanted == ["array"]:
        return f"write [{data}]" if isinstance(data, str) and len(data) < 40 else "begin each item with `- `"
    return ""


def _enum(error: ValidationError) -> tuple[str, str, str]:
    allowed = [str(value) for value in cast("list[object]", error.validator_value)]
    near = similar(str(error.instance), allowed)
    words = f"is {shown(error.instance)}; allowed: {', '.join(allowed)}"
    return "unknown-word", words, f"did you mean {near}?" if near else ""


def _const(error: ValidationError) -> tuple[str, str, str]:
    words = f"is {shown(error.instance)}; this torchgrade reads {error.validator_value}"
    return "schema-version", words, "a newer torchgrade may read it"


def _limit(error: ValidationError) -> tuple[str, str, str]:
    limits = {"minimum": "the least is", "maximum": "the most is", "exclusiveMinimum": "it must be greater than"}
    return "out-of-range", f"is {shown(error.instance)}; {limits[str(error.validator)]} {error.validator_value}", ""


def _form(error: ValidationError) -> tuple[str, str, str]:
    description = cast("Mapping[str, str]", error.schema).get("description", "")
    hint = "two dots, with an end on each side: 1..5" if "low..high" in description else ""
    if "function or class" in description:
        hint = "letters, digits and underscores, and no digit first"
    return "bad-form", f"is {shown(error.instance)}; {description[:1].lower()}{description[1:].rstrip('.')}", hint


def _empty(error: ValidationError) -> tuple[str, str, str]:
    return "empty-value", "is empty", "say something, or leave it out"


def _unforeseen(error: ValidationError) -> tuple[str, str, str]:
    return "bad-form", f"does not fit: {error.message[:200]}", ""


def _quote(error: ValidationError) -> str:
    return "quote the text, if it holds `: `" if " " in str(error.instance) or str(error.instance)[:1].isupper() else ""


SAYINGS: Mapping[str, Callable[[ValidationError], tuple[str, str, str]]] = {
    "type": _wrong_type,
    "enum": _enum,
    "const": _const,
    "minimum": _limit,
    "maximum": _limit,
    "exclusiveMinimum": _limit,
    "pattern": _form,
    "minLength": _empty,
    "minItems": _empty,
    "minProperties": _empty,
}
