"""Notebooks: which lines of which cells are graded, and where they are said to stand."""

from __future__ import annotations

import pytest
from tests.corpus.handed_in.notebooks import cell, notebook, old_notebook

from torchgrade.model.places import parts, place, unread, words, written
from torchgrade.model.probe import Source
from torchgrade.readers.magics import python_of, turns
from torchgrade.readers.notebook import source_of

MAGICS = {
    "a line": ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    "a shell's": ("!pip install torch", "pass"),
    "which goes on": ("!pip install \\\n  torch \\\n  numpy\nx = 1", "pass\n\n\nx = 1"),
    "indented": ("for i in y:\n    %time f(i)", "for i in y:\n    pass"),
    "a question": ("torch.sum?", "pass"),
    "a question before": ("?torch.sum", "pass"),
    "assigned": ("files = !ls\nx = 1", "pass\nx = 1"),
    "assigned from a magic": ("t = %timeit -o f()", "pass"),
    "timed": ("%%time\nx = 1", "\nx = 1"),
    "timed below a comment": ("# slow\n%%timeit -n 3\nx = 1", "# slow\n\nx = 1"),
    "captured": ("\n%%capture out\nx = 1", "\n\nx = 1"),
    "another language": ("%%bash\nls\n", "\n\n"),
    "written to a file": ("%%writefile x.py\ny = 1", "\n"),
    "a remainder": ("x = (7\n% 4)", "x = (7\n% 4)"),
    "a text": ("x = '''\n%d\n!\n'''", "x = '''\n%d\n!\n'''"),
    "a text beside one": ("x = '''\n%d\n'''\n%who", "x = '''\n%d\n'''\npass"),
    "a fault": ("x = (", "x = ("),
    "more than are told apart": ("%who\n" * 30 + "x = 1", "pass\n" * 30 + "x = 1"),
}


@pytest.mark.parametrize("name", MAGICS)
def test_magics_are_taken_out(name: str) -> None:
    written, left = MAGICS[name]
    assert python_of(written) == left


@pytest.mark.parametrize(("length", "times"), [(0, 20), (50_000, 20), (100_000, 10), (600_000, 1), (2_000_000, 1)])
def test_a_long_notebook_is_not_parsed_so_many_times(length: int, times: int) -> None:
    assert turns(length) == times


def test_after_so_many_times_what_looks_like_a_magic_is_one() -> None:
    text = MAGICS["a text beside one"][0]
    assert python_of(text, turns=1) == text.replace("%d", "pass").replace("%who", "pass")


def test_of_a_line_of_many_statements_each_is_blanked_where_it_stands() -> None:
    source = source_of(notebook("f();" * 10_000 + "x = 1"), "a.ipynb")
    assert source.text.split() == ["0", *[";0"] * 9_999, ";x", "=", "1"]


KEPT = {
    "functions": "def f(x):\n    return x",
    "what runs when they are called": "async def f(x):\n    print(x)",
    "classes": "@dataclass\nclass A(B):\n    x = g()",
    "a function without a name": "f = lambda x: print(x)",
    "constants": "SEED = 3",
    "several": "a, (b, c) = 1, [-2, {'k': 3e-5 * 2}]",
    "with a type": "SEED: int = 3",
    "other names": "DTYPE = torch.float64",
    "imports that are used": "import torch.nn as nn\ndef f(x):\n    return nn.ReLU()(x)",
    "and tried": "try:\n    import numpy as np\nexcept ImportError:\n    np = None\nf = np.sum",
    "all of a module": "from math import *",
    "features of the future": "from __future__ import annotations",
}
LEFT_OUT = {
    "calls": "f(3)",
    "what they give": "x = f(3)",
    "loops": "for i in x:\n    pass",
    "conditions": "if __name__ == '__main__':\n    main()",
    "changes": "x[0] = 3",
    "imports of nothing that is used": "import matplotlib.pyplot as plt",
    "imports for their effect": "import seaborn",
    "with": "with open('x') as f:\n    y = f.read()",
    "comparisons": "x = y == z",
    "tried calls": "try:\n    f()\nexcept ValueError:\n    pass",
}


@pytest.mark.parametrize("name", KEPT)
def test_what_defines_is_kept(name: str) -> None:
    assert source_of(notebook(KEPT[name]), "a.ipynb").text == KEPT[name]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_computes_is_left_out(name: str) -> None:
    assert source_of(notebook(LEFT_OUT[name]), "a.ipynb").text.strip() == ""


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("a = 1; f()", "a = 1;    "),
        ("f(); a = 1", "0  ; a = 1"),
        ("f(\n1); a = 1", "\n0 ; a = 1"),
        ("é = 1; f('é'); a = 2", "é = 1; 0      ; a = 2"),
        ("a = 1\nf()\nb = 2", "a = 1\n\nb = 2"),
    ],
)
def test_what_shares_a_line_stays_where_it_is(written: str, left: str) -> None:
    assert source_of(notebook(written), "a.ipynb").text == left


def test_cells_have_their_number_among_all_cells_and_their_own_lines() -> None:
    source = source_of(
        notebook("a = 1\nb = 2", cell("# title", cell_type="markdown"), "c = 3", "", "d = 4"), "hw1.ipynb"
    )
    assert source.text == "a = 1\nb = 2\nc = 3\nd = 4"
    assert [place(source, line) for line in (0, 1, 2, 3, 4)] == [
        ("", 0),
        ("hw1.ipynb[cell 1]", 1),
        ("hw1.ipynb[cell 1]", 2),
        ("hw1.ipynb[cell 3]", 1),
        ("hw1.ipynb[cell 5]", 1),
    ]


def test_a_cell_that_python_cannot_read_is_told_alone() -> None:
    source = source_of(notebook("a = 1", "b = 2\ndef f(:\n    pass", "c = 3"), "hw1.ipynb")
    assert source.text == "a = 1\n# b = 2\n# def f(:\n#     pass\nc = 3"
    assert [(each.problem, each.line) for each in source.cells] == [("", 0), ("invalid syntax", 3), ("", 0)]


def test_both_formats_and_ways_to_write_a_source_are_read_alike() -> None:
    lines = ["def f(x):\r\n", "    return x"]
    expected = source_of(notebook("def f(x):\n    return x"), "a.ipynb")
    assert source_of(notebook(lines), "a.ipynb") == source_of(old_notebook(lines), "a.ipynb") == expected


def test_modules_are_counted_after_the_code() -> None:
    source = Source(text="x\ny", filename="s.py", files=(("m.py", b"a\r\nb"), ("d.csv", b"1\n"), ("n.py", b"c")))
    assert [(each.name, each.first) for each in parts(source)] == [("s.py", 1), ("m.py", 3), ("n.py", 5)]
    assert [place(source, line) for line in (2, 3, 4, 5)] == [("", 2), ("m.py", 1), ("m.py", 2), ("n.py", 1)]


def test_cells_that_python_cannot_read_are_shown_as_they_were_written() -> None:
    source = source_of(notebook("a = 1", "# why\ndef f(:\n    pass"), "hw1.ipynb")
    assert list(unread(source)) == ["# why\ndef f(:\n    pass"]
    assert [written(source, line) for line in (1, 3, 9)] == ["a = 1", "def f(:", ""]
    assert words(source, 3) == "line 2 of hw1.ipynb[cell 2]"
