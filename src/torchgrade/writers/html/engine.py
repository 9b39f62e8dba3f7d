"""The templates' engine: everything that is put in is escaped, and bare of control characters before that."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from torchgrade.model.labels import case_label, check_label, outcome_label
from torchgrade.model.report import ClosedForm
from torchgrade.model.said import LANGUAGES
from torchgrade.model.text import Text
from torchgrade.writers.escape import plain
from torchgrade.writers.html.phrases import phrase, spoken
from torchgrade.writers.mathematics import mathml
from torchgrade.writers.statement import page, page_sentence
from torchgrade.writers.totals import shown
from torchgrade.writers.words import mark, words

FOLDER = Path(__file__).parent / "templates"
LONGEST = 10_000
"""No single text on a page is longer, whatever it is."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{3}")


@cache
def engine() -> Environment:
    """Jinja2 with our templates, filters and tests."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"markdown": _markdown, "sentence": _sentence, "points": shown, "cut": cut}
    made.filters |= {"mark": mark, "words": words, "block": _block, "equation": equation}
    made.globals["languages"] = LANGUAGES
    return made


class Voice:
    """What a page says, in its language."""

    def __init__(self, language: str) -> None:
        self.language = spoken(language)

    def __call__(self, text: str, **values: object) -> Markup:
        """A phrase; what is put into it is escaped, unless it is markup of ours."""
        said = Markup(phrase(text, self.language))  # noqa: S704 - our own words
        return said.format(**{name: _harmless(each) for name, each in values.items()}) if values else said

    def case(self, name: str) -> str:
        """A case, as its readers know it."""
        return case_label(name, self.language)

    def check(self, name: str) -> str:
        """A check, as its readers know it."""
        return check_label(name, self.language)

    def outcome(self, name: str) -> str:
        """What is compared, as its readers know it."""
        return outcome_label(name, self.language)

    def differs(self, text: str) -> str:
        """The language of a text that somebody else wrote, if it is another than the page's: for `lang`."""
        if _CHINESE.search(text):
            return "" if self.language == "zh" else "zh"
        return "en" if self.language != "en" and _LETTERS.search(text) else ""

    def of(self, text: Text) -> Translation:
        """A text in this language, or the nearest there is."""
        spoken_there = dict(text.translations)
        chosen = text.to(self.language)
        language = next((name for name, each in text.translations if each == chosen), "")
        others = tuple((name, each) for name, each in spoken_there.items() if name in LANGUAGES and name != language)
        return Translation(chosen, language, self.language not in spoken_there, others)


class Translation:
    """A text, the language it is in, whether it is only the next best, and the same in other languages."""

    def __init__(self, text: str, language: str, is_fallback: bool, others: tuple[tuple[str, str], ...]) -> None:
        self.text = text
        self.language = language
        self.is_fallback = is_fallback
        self.others = others


def equation(form: ClosedForm) -> str:
    """A formula with what it is of on its left, as LaTeX."""
    if not form.wrt:
        return f"{_name(form.of)} = {form.latex}"
    return rf"\frac{{\partial\, {_name(form.of)}}}{{\partial\, {_name(form.wrt)}}} = {form.latex}"


def _name(name: str) -> str:
    escaped = (part.replace("_", r"\_") for part in name.split("."))
    return ".".join(part if len(part) == 1 else rf"\mathrm{{{part}}}" for part in escaped)


def cut(text: str, most: int = 200) -> str:
    """At most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _harmless(value: object) -> object:
    """What `{{ … }}` writes: our own markup as it is; of other text no colours, controls or turns of direction."""
    return value if isinstance(value, (Markup, int, float)) else plain(cut(str(value), LONGEST))


def _markdown(text: str) -> Markup:
    return Markup(page(text))  # noqa: S704 - its HTML is that of our parser, in which raw HTML is off


def _sentence(text: str) -> Markup:
    return Markup(page_sentence(text))  # noqa: S704 - as above


def _block(latex: str) -> Markup:
    return Markup(mathml(latex, is_block=True))  # noqa: S704 - as above
