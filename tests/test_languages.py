"""What students read in Chinese: every sentence of ours is Chinese, whatever goes wrong; what others wrote stays."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from torchgrade.cli import main
from torchgrade.errors import FormulaError
from torchgrade.grading.solutions import mistake_text, solution_source
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.kinds import Sandbox
from torchgrade.model.submission import Submission
from torchgrade.readers import read
from torchgrade.sandbox import strongest
from torchgrade.session import Session
from torchgrade.spec.language import spoken
from torchgrade.spec.load import load_text
from torchgrade.store import bank

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
ENGLISH = re.compile(r"\b(the|is|are|should|your|not|and|with|this)\b", re.IGNORECASE)
QUOTED = re.compile(r"`[^`]*`|：[A-Za-z]*(Error|Interrupt|Exit)：.*|^[A-Za-z]+(Error|Interrupt|Exit)：.*")
EVERY = 40
"""Of so many exercises of the bank one is tried, with all mistakes that are known of it."""
EXERCISE = """
schema: 1
title: {en: Two, zh: 两个结果}
task: {en: Return both., zh: 返回两者。}
entrypoint: both
parameters: {x: [2, n]}
returns: {y: [2, n], s: []}
reference:
  formula: {y: 2 * x, s: sum(x)}
  function: "def both(x): return 2 * x, x.sum()"
cases:
  - {name: by hand, inputs: {x: [[1, 2], [3, 4]]}}
  - {draw: 2, dims: {n: 3}}
checks:
  - value
  - gradient
  - {kind: property, name: half, holds: y / 2 == x}
  - {kind: property, name: new, holds: 'not shares_memory(y, x)'}
  - {kind: rule, forbid: [for, torch.einsum]}
limits: {seconds: 0.7, megabytes: 128}
"""
SQUARE = """
schema: 1
title: Square
task: The square of a symbol.
entrypoint: square
parameters: {x: {type: symbol}}
returns: {result: {type: expression}}
reference: {formula: x**2, function: "def square(x): return x**2"}
cases: [{name: one, inputs: {x: x}}]
checks: [value]
"""
BODIES = [
    "return 2 * x",
    "return 2 * x, x.sum(), 3",
    "return {'y': 2 * x}",
    "return {}",
    "return None, None",
    "return 2 * x, x.sum().item()",
    "return [2 * x], x.sum()",
    "return (2 * x).numpy(), x.sum()",
    "return 2 * x.T, x.sum()",
    "return (2 * x)[None], x.sum()",
    "return (2 * x).sum(0), x.sum()",
    "return (2 * x).sum(), x.sum()",
    "return 2 * x, x.sum(0)",
    "return (2 * x).int(), x.sum()",
    "return x > 0, x.sum()",
    "return (2 * x).to(torch.complex64), x.sum()",
    "return 2 * x / 0, x.sum()",
    "return x * float('nan'), x.sum()",
    "return 2.0002 * x, x.sum()",
    "return 3 * x, x.mean()",
    "return x, x.sum()",
    "return -2 * x, x.sum()",
    "return 2 * x + 1, x.sum()",
    "return (2 * x).flip(1), x.sum()",
    "return (2 * x).roll(1, 1), x.sum()",
    "return 4 * x * x, x.sum()",
    "return 2 * x.detach(), x.sum()",
    "x *= 2; return x, x.sum() / 2",
    "y = 2 * x; y[0] = 0; return y, x.sum()",
    "return 2 * x, x.sum\n",
    "return (z for z in x), lambda: 0",
    "for row in x: pass\n    return 2 * x, x.sum()",
    "return torch.einsum('ij->ij', 2 * x), x.sum()",
    "raise ValueError('the answer is not 42')",
    "raise NotImplementedError",
    "return 2 * y, x.sum()",
    "return x ^ 2, x.sum()",
    "return x[7], x.sum()",
    "return x @ x, x.sum()",
    "return x / 0 if 1 // 0 else 0",
    "return both(x)",
    "import sys; sys.exit(3)",
    "raise KeyboardInterrupt",
    "import os; os._exit(3)",
    "import os; os.abort()",
    "while True: pass",
    "import time; time.sleep(9)",
    "return torch.zeros(1 << 30), x.sum()",
    "print('a' * (20 << 20)); return 2 * x, x.sum()",
    "open_ = [open('/dev/null') for _ in range(500)]; return 2 * x, x.sum()",
    "import threading, time\n    while True: threading.Thread(target=time.sleep, args=(1,)).start()",
    "both.n = getattr(both, 'n', 0) + 1; return 2 * x + both.n // 4, x.sum()",
    "return torch.empty_like(x).fill_(float(len(__file__) * 0 + id(x) % 7)), x.sum()",
    "return 2 * x, object()",
    "return x.to_sparse(), x.sum()",
    "return 'text', None",
]
FILES = [
    "def both(x: return",
    "def boht(x): return 2 * x, x.sum()",
    "",
    "x = 1",
    "both = 3",
    "def both(): pass",
    "import nothing_of_the_kind",
    "raise SystemExit",
    "1 / 0",
    "input()",
    "x = 'a\0b'",
    "# -*- coding: utf-8 -*-\n# \xff",
]
EXPRESSIONS = [
    "return 2 * x",
    "return x.name",
    "import sympy; return sympy.Symbol('q')",
    "return x ** 0.5",
    "return (x,)",
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with strongest() as found:
        yield found


def submission(text: str) -> Submission:
    source = solution_source(text, "a.py")
    return Submission(submitter="a", path="a.py", source=source, digest=sha256(text.encode()).hexdigest())


def sentences(attempts: Iterable[Attempt]) -> Iterator[str]:
    """What is said to students."""
    for attempt in attempts:
        for check in attempt.checks:
            for finding in check.findings:
                for feedback in finding.feedback:
                    if feedback.audience is Audience.STUDENT:
                        yield from filter(None, (feedback.rationale, feedback.help))


def english(texts: Iterable[str]) -> list[str]:
    """What is not Chinese, or has English in it that nobody else wrote."""
    found = dict.fromkeys(texts)
    return [text for text in found if not CHINESE.search(text) or ENGLISH.search(QUOTED.sub("", text))]


def exercise(text: str = EXERCISE) -> Exercise:
    return spoken(load_text(text, "e.yaml", "t/e"), "zh")


def test_whatever_goes_wrong_is_told_in_chinese(sandbox: Sandbox) -> None:
    session, asked = Session(sandbox, "7"), exercise()
    told = list(sentences(session.attempt(submission(f"def both(x):\n    {body}"), asked) for body in BODIES))
    assert len(set(told)) > 2 * len(BODIES)
    assert english(told) == []


def test_expressions_are_told_in_chinese(sandbox: Sandbox) -> None:
    session, asked = Session(sandbox, "7"), exercise(SQUARE)
    told = list(sentences(session.attempt(submission(f"def square(x):\n    {body}"), asked) for body in EXPRESSIONS))
    assert len(set(told)) >= len(EXPRESSIONS)
    assert english(told) == []


def test_files_that_cannot_be_graded_are_told_in_chinese(sandbox: Sandbox, tmp_path: Path) -> None:
    for number, text in enumerate(FILES):
        (tmp_path / f"s{number:02}.py").write_bytes(text.encode("latin-1"))
    shutil.copytree(Path(__file__).parent / "corpus" / "handed_in", tmp_path / "more", dirs_exist_ok=True)
    session, asked = Session(sandbox, "7"), exercise()
    found = [each for folder in (tmp_path, tmp_path / "more") for each in read(folder)]
    told = list(sentences(session.attempt(each, asked) for each in found if each.problem or "more" not in each.path))
    assert len(set(told)) > len(FILES)
    assert english(told) == []


def test_the_banks_mistakes_are_told_in_chinese(sandbox: Sandbox) -> None:
    root = bank.folder(None)
    session, told = Session(sandbox, "7"), list[str]()
    for each in bank.load(root, bank.ids(root)[::EVERY]):
        asked = spoken(each, "zh")
        for mistake in asked.mistakes:
            try:
                text = mistake_text(asked, mistake)
            except FormulaError:
                continue
            told += sentences([session.attempt(submission(text), asked)])
    assert told
    assert english(told) == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An exercise, and two who answer it wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCHGRADE_STATE", str(tmp_path / "state"))
    for name, text in (
        ("exercises/t/two.yaml", EXERCISE),
        ("class/ann.py", "def both(x): return 3 * x, x.sum()\n"),
        ("class/bob.py", "def both(x: return\n"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def lines_of(text: str) -> list[str]:
    """The lines in which we say something, without code, names and what Python says."""
    shown = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [line for line in shown.splitlines() if ENGLISH.search(QUOTED.sub("", line))]


def test_check_speaks_chinese(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "class/ann.py", "--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert "✗ 两个结果（t/two）：答案错误，0 / 5 分" in out
    assert "亲自验证，把以下内容放在你的代码之后：" in out
    assert lines_of(out) == []


def test_reports_speak_chinese(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formats = "md,html,terminal,junit,github,ctrf"
    assert main(["grade", "class", "--lang", "zh", "--format", formats, "--report", "out"]) == 0
    assert "提交者" in capsys.readouterr().out
    for name in ("report.md", "report.txt", "annotations.txt"):
        text = (folder / "out" / name).read_text(encoding="utf-8")
        assert CHINESE.search(text)
        assert lines_of(text) == [], name
    page = (folder / "out" / "students" / "ann.html").read_text(encoding="utf-8")
    assert "`" not in page.split("<body")[1]
    assert "实际：" not in page  # the numbers stand side by side, and are not told again
    body = re.sub(r"<(pre|code|style|math)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert [text for text in re.findall(r">([^<]+)<", body) if ENGLISH.search(text)] == []
    assert "所有值都是应有值的" in page or "的值不对" in page


def test_other_languages_hear_english_and_are_told_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "class/ann.py", "--lang", "fr"]) == 1
    told = capsys.readouterr()
    assert "✗ Two (t/two): wrong answer, 0 / 5 points" in told.out
    assert told.err.startswith("--lang fr: torchgrade itself speaks en and zh")
