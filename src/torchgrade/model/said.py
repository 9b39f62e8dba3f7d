"""A sentence that remembers how it was made, so that it can be said in another language.

    said("The shape is {got}, not {wanted}.", got="[2]", wanted="[3]")

is that English text. What is put in may be Said itself; anything else (names, numbers, students' texts) is said as it
stands in every language. A catalogue beside this file, one a language, has each template and its translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, reduce
from pathlib import Path
from typing import Self

LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}
"""The languages that sentences can be said in, each by its own name."""
_WIDE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_FIELD = re.compile(r"\{(\w+)[^{}]*\}")


class Said(str):
    """The English text; f-strings, `+` and the methods of str give a plain str, which stays English."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Self:
        made = super().__new__(cls, template.format_map(values) if values else template)
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[type[Said], tuple[str, dict[str, object]]]:
        return Said, (self.template, dict(self.values))


class _Plain(Said):
    """One of our own sentences that came over a wire as plain text."""

    __slots__ = ()

    def __new__(cls, template: str, values: Mapping[str, object]) -> Self:
        made = str.__new__(cls, template)
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[type[Said], tuple[str, dict[str, object]]]:
        return _Plain, (str(self), {})


def said(template: str, /, **values: object) -> Said:
    """The template with its values; without any, it stands as it is, braces and all."""
    return Said(template, values)


def template(text: str, /) -> str:
    """A template that stands in a table, until `said` gets it with its values."""
    return text


def joined(by: str, parts: Iterable[str], /) -> str:
    """Parts put together from the left by a template of `{first}` and `{last}`; empty ones are left out."""
    told = [part for part in parts if part]
    return reduce(lambda first, last: said(by, first=first, last=last), told) if told else ""


def ours(text: str) -> Said:
    """One of our own sentences that was written somewhere else and came as plain text.

    What it claims decides nothing: its text is told, in English as it came, in another language if a template fits it.
    """
    return _Plain(text, {})


def translated(text: str, language: str) -> str:
    """A plain str: what is Said in a language, what is put into it too; any other text as it is."""
    if not isinstance(text, Said):
        return text
    sentences, messages = catalogue(language)
    if isinstance(text, _Plain):
        return _recognised(str(text), messages)
    found = sentences.get(text.template)
    if found is None:
        return str(text)
    if not text.values:
        return found
    values = {name: _value(each, language) for name, each in text.values.items()}
    return _spaced(found, text.values, values).format_map(values)


def speaks(language: str) -> bool:
    """Whether our own sentences can be said in a language; all others hear English."""
    return language in LANGUAGES


@cache
def catalogue(language: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """All templates with their translations, and of these the messages, which may come as plain text."""
    if language == "en" or not speaks(language):
        return {}, {}
    import yaml

    path = Path(__file__).with_name(f"{language}.yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    parts = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both loaders are safe
    return {**parts["sentences"], **parts["messages"]}, parts["messages"]


def _spaced(template: str, values: Mapping[str, object], told: Mapping[str, object]) -> str:
    """The template without the spaces that would stand between its own wide characters and those of ours put in."""
    for name, value in values.items():
        text = str(told[name]) if isinstance(value, Said) else ""
        if _WIDE.match(text[-1:]):
            template = template.replace(f"{{{name}}} ", f"{{{name}}}")
        if _WIDE.match(text):
            template = template.replace(f" {{{name}}}", f"{{{name}}}")
    return template


def _value(value: object, language: str) -> object:
    return translated(value, language) if isinstance(value, str) else value


def _recognised(text: str, messages: Mapping[str, str]) -> str:
    """The message that a text is, with what stands in its places; they may hold messages again."""
    for template, translation in messages.items():
        found = _pattern(template).fullmatch(text)
        if found:
            values = {name: _recognised(part, messages) for name, part in found.groupdict().items()}
            return _FIELD.sub(r"{\1}", translation).format_map(values) if values else translation
    return text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """A template as a pattern: its places hold any text, in one line."""
    pieces = _FIELD.split(template)
    places = (f"(?P<{piece}>.*?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    return re.compile("".join(places))
