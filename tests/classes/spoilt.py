"""What never returns an answer: functions that crash, hang or are not there, and what is handed in to harm.

Bodies are of a function that takes anything. What each must come to is certain unless it says otherwise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random

from tests.classes.answers import ANY, WRONG, Answer
from tests.classes.handin import Kind

from torchgrade.model.verdict import Verdict

ATTACKS = Path(__file__).parents[1] / "hostile" / "attacks"
CRASHES = {
    "divides by zero": "    return 1 / 0",
    "an index out of range": "    return given[len(given)]",
    "a name that is not there": "    return resutl",
    "a method that is not there": "    return torch.zeros(3).summ()",
    "shapes that do not fit": "    return torch.zeros(2, 3) @ torch.zeros(2, 3)",
    "not written yet": '    raise NotImplementedError("TODO")',
    "an assertion": '    assert len(given) > 9, "did not expect this"',
    "calls itself": "    return {name}(*given)",
    "exits": "    import os\n\n    os._exit(1)",
    "exits politely": "    raise SystemExit",
    "a segmentation fault": "    import ctypes\n\n    ctypes.string_at(0)",
    "aborts": "    import os\n\n    os.abort()",
}
HANGS = {
    "an endless loop": "    while True:\n        pass",
    "a loop that never gets there": "    total, step = 0.0, 0.1\n    while total != 1.0:\n        total += step",
    "counts for ever": "    import itertools\n\n    return sum(1 for _ in itertools.count())",
    "sleeps": "    import time\n\n    time.sleep(10**6)",
    "waits for nobody": "    import threading\n\n    threading.Event().wait()",
}
HARMS = (
    *(f"forging/{name}" for name in ("exit_zero", "system_exit", "keyboard_interrupt", "hostile_exception", "xml")),
    *(f"forging/{name}" for name in ("markup", "terminal_codes", "workflow_commands", "reversed_text")),
    *(
        f"forging/{name}"
        for name in ("print_passed", "patch_json", "half_an_answer", "unknown_dtype", "lone_surrogate")
    ),
    *("resources/deep_recursion", "resources/endless_value", "resources/abort", "memory/main_module"),
)
"""Attacks that need nothing of the machine and end at once."""


@cache
def spoiled(name: str) -> Mapping[Kind, tuple[Answer, ...]]:
    """What may stand in place of the function of that name."""
    return {
        Kind.CRASHING: tuple(_answers(name, "crash", CRASHES, Verdict.RUNTIME_ERROR)),
        Kind.HANGING: tuple(_answers(name, "hang", HANGS, Verdict.TIME_LIMIT_EXCEEDED)),
        Kind.HOSTILE: tuple(_attack(name, what) for what in HARMS),
    }


def _answers(name: str, kind: str, bodies: Mapping[str, str], verdict: Verdict) -> Iterator[Answer]:
    for what, text in bodies.items():
        body = f"def {name}(*given):\n{text.format(name=name)}\n"
        imports = (("torch", "import torch"),) if "torch" in body else ()
        yield Answer(entrypoint=name, what=f"{kind}: {what}", imports=imports, body=body, verdicts=(verdict,))


def _attack(name: str, what: str) -> Answer:
    tree = ast.parse((ATTACKS / f"{what}.py").read_text(encoding="utf-8"))
    imports = [each for each in tree.body if isinstance(each, (ast.Import, ast.ImportFrom))]
    text = "\n\n\n".join(ast.unparse(each) for each in tree.body if each not in imports)
    body = re.sub(r"\bdef (double|secret|patience)\(", "def _answer(", text)
    body += f'\n\n\ndef {name}(*given):\n    return _answer(given[0] if given else 0, "{{}}")\n'
    needs = tuple((alias.asname or alias.name, ast.unparse(each)) for each in imports for alias in each.names)
    return Answer(entrypoint=name, what=f"attack: {what}", imports=needs, body=body, verdicts=WRONG)


BROKEN = {
    "no Python": "print 'hello world'\n",
    "a bracket missing": "result = torch.zeros((2, 3)\n",
    "indented by chance": "  x = 1\n",
    "a marked conflict": "<<<<<<< HEAD\n",
}
"""Last lines with which Python reads nothing of a script."""


EMPTY = {
    "0 bytes": "",
    "spaces only": "\n\n   \n",
    "comments only": "# Homework 1\n# I did not have the time, sorry.\n",
    "a docstring only": '"""Homework 1."""\n',
    "other functions only": "import torch\n\n\ndef test():\n    return torch.ones(3)\n",
    "names misspelt": "import torch\n\n\ndef {name}_(*given):\n    return given[0]\n",
    "bodies not filled in": "import torch\n\n\ndef {name}(*given):\n    pass  # TODO\n",
}
NOTHING_WRITTEN = ("bodies not filled in",)
"""What of these has the right names, so that it is run: that it returns nothing may by chance be right."""


def empty(names: tuple[str, ...], random: Random) -> tuple[str, str, tuple[Verdict, ...]]:
    """What it is, the text, and the verdicts that are possible on each exercise."""
    what = random.choice(list(EMPTY))
    text = "\n\n".join(EMPTY[what].format(name=name) for name in names) if "{name}" in EMPTY[what] else EMPTY[what]
    return what, text, ANY if what in NOTHING_WRITTEN else (Verdict.INVALID_SUBMISSION,)
