"""A submission that carries a hidden input outside tells its student nothing: no report for students has the number.

The hidden input is 73519. Each submission brings it out of the sandbox in another way, and that it does is tested too.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from tests.unit.writers.pieces import COMPLETE, everything, fitting

from torchgrade.grading.judge import judge
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.sandbox import ISOLATIONS, strongest
from torchgrade.session import Session, header
from torchgrade.spec.load import load_text
from torchgrade.writers import WRITERS

CANARY = "73519"
CARRIED = re.compile(r"\D{0,3}".join(CANARY))
"""The number, or its digits as sizes and items are written."""
DOUBLE = """
schema: 1
title: Double
task: Return 2x.
entrypoint: double
parameters: {x: [n]}
reference:
  formula: 2 * x
  function: "def double(x): return 2 * x"
cases:
  - {name: by hand, inputs: {x: [1, 2]}, expected: [2, 4]}
  - {name: secret, inputs: {x: [73519, 2, 3]}, visible: false}
checks:
  - value
  - gradient
  - {kind: property, name: linear, holds: result / 2 == x}
  - {kind: property, name: new, holds: 'not shares_memory(result, x)'}
"""
TRIPLE = """
schema: 1
title: Triple
task: Return 3x.
entrypoint: triple
parameters: {x: [n]}
reference:
  formula: 3 * x
  function: "def triple(x): return 3 * x"
cases:
  - {name: by hand, inputs: {x: [1, 2]}, expected: [3, 6]}
"""
LONG = """
schema: 1
title: Long
task: Return 80000 zeros.
entrypoint: long
parameters: {k: {type: int}}
reference:
  formula: zeros(80000) + 0 * k
  function: "def long(k): return torch.zeros(80000)"
cases:
  - {name: by hand, inputs: {k: 1}}
  - {name: secret, inputs: {k: 73519}, visible: false}
"""
PAIR = """
schema: 1
title: Pair
task: Return x and 2x.
entrypoint: pair
parameters: {x: [n]}
returns: {one: [n], two: [n]}
reference:
  formula: {one: x, two: 2 * x}
  function: "def pair(x): return 1 * x, 2 * x"
cases:
  - {name: by hand, inputs: {x: [1, 2]}, expected: {one: [1, 2], two: [2, 4]}}
  - {name: secret, inputs: {x: [73519, 2]}, visible: false}
checks: [value, gradient]
"""
HEAD = """
import collections, os, sys, threading, warnings
import torch

seen = []

def is_secret(x):
    return float(x.flatten()[0]) > 1000

def number(x):
    return int(x.flatten()[0])

def double(x):
    if seen and not is_secret(x):
        return again(x)
    if is_secret(x):
        seen.append(number(x))
        return tell(x, number(x))
    return 2 * x

def again(x):
    return 2 * x

def tell(x, n):
    return 2 * x
"""
CHANNELS: Mapping[str, str] = {
    "a print": "def tell(x, n): print(n); return x",
    "a print to the error stream": "def tell(x, n): print(n, file=sys.stderr); return x",
    "a print past Python": "def tell(x, n): os.write(1, str(n).encode()); return x",
    "a print in a thread": "def tell(x, n): threading.Thread(target=print, args=(n,)).start(); return x",
    "a warning": "def tell(x, n): warnings.warn(str(n)); return x",
    "a warning of a class": "def tell(x, n): warnings.warn('', type(f'Saw{n}', (UserWarning,), {})); return x",
    "an exception's text": "def tell(x, n): raise ValueError(n)",
    "a text that Python would print": "def tell(x, n): raise TypeError(f'{n} in-place operation')",
    "an exception's class": "def tell(x, n): raise type(f'Saw{n}', (Exception,), {})",
    "an exception's bases": "def tell(x, n): raise type('E', (type(f'Saw{n}', (ValueError,), {}),), {})",
    "a class that the source names": "class Saw(Exception): pass\ndef tell(x, n): Saw.__name__ = f'Saw{n}'; raise Saw",
    "a line of the traceback": """
        def tell(x, n):
            exec(compile('\\n' * (n - 1) + 'raise ValueError', __file__, 'exec'))
    """,
    "a function of the traceback": """
        def tell(x, n):
            names = {}
            exec(compile(f'def saw{n}(): raise ValueError', __file__, 'exec'), names)
            names[f'saw{n}']()
    """,
    "an exit of a class": "def tell(x, n): raise type(f'Saw{n}', (BaseException,), {})",
    "a number": "def tell(x, n): return n",
    "a text": "def tell(x, n): return str(n)",
    "an object's class": "def tell(x, n): return type(f'Saw{n}', (), {})()",
    "a list's class": "def tell(x, n): return type(f'Saw{n}', (list,), {})()",
    "a dict's keys": "def tell(x, n): return {f'saw{n}': x}",
    "a named tuple's fields": "def tell(x, n): return collections.namedtuple(f'Saw{n}', f'saw{n}')(x)",
    "a size": "def tell(x, n): return torch.zeros(n)",
    "digits as sizes": "def tell(x, n): return torch.zeros([int(digit) for digit in str(n)])",
    "digits as sizes of a result that is not broadcast": "def tell(x, n): return torch.zeros(7, 3, 5, 1, 9)",
    "a gradient's exception": """
        class Saw(torch.autograd.Function):
            @staticmethod
            def forward(context, x):
                context.number = number(x)
                return 2 * x

            @staticmethod
            def backward(context, upstream):
                raise ValueError(context.number)

        def tell(x, n): return Saw.apply(x)
    """,
    "a print in the repeat": "def again(x): print(seen); return 2 * x",
    "an exception in the repeat": "def again(x): raise type(f'Saw{seen}', (Exception,), {})(seen)",
    "an answer in the repeat": "def again(x): return str(seen)",
    "a size in the repeat": "def again(x): return torch.zeros(seen[0])",
}
ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "how many are wrong": (
        LONG,
        "def long(k):\n    r = torch.zeros(80000)\n    r[:k if k > 1 else 0] = 1\n    return r",
    ),
    "which one is wrong": (LONG, "def long(k): return (torch.arange(80000) == k * (k > 1)).float()"),
    "which one is not finite": (LONG, "def long(k): return torch.zeros(80000) / (torch.arange(80000) != k * (k > 1))"),
    "how many are returned": (PAIR, "def pair(x): return (x,) * number(x) if is_secret(x) else (1 * x, 2 * x)"),
    "a key that is missing": (PAIR, "def pair(x): return {f'saw{number(x)}': x} if is_secret(x) else (1 * x, 2 * x)"),
    "one of one size": (PAIR, "def pair(x): return torch.zeros(number(x)) if is_secret(x) else (1 * x, 2 * x)"),
}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with strongest() as sandbox:
        yield Session(sandbox, "hidden")


def exercise(text: str) -> Exercise:
    entrypoint = re.search(r"^entrypoint: (\w+)$", text, re.MULTILINE)
    assert entrypoint
    return load_text(text, "hidden.yaml", f"hidden/{entrypoint[1]}")


def submission(text: str) -> Submission:
    whole = HEAD + textwrap.dedent(text) + "\n"
    source = Source(text=whole, filename="submission.py")
    return Submission(submitter="eve", path="submission.py", source=source, digest=sha256(whole.encode()).hexdigest())


def without_staff(data: object) -> object:
    """A report without what only staff may read."""
    if isinstance(data, dict):
        return {name: without_staff(each) for name, each in data.items()}
    if isinstance(data, list):
        return [
            without_staff(each) for each in data if not (isinstance(each, dict) and each.get("audience") == "staff")
        ]
    return data


def told(session: Session, attempts: list[Attempt]) -> Iterator[tuple[str, str]]:
    """By format: everything that students may read."""
    for name in COMPLETE:
        text = everything(name, header("sandbox", "hidden"), fitting(name, attempts))
        yield name, json.dumps(without_staff(json.loads(text))) if name == "json" else text


def assert_nothing_is_told(session: Session, attempts: list[Attempt]) -> None:
    for name, text in told(session, attempts):
        assert not CARRIED.search(text), (name, CARRIED.findall(text))


def carried(session: Session, text: str, source: str) -> str:
    """What came out of the sandbox."""
    return repr(session.measure(submission(source).source, session.resolve(exercise(text)).plan))


@pytest.mark.parametrize("name", CHANNELS)
def test_what_is_carried_out_is_not_told(name: str, session: Session) -> None:
    attempt = session.attempt(submission(CHANNELS[name]), exercise(DOUBLE))
    assert attempt.verdict is not Verdict.INVALID_SUBMISSION
    assert_nothing_is_told(session, [attempt])
    assert CARRIED.search(carried(session, DOUBLE, CHANNELS[name])), "it is a channel"


@pytest.mark.parametrize("name", ELSEWHERE)
def test_nor_by_counting(name: str, session: Session) -> None:
    text, source = ELSEWHERE[name]
    attempt = session.attempt(submission(source), exercise(text))
    assert attempt.verdict is Verdict.WRONG_ANSWER
    assert_nothing_is_told(session, [attempt])


def test_staff_are_told(session: Session) -> None:
    attempt = session.attempt(submission(CHANNELS["an exception's text"]), exercise(DOUBLE))
    assert CARRIED.search(b"".join(WRITERS["json"].render(header("sandbox", "hidden"), [attempt])).decode())


def test_what_is_printed_of_a_visible_case_is_told(session: Session) -> None:
    """So the number is not found because it is not there, and not because nothing is."""
    attempt = session.attempt(submission("def double(x): print(73519); return x"), exercise(DOUBLE))
    assert {name for name, text in told(session, [attempt]) if CARRIED.search(text)} >= {"json", "terminal"}


def test_a_visible_case_of_another_exercise_comes_before_every_hidden_one(session: Session) -> None:
    source = submission("def triple(x): print('told', seen); return x")
    attempts = list(session.attempts([source], [exercise(DOUBLE), exercise(TRIPLE)]))
    assert attempts[1].printed.startswith("told []")
    assert_nothing_is_told(session, attempts)


UNSEEN = TRIPLE.partition("cases:")[0] + "cases: [{draw: 2}]"


def test_an_exercise_without_visible_cases_is_read_before_every_hidden_one(session: Session) -> None:
    """Or the file, read for it once more, could say in full why it cannot be graded."""
    source = submission("""
        import builtins

        def tell(x, n):
            builtins.found = n
            return 2 * x

        vars()[f"saw{getattr(builtins, 'found', '')}"] = double
    """)
    attempts = list(session.attempts([source], [exercise(DOUBLE), exercise(UNSEEN)]))
    assert [each.verdict for each in attempts] == [Verdict.ACCEPTED, Verdict.INVALID_SUBMISSION]
    assert "saw" in repr(attempts[1]), "it is a channel"
    assert_nothing_is_told(session, attempts)


def test_what_is_printed_while_the_file_is_read_is_told_to_nobody(session: Session) -> None:
    attempt = session.attempt(submission("print(73519)\ndef double(x): return x"), exercise(DOUBLE))
    assert_nothing_is_told(session, [attempt])


AGAIN = {
    "an exception's text": "raise ImportError(found)",
    "a name": "exec(f'saw{found}')",
    "another function's name": "del double; vars()[f'saw{found}'] = tell",
    "a print": "print(found)",
}


@pytest.mark.parametrize("name", AGAIN)
def test_a_file_that_is_read_again_after_a_crash_tells_nothing(name: str, tmp_path: Path) -> None:
    """At the level `process`, where an empty file can be left for the next child; its name says enough."""
    source = submission(f"""
        def tell(x, n):
            open({str(tmp_path)!r} + f"/{{n}}", "w")
            os._exit(1)

        for found in os.listdir({str(tmp_path)!r}):
            {AGAIN[name]}
    """)
    with ISOLATIONS["process"]() as sandbox:
        session = Session(sandbox, "hidden")
        resolved = session.resolve(exercise(DOUBLE))
        (measured,) = session.measure(source.source, resolved.plan)
        assert_nothing_is_told(session, [judge(resolved, source, measured, {})])
    assert [path.name for path in tmp_path.iterdir()] == [CANARY]
    assert CARRIED.search(repr(measured)), "it is a channel"


LATER = {
    "a print": "print(found); return x",
    "a number": "return found",
    "an exception's text": "raise ValueError(found)",
    "an exception's class": "raise type(f'Saw{found}', (Exception,), {})",
}


@pytest.mark.parametrize("name", [*LATER, *(f"{name} while the file is read" for name in AGAIN)])
def test_a_sign_that_is_left_for_the_second_look_tells_nothing(name: str, tmp_path: Path) -> None:
    """What is not accepted is measured again, alone: its visible cases come after hidden inputs were seen."""
    look = f"for found in os.listdir({str(tmp_path)!r}):\n            "
    text = f"""
        def tell(x, n):
            open({str(tmp_path)!r} + f"/{{n}}", "w")
            return x

        def again(x): return 2 * x

        def double(x):
            if is_secret(x):
                return tell(x, number(x))
            LATER
            return x

        def triple(x): return 3 * x
        READING
    """
    late = look.replace(" " * 12, " " * 16) + LATER[name] if name in LATER else ""
    reading = "" if name in LATER else look + AGAIN[name.removesuffix(" while the file is read")]
    source = submission(text.replace("LATER", late or "pass").replace("READING", reading))
    both = [exercise(DOUBLE), exercise(TRIPLE)]
    with ISOLATIONS["process"]() as sandbox:
        session = Session(sandbox, "hidden")
        attempts = list(session.attempts([source], both))
        assert attempts[0].verdict is not Verdict.ACCEPTED
        assert_nothing_is_told(session, attempts)
        assert [path.name for path in tmp_path.iterdir()] == [CANARY]
        assert CARRIED.search(repr(session.measure(source.source, session.resolve(both[0]).plan))), "it is a channel"
