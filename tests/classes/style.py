"""The same answer in different hands: other names, comments, helpers, debugging, indentation. What it does stays."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from random import Random

from tests.classes.answers import Answer

Style = Callable[[Answer, Random], str]
REMARKS = (
    *("# TODO: tidy up", "# this took me hours", "# see the lecture notes", "# works!!", "# not sure about the shape"),
    *("# from the notebook", "# 这里要注意形状", "# dim=0 or dim=1?", "# print(result)", "# Lösung aus der Übung", "#"),
)
DOCSTRINGS = (
    *("My solution.", "Homework 1.", "See task.", "Returns the result."),
    *("返回结果。", "Compute it with torch, no loops.", "Todo: write documentation."),
)
NAMES = ("tmp", "res", "out", "val", "ans", "my_result", "foo", "x1", "erg", "resultat", "aa", "var1", "buf")
VARIANTS = 8


@lru_cache(maxsize=100_000)
def written(answer: Answer, variant: int) -> Answer:
    """The answer in one of its variants; 0 is as it was found."""
    if not variant:
        return answer
    random = Random(f"{answer.body}/{variant}")  # noqa: S311
    styles = random.sample(STYLES, k=random.choice((1, 1, 2)))
    for style in styles:
        answer = replace(answer, body=style(answer, random))
    return answer


def _unchanged(answer: Answer, random: Random) -> str:
    return answer.body


def _normalised(answer: Answer, random: Random) -> str:
    """As a formatter leaves it."""
    return "\n\n\n".join(map(ast.unparse, answer.tree.body)) + "\n"


def _remarked(answer: Answer, random: Random) -> str:
    """A comment before a statement."""
    lines = answer.body.splitlines()
    inner = [each for node in answer.tree.body for each in getattr(node, "body", []) if isinstance(each, ast.stmt)]
    starts = [each for each in inner if lines[each.lineno - 1][: each.col_offset].isspace()]
    if not starts:
        return answer.body
    chosen = random.choice(starts)
    lines.insert(chosen.lineno - 1, " " * chosen.col_offset + random.choice(REMARKS))
    return "\n".join(lines) + "\n"


def _documented(answer: Answer, random: Random) -> str:
    return _begun_with(answer, ast.Expr(ast.Constant(random.choice(DOCSTRINGS))))


def _debugged(answer: Answer, random: Random) -> str:
    return _begun_with(answer, ast.parse(random.choice(("print('here')", "import sys", "debug = False"))).body[0])


def _begun_with(answer: Answer, statement: ast.stmt) -> str:
    """The entry point with another first statement."""
    tree = ast.parse(answer.body)
    for each in tree.body:
        if isinstance(each, ast.FunctionDef) and each.name == answer.entrypoint and each is tree.body[-1]:
            each.body.insert(0, statement)
    return "\n\n\n".join(ast.unparse(ast.fix_missing_locations(each)) for each in tree.body) + "\n"


def _renamed(answer: Answer, random: Random) -> str:
    """A variable of the entry point by another name; only what nothing inside of it calls by its name as well."""
    tree = ast.parse(answer.body)
    function = tree.body[-1]
    nodes = list(ast.walk(function))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    fixed = {node.arg for node in nodes if isinstance(node, ast.arg)} | set(answer.helpers)
    fixed |= {name for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | fixed
    old, new = sorted(stored - fixed), [name for name in NAMES if name not in taken]
    if not old or not isinstance(function, ast.FunctionDef):
        return answer.body
    chosen, other = random.choice(old), random.choice(new)
    for node in nodes:
        if isinstance(node, ast.Name) and node.id == chosen:
            node.id = other
    return "\n\n\n".join(map(ast.unparse, tree.body)) + "\n"


def _helped(answer: Answer, random: Random) -> str:
    """The work done by a function of its own, that the entry point calls."""
    tree = ast.parse(answer.body)
    (function, name) = (tree.body[-1], answer.entrypoint)
    if len(tree.body) > 1 or not isinstance(function, ast.FunctionDef) or function.decorator_list:
        return answer.body
    given = function.args
    if given.vararg or given.kwonlyargs or given.defaults or given.kwarg or name in answer.uses:
        return answer.body
    function.name = f"{random.choice(('_', 'my_', 'do_'))}{name}"
    parameters = ", ".join(each.arg for each in given.args)
    return f"{ast.unparse(tree)}\n\n\ndef {name}({parameters}):\n    return {function.name}({parameters})\n"


def _indented(answer: Answer, random: Random) -> str:
    """Two spaces, or tabs."""
    text = _normalised(answer, random)
    if '"""' in text or "'''" in text:
        return text
    unit = random.choice(("  ", "\t"))
    lines = ((line, len(line) - len(line.lstrip(" "))) for line in text.splitlines())
    return "\n".join(unit * (depth // 4) + line.lstrip(" ") for line, depth in lines) + "\n"


STYLES: tuple[Style, ...] = (
    *(_unchanged, _normalised, _remarked, _remarked, _documented, _debugged, _renamed, _helped, _indented),
)
