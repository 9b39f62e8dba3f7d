"""Sentences that remember how they were made, and the catalogues of their translations."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest
import yaml

from torchgrade import model
from torchgrade.model.said import LANGUAGES, Said, catalogue, joined, ours, said, translated

ROOT = Path(model.__file__).parents[1]
OTHERS = [language for language in LANGUAGES if language != "en"]
MAKERS = ("said", "template", "joined")
CARRIED = ("worker", "readers")
"""The rooms whose sentences come to the judge as plain text, over a wire or out of the store."""
ARE_TEMPLATES = {("checks/incidents.py", "sentence"), ("checks/incidents.py", "advice")}
ARE_TEMPLATES |= {("grading/diagnose.py", "candidate.sentence"), ("model/said.py", "by")}
ARE_TEMPLATES |= {("writers/html/class_page.py", "pattern.sentence")}
"""What is no literal: it comes out of a table of `template`s."""


def templates() -> Iterator[tuple[str, str]]:
    """Every template in the source, and the file in which it stands."""
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "torchgrade.model.said import" not in text and path.name != "said.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
                yield ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else "", name(path, node)


def name(path: Path, node: ast.Call) -> str:
    file = path.relative_to(ROOT).as_posix()
    return file if isinstance(node.args[0], ast.Constant) else f"{file}: {ast.unparse(node.args[0])}"


def sections(language: str) -> Mapping[str, Mapping[str, str]]:
    path = Path(model.__file__).with_name(f"{language}.yaml")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def places(text: str) -> list[tuple[str, str]]:
    return sorted((name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name is not None)


def code(text: str) -> list[str]:
    """What stands in backticks, but for places."""
    return sorted(part for part in text.split("`")[1::2] if "{" not in part)


def test_templates_are_literals() -> None:
    others = {file for template, file in templates() if not template}
    assert others == {f"{file}: {text}" for file, text in ARE_TEMPLATES}


@pytest.mark.parametrize("language", OTHERS)
def test_no_template_is_missing_and_none_is_left_over(language: str) -> None:
    known = sections(language)
    carried = {text for text, file in templates() if text and file.startswith(CARRIED)}
    everything = {text for text, _ in templates() if text}
    assert everything - carried == set(known["sentences"]) - carried
    assert carried - set(known["sentences"]) == set(known["messages"])
    assert list(known["messages"])[-1] == "{path}: {problem}"  # it fits much, and is tried last


@pytest.mark.parametrize("language", OTHERS)
def test_no_key_stands_twice(language: str) -> None:
    text = Path(model.__file__).with_name(f"{language}.yaml").read_text(encoding="utf-8")
    keys = re.findall(r'^  ("(?:[^"\\]|\\.)*"): ', text, flags=re.MULTILINE)
    assert len(keys) == len(set(keys)) == sum(map(len, sections(language).values()))


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_same_places(language: str) -> None:
    for template, translation in catalogue(language)[0].items():
        assert places(template) == places(translation), template
        assert code(template) == code(translation), template


def test_chinese_has_no_half_width_punctuation() -> None:
    for translation in catalogue("zh")[0].values():
        bare = re.sub(r"`[^`]*`|\{[^}]*\}|\([^()]*\)", "", translation)
        assert not re.search(
            r"[\u4e00-\u9fff][,;:!?.]|[,;:!?.][\u4e00-\u9fff]", bare.replace(".py", "").replace(".zip", "")
        )


def test_the_english_text_is_an_ordinary_str() -> None:
    made = said("`{name}` is {found:.2f}.", name="y", found=1)
    assert made == "`y` is 1.00."
    assert (hash(made), len(made), made + "") == (hash("`y` is 1.00."), 12, "`y` is 1.00.")
    assert said("{braces} stay") == "{braces} stay"
    assert (joined("{first} and {last}", "abc"), joined("{first} {last}", ("", "x", ""))) == ("a and b and c", "x")
    assert joined("{first} {last}", ()) == ""


@pytest.mark.parametrize("language", ["en", "fr", "../../etc", ""])
def test_unknown_languages_hear_english(language: str) -> None:
    text = translated(said("{name} is wrong too.", name="`y`"), language)
    assert (text, type(text)) == ("`y` is wrong too.", str)


def test_what_is_put_in_is_said_too() -> None:
    found = said(
        "{name} is {found}; it should be {wanted}.", name="`y`", found=said("a tuple"), wanted=said("a tensor")
    )
    assert translated(found, "zh") == "`y` 是元组，应为张量。"


def test_what_others_wrote_is_said_as_it_stands() -> None:
    assert translated("a tuple", "zh") == "a tuple"
    assert translated(said("{exception}: {message}", exception="E", message="a tuple {x}"), "zh") == "E：a tuple {x}"
    assert translated(said("nobody has translated {this}", this=1), "zh") == "nobody has translated 1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The code called sys.exit().", "代码调用了 sys.exit()。"),
        ("More than 1,024 MB of memory were asked for.", "请求的内存超过 1,024 MB。"),
        ("a.csv: It is a link, and what it leads to was not handed in: hand in the file itself.", None),
        ("The notebook is damaged: it is no JSON. Open it in Jupyter, save it and hand it in again.", None),
        ("The notebook is damaged (line 3): it is no JSON. Open it in Jupyter, save it and hand it in again.", None),
        ("invalid syntax", "invalid syntax"),
        ("a: tuple", "a: tuple"),
        ("Nothing is lost: the other cases decide.", "Nothing is lost: the other cases decide."),
    ],
)
def test_messages_that_came_as_plain_text_are_recognised(text: str, told: str | None) -> None:
    found = translated(ours(text), "zh")
    assert translated(ours(text), "en") == text == ours(text)
    assert found == told if told else re.search(r"[\u4e00-\u9fff]", found)
    assert not re.search(r"\{\w+\}", found)


def test_a_message_can_be_as_long_as_it_may() -> None:
    text = ": ".join(["The file cannot be read"] * 24)[:600]
    assert translated(ours(text), "zh").count("The file") > 1


@pytest.mark.parametrize(
    "made", [said("{name} is wrong too.", name=said("a tuple")), ours("The code called sys.exit().")]
)
def test_it_survives_copying(made: Said) -> None:
    for again in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301 - our own bytes
        assert (again, translated(again, "zh")) == (made, translated(made, "zh"))
