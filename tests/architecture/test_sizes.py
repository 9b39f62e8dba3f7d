"""Small modules, small functions, shallow nesting, a sentence on everything public."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "torchgrade"
MODULES = sorted(SOURCE.rglob("*.py"))
MODULE_LINES, FUNCTION_LINES, PARAMETERS, DEPTH = 300, 40, 5, 3
NINE_TENTHS, MEDIAN = 25, 8
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)
Function = ast.FunctionDef | ast.AsyncFunctionDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: Function) -> int:
    arguments = function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def depth(node: ast.AST) -> int:
    """How deep blocks stand in blocks; `elif` is no deeper than `if`."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*DEFINITIONS, ast.Lambda)):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, depth(child) + (isinstance(child, BLOCKS) and not is_elif))
    return deepest


def faults(text: str) -> list[str]:
    """What is too large in a module, or has no docstring."""
    tree = ast.parse(text)
    found = [f"{text.count(chr(10))} lines"] if text.count("\n") > MODULE_LINES else []
    found += [] if ast.get_docstring(tree) else ["the module has no docstring"]
    for function in functions(tree):
        measured = (
            (lines(function), FUNCTION_LINES, "lines"),
            (parameters(function), PARAMETERS, "parameters"),
            (depth(function), DEPTH, "blocks deep"),
        )
        found += [f"{function.name}: {size} {what}" for size, most, what in measured if size > most]
    public = [node for node in tree.body if isinstance(node, DEFINITIONS)]
    named = [node for node in public if not node.name.startswith("_")]
    return found + [f"{node.name}: no docstring" for node in named if not ast.get_docstring(node)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_module_is_small_and_explained(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


def test_most_functions_are_short() -> None:
    sizes = sorted(lines(each) for path in MODULES for each in functions(ast.parse(path.read_text(encoding="utf-8"))))
    assert statistics.median(sizes) <= MEDIAN
    assert sizes[int(0.9 * (len(sizes) - 1))] <= NINE_TENTHS


DEEP = '''"""M."""
def f():
    """D."""
    for a in b:
        if a:
            with c:
                while d:
                    pass
'''
ELIF = '''"""M."""
def f():
    """D."""
    if a: pass
    elif b: pass
    elif c: pass
    elif d: pass
    else: pass
'''


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x = 1\n", "the module has no docstring"),
        ('"""M."""\n' + "x = 1\n" * 300, "301 lines"),
        ('"""M."""\ndef f():\n    """D."""\n' + "    x = 1\n" * 39, "f: 41 lines"),
        ('"""M."""\nclass C:\n    """D."""\n    def f(self, a, b, c, *, d, e, g): ...\n', "f: 6 parameters"),
        (DEEP, "f: 4 blocks deep"),
        ('"""M."""\ndef f(): ...\n', "f: no docstring"),
    ],
)
def test_what_is_too_large_is_noticed(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_elif_is_no_nesting() -> None:
    assert faults(ELIF) == []
