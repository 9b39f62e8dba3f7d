"""What is handed in beside the code: modules it imports, data it opens, a notebook's cells; and where faults are."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from tests.corpus.handed_in.notebooks import notebook

from torchgrade.model.observation import Incident, IncidentKind, Snapshot
from torchgrade.model.places import words
from torchgrade.model.probe import Source, Work
from torchgrade.model.value import Scalar
from torchgrade.readers.notebook import source_of

K = IncidentKind


def pt() -> bytes:
    stream = io.BytesIO()
    torch.save({"w": torch.ones(2)}, stream)
    return stream.getvalue()


def npy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.arange(3.0))
    return stream.getvalue()


FILES = (
    (
        "helpers.py",
        b"import math\nfrom tools import deep\nCALLS = []\ndef f():\n    CALLS.append(1)\n    return len(CALLS)\n",
    ),
    ("tools/__init__.py", b"from . import deep\nNAME = __name__\n"),
    ("tools/deep.py", b"from pathlib import Path\nHERE = __file__\ndef g():\n    return 1 // 0\n"),
    ("loose/a.py", b"# coding: latin-1\nE = '\xe9'\n"),
    ("random.py", b"WRONG = True\n"),
    ("broken.py", b"x = 1\ndef f(:\n"),
    ("data/words.txt", "é,ü\r\nx".encode()),
    ("data/numbers.csv", b"1,2\n3,4\n"),
    ("data/numbers.npy", npy()),
    ("data/weights.pt", pt()),
    ("data/raw.bin", bytes(range(256))),
)
FINE = {
    "a module": "import helpers\ndef f(): return helpers.f()",
    "its parts": "from helpers import f",
    "a package": "import tools\ndef f(): return tools.NAME == 'tools' and tools.deep.HERE == 'tools/deep.py'",
    "a folder without a file of its own": "import loose.a\ndef f(): return loose.a.E == 'é'",
    "not one of Python's own": "import random\ndef f(): return not hasattr(random, 'WRONG')",
    "as late as it is needed": "def f():\n    from tools.deep import HERE\n    return True",
    "text": "def f(): return open('data/words.txt', encoding='utf-8').read() == 'é,ü\\nx'",
    "text as it is": "def f(): return open('data/words.txt', newline='').read() == 'é,ü\\r\\nx'",
    "lines": "def f():\n    with open('data/words.txt') as file: return [*file] == ['é,ü\\n', 'x']",
    "bytes": "def f(): return open('./data/../data/raw.bin', 'rb').read() == bytes(range(256))",
    "in parts": "def f():\n    with open('data/raw.bin', 'rb') as file: file.seek(5); return file.read(1)[0] == 5",
    "by io": "import io\ndef f(): return io.open('data/numbers.csv').readline() == '1,2\\n'",
    "by path": "from pathlib import Path\ndef f(): return Path('data', 'numbers.csv').read_text() == '1,2\\n3,4\\n'",
    "beside the code": "from pathlib import Path\ndef f(): return (Path(__file__).parent / 'data/raw.bin').exists()",
    "that it is there": "import os\ndef f(): return os.path.isfile('data/raw.bin') and not os.path.exists('data/no')",
    "numpy": "import numpy as np\ndef f(): return np.load('data/numbers.npy')[2] == 2 and True",
    "tables": "import numpy as np\ndef f(): return bool(np.loadtxt('data/numbers.csv', delimiter=',')[1, 1] == 4)",
    "torch": "import torch\ndef f(): return torch.load('data/weights.pt')['w'].tolist() == [1, 1]",
    "its source": "import inspect, helpers\ndef f(): return 'CALLS.append' in inspect.getsource(helpers.f)",
}


def ask(lab, source: Source, **options) -> Snapshot | Incident:
    plan = lab.plan([lab.case("only", {})], **options)
    (measured,) = lab.sandbox.measure(Work(source=source, plans=(plan,)))
    (answer,) = measured.observations.values()
    return answer


@pytest.mark.parametrize("name", FINE)
def test_what_was_handed_in_is_there(lab, name: str) -> None:
    answer = ask(lab, Source(text=FINE[name], filename="solution.py", files=FILES))
    assert isinstance(answer, Snapshot), answer
    assert isinstance(answer.returned, Scalar), answer
    assert answer.returned.value in (True, 1)


@pytest.mark.parametrize(
    ("text", "kind", "exception", "place"),
    [
        ("from tools.deep import g as f", K.EXCEPTION, "ZeroDivisionError", "line 4 of tools/deep.py"),
        ("import broken\ndef f(): pass", K.IMPORT_ERROR, "SyntaxError", "line 2 of broken.py"),
        ("import absent\ndef f(): pass", K.IMPORT_ERROR, "ModuleNotFoundError", "line 1"),
        ("def f(): open('data/raw.bin', 'wb')", K.EXCEPTION, "PermissionError", "line 1"),
        ("def f(): open('data/raw.bin', 'r+')", K.EXCEPTION, "PermissionError", "line 1"),
        ("def f(): open('data/absent.bin')", K.EXCEPTION, "FileNotFoundError", "line 1"),
    ],
)
def test_faults_are_traced_to_where_they_are(lab, text: str, kind: IncidentKind, exception: str, place: str) -> None:
    source = Source(text=text, filename="solution.py", files=FILES)
    answer = ask(lab, source)
    assert isinstance(answer, Incident), answer
    if exception == "FileNotFoundError":
        assert answer.exception in (exception, "PermissionError")  # a sandbox has its own reasons
    else:
        assert answer.exception == exception
    assert answer.kind is kind
    assert words(source, answer.frames[-1].line) == place


def test_every_plan_begins_with_fresh_modules(lab) -> None:
    source = Source(text="import helpers\ndef f():\n    return helpers.f()", filename="solution.py", files=FILES)
    plan = lab.plan([lab.case("one", {}), lab.case("two", {}, visible=False)])
    counts = [
        answer.returned.value
        for measured in lab.sandbox.measure(Work(source=source, plans=(plan, plan)))
        for answer in measured.observations.values()
    ]
    assert counts == [1, 2, 1, 2]


CELLS = notebook(
    "import torch\nimport matplotlib.pyplot as plt",
    "from __future__ import annotations\nimport not_there",
    "def f(x: what_is_this = None):\n    return g() + 1",
    "def g():\n    return 1\ndef plot(): plt.show(not_there)",
    "def h(:\n    pass",
    "def k():\n    return g() / 0",
    "def bad():\n    nonlocal y\n",
)


@pytest.mark.parametrize(
    ("entrypoint", "kind", "place"),
    [
        ("f", None, ""),
        ("k", K.EXCEPTION, "line 2 of hw1.ipynb[cell 6]"),
        ("h", K.SYNTAX_ERROR, "line 1 of hw1.ipynb[cell 5]"),
        ("bad", K.SYNTAX_ERROR, "line 2 of hw1.ipynb[cell 7]"),
        ("absent", K.SYNTAX_ERROR, "line 1 of hw1.ipynb[cell 5]"),
    ],
)
def test_cells_stand_for_themselves(lab, entrypoint: str, kind: IncidentKind | None, place: str) -> None:
    source = source_of(CELLS, "hw1.ipynb")
    answer = ask(lab, source, entrypoint=entrypoint)
    if kind is None:
        assert isinstance(answer, Snapshot), answer
        return
    assert isinstance(answer, Incident), answer
    assert answer.kind is kind
    assert words(source, answer.frames[-1].line) == place
    assert place.endswith(answer.frames[-1].filename)


def test_a_traceback_that_code_prints_shows_cells(lab) -> None:
    text = "import traceback\ndef f():\n    try: 1 / 0\n    except ZeroDivisionError: print(traceback.format_exc())"
    plan = lab.plan([lab.case("only", {})])
    (measured,) = lab.sandbox.measure(Work(source=source_of(notebook("x = 1", text), "hw1.ipynb"), plans=(plan,)))
    assert 'File "hw1.ipynb[cell 2]", line 3, in f\n    try: 1 / 0' in measured.printed["only"]
