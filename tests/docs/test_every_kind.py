"""Everything a reader can write or meet is written about: kinds, commands, options, codes, fields, words, verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from docs.pages import PAGES, ROOT, Shell
from torchgrade import cli
from torchgrade.authoring.proof import CODES as PROVING
from torchgrade.checks import CHECKS
from torchgrade.executors import EXECUTORS
from torchgrade.model.verdict import Verdict
from torchgrade.readers import LAYOUTS
from torchgrade.references import REFERENCES
from torchgrade.sandbox import ISOLATIONS
from torchgrade.spec.codes import CODES
from torchgrade.spec.schema import assignment_schema, exercise_schema, report_schema
from torchgrade.writers import WRITERS

DOCS = ROOT / "docs"
ALL = "\n".join(page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *PAGES))


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def mentions(text: str, word: str) -> bool:
    """Whether a word stands in code: between backticks or in a block."""
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", code) is not None


def fields(schema: object) -> Iterator[str]:
    """Every name of a field in a schema."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for part in schema.values():
            yield from fields(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from fields(part)


def words(schema: object) -> Iterator[str]:
    """Every word that an enumeration of a schema allows."""
    if isinstance(schema, dict):
        chosen = schema.get("enum", ())
        yield from (word for word in chosen if isinstance(word, str))
        for part in schema.values():
            yield from words(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from words(part)


@pytest.mark.parametrize("kind", CHECKS)
def test_every_check_has_a_page_with_an_exercise_and_all_its_fields(kind: str) -> None:
    text = page(f"checks/{kind}.md")
    own = set(exercise_schema()["$defs"][CHECKS[kind].__name__]["properties"])
    shared = {"kind", "name", "points", "cases", "partial", "required", "says", "help"}
    assert text.startswith(f"# {kind}\n")
    assert "\nschema: 1\n" in text
    assert [name for name in own - shared if not re.search(rf"^\| `{name}` \|", text, re.MULTILINE)] == []


@pytest.mark.parametrize("kind", [reference.kind for reference in REFERENCES])
def test_every_reference_has_a_page_with_an_exercise(kind: str) -> None:
    text = page(f"references/{kind}.md")
    assert text.startswith(f"# {kind}\n")
    assert "\nschema: 1\n" in text


@pytest.mark.parametrize("kind", WRITERS)
def test_every_report_format_is_in_the_table_with_its_file(kind: str) -> None:
    assert re.search(rf"^\| `{kind}`.*\| `{WRITERS[kind].filename}` \|", page("instructors.md"), re.MULTILINE)


@pytest.mark.parametrize("kind", [*ISOLATIONS, *Verdict])
def test_every_level_and_verdict_is_in_the_instructors_page(kind: str) -> None:
    assert mentions(page("instructors.md"), kind)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_every_layout_is_in_the_instructors_page(kind: str) -> None:
    assert f"| {kind} |" in page("instructors.md").casefold()


@pytest.mark.parametrize("kind", EXECUTORS)
def test_every_executor_is_in_the_page_about_them(kind: str) -> None:
    assert mentions(page("scaling.md"), kind)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_explained_to_students(verdict: Verdict) -> None:
    assert verdict.value.replace("_", " ") in page("students.md")


@pytest.mark.parametrize("name", cli.torchgrade.list_commands(None))  # type: ignore[arg-type]
def test_every_command_and_option_is_shown(name: str) -> None:
    command = cli.torchgrade.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    options = [parameter.opts for parameter in command.params if isinstance(parameter, click.Option)]
    assert f"torchgrade {name}" in ALL
    assert [names for names in options if not all(mentions(ALL, option) for option in names)] == []


@pytest.mark.parametrize("code", [*CODES, *PROVING])
def test_every_code_is_explained(code: str, shell: Shell) -> None:
    said = shell.run(f"torchgrade explain {code}")
    assert said[0].startswith(f"{code}: ")
    assert shell.status == 0


@pytest.mark.parametrize("field", sorted(set(fields(exercise_schema()))))
def test_every_field_of_an_exercise_is_in_the_language_page(field: str) -> None:
    assert f"`{field}`" in page("language.md")


@pytest.mark.parametrize("word", sorted(set(words(exercise_schema()))))
def test_every_word_of_an_exercise_is_written_about(word: str) -> None:
    assert mentions(ALL, word)


@pytest.mark.parametrize("field", sorted(set(fields(assignment_schema())) - set(fields(exercise_schema()))))
def test_every_field_of_an_assignment_is_in_the_assignments_page(field: str) -> None:
    assert mentions(page("assignments.md"), field)


@pytest.mark.parametrize("word", sorted(set(words(assignment_schema()))))
def test_every_word_of_an_assignment_is_in_the_assignments_page(word: str) -> None:
    assert mentions(page("assignments.md"), word)


@pytest.mark.parametrize("field", sorted(set(fields(report_schema()))))
def test_every_field_of_a_report_is_in_the_instructors_page(field: str) -> None:
    assert f"`{field}`" in page("instructors.md")
