"""What students read in Chinese: every sentence of ours is Chinese, whatever goes wrong; what others wrote stays."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import unescape
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
WORD = re.compile(r"(?<![0-9A-Za-z])[A-Za-z][A-Za-z_]+")
CODE = {
    "autograd",
    "backward",
    "bool",
    "complex",
    "cpu",
    "dtype",
    "exp",
    "float",
    "inf",
    "int",
    "log",
    "max",
    "NaN",
    "nan",
}
CODE |= {
    "None",
    "numel",
    "numpy",
    "python",
    "Python",
    "SIGABRT",
    "sqrt",
    "str",
    "sympy",
    "mpmath",
    "torch",
    "torchgrade",
}
CODE |= {"MB", "NUL", "UTF", "sandbox", "namespaces", "two", "bad", "English", "py"}
"""The words that Chinese has not either, and the names of this test's exercise, files and languages."""
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
WIDE = """
schema: 1
title: {en: Wide, zh: 宽}
task: {en: Return both., zh: 返回两者。}
entrypoint: both
parameters: {x: {shape: [2, n], requires_grad: true}}
returns: {y: [2, n], s: []}
reference:
  formula: {y: 2 * x, s: sum(x), x.grad: 0 * x + 1}
  function: "def both(x):\\n    s = x.sum()\\n    s.backward(retain_graph=True)\\n    return 2 * x, s"
cases:
  - {inputs: {x: [[1, 2], [3, 4]]}}
  - {inputs: {x: [[0, 1], [1, 0]]}, visible: false}
  - {draw: 2, dims: {n: 3}}
  - {edges: [one, zeros, strided, negative, large, tiny]}
checks:
  - {kind: value, of: y, partial: true}
  - {kind: value, of: s, required: true}
  - {kind: value, of: x.grad}
  - {kind: value, of: y @ y.T}
  - gradient
  - {kind: gradient, of: y, wrt: [x], order: 2}
  - {kind: property, holds: y / 2 == x}
  - {kind: property, holds: y.T @ y == 4 * x.T @ x}
  - {kind: property, holds: 'sum(reshape(y, [-1])) == 2 * s'}
  - {kind: property, holds: 'y[1, 0] >= y[0, 0] or y[1, 0] < y[0, 0]'}
  - {kind: property, holds: max(y) >= min(y)}
  - {kind: property, holds: 'not shares_memory(y, x)'}
  - {kind: rule, forbid: [for, torch.einsum]}
hints: [{en: Double., zh: 加倍。}]
limits: {seconds: 0.7, megabytes: 128}
"""
ONLY_ENGLISH = """
schema: 1
title: Square
task: Return the square.
entrypoint: square
parameters: {x: [n]}
reference: {formula: x**2, function: "def square(x): return x * x"}
cases: [{draw: 2}]
checks: [{kind: value, says: That is no square.}]
hints: [Multiply.]
"""
ANSWERS = [
    "s.backward(retain_graph=True); return 2 * x, s",
    "return 2 * x, s * torch.ones(2)",
    "return 2 * x.sum(0), x.sum(0)",
    "return 2 * x[0], x",
    "return 2 * x, 'a'",
    "return 2 * x.to(torch.complex64), s.to(torch.complex64)",
    "return torch.zeros(0, 3), s",
    "return torch.tensor(1.0), torch.tensor(2.0)",
    "return x * 1e30, s",
    "return torch.zeros(400, 400), s",
    "s.backward(retain_graph=True); return 2 * x.detach(), s",
    "s.backward(retain_graph=True); return 2 * x ** 2, s",
    "s.backward(retain_graph=True); return 2 * x.abs(), s",
    "s.backward(); return 2 * x + 1, s",
    "return x.item(), s",
    "import os; os.abort()",
    "while True: pass",
    "print('1' * 99); return both",
]
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


def words_of(text: str) -> dict[str, str]:
    """Words of English, each with a line in which it stands; none in code, and none that others said."""
    bare = QUOTED.sub("", re.sub(r"```.*?```", "", text.replace("\\", ""), flags=re.DOTALL))
    bare = re.sub(r"[A-Za-z]+(Error|Interrupt|Exit)：.*", "", bare)
    return {word: line for line in bare.splitlines() for word in WORD.findall(line) if word not in CODE}


def words_of_page(page: str) -> dict[str, str]:
    body = page.split("<body")[1]
    ours = re.sub(r'<div class="prose" lang="en">.*?</div>', "", body, flags=re.DOTALL)
    ours = re.sub(r"<(pre|code|style|math)\b.*?</\1>", "", ours, flags=re.DOTALL)
    return words_of("\n".join(_texts(ours)))


def _texts(page: str) -> Iterator[str]:
    for text, label in re.findall(r">([^<]+)<|(?:aria-label|title)=\"([^\"]*)\"", page):
        yield unescape(text or label)


def test_nothing_that_students_read_is_english(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "exercises" / "t" / "two.yaml").write_text(WIDE, encoding="utf-8")
    shutil.rmtree(folder / "class")
    (folder / "class").mkdir()
    for number, body in enumerate(ANSWERS, 10):
        text = f"import torch\ndef both(x):\n    s = x.sum()\n    {body}\n"
        (folder / "class" / f"{number}.py").write_text(text, encoding="utf-8")
    for number, text in enumerate(FILES, 50):
        (folder / "class" / f"{number}.py").write_bytes(text.encode("latin-1"))
    assert main(["grade", "class", "--lang", "zh", "--format", "json,md,html,terminal", "--report", "out"]) == 0
    capsys.readouterr()
    for name in ("report.md", "report.txt"):
        told = (folder / "out" / name).read_text(encoding="utf-8")
        assert words_of(re.sub(r"^ {8}.*", "", told, flags=re.MULTILINE)) == {}, name
    pages = [path.read_text(encoding="utf-8") for path in sorted((folder / "out" / "students").iterdir())]
    assert len(pages) == len(ANSWERS) + len(FILES)
    for page in pages:
        assert words_of_page(page) == {}
        assert not re.search(r"<code>(drawn|given|gradient of|zeros)", page)
    assert '"drawn 1"' in (folder / "out" / "report.json").read_text(encoding="utf-8"), "names stay what they are"


@pytest.mark.parametrize("body", [ANSWERS[1], ANSWERS[10], ANSWERS[12]])
def test_what_a_platform_shows_is_not_english(folder: Path, body: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "exercises" / "t" / "two.yaml").write_text(WIDE, encoding="utf-8")
    text = f"import torch\ndef both(x):\n    s = x.sum()\n    {body}\n"
    (folder / "two.py").write_text(text, encoding="utf-8")
    assert main(["grade", "two.py", "--lang", "zh", "--format", "gradescope", "--report", "out"]) == 0
    capsys.readouterr()
    told = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    shown = [told["output"], *(each[field] for each in told["tests"] for field in ("name", "output"))]
    assert words_of("\n".join(shown)) == {}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("list", 0, "部分标题没有中文版本"),
        ("list --topic u", 2, "exercises 中没有主题为 'u' 的练习"),
        ("explain two", 0, "两个结果（t/two）"),
        ("explain t/bad", 0, "此内容没有中文版本。"),
        ("explain tvo", 2, "'tvo' 既不是代号，也不是练习；你是指"),
        ("hint t/bad", 0, "此内容没有中文版本。\n（提示 1，共 1 条）"),
        ("hint two", 0, "t/two 没有提示"),
        ("hint t/twoo", 2, "exercises 中没有练习 't/twoo'；你是指 't/two' 吗？\n提示：torchgrade list 会列出全部练习"),
        ("start two", 0, "已写入 both.py"),
        ("start t/bad", 2, "square.py 已存在，其中可能有你的作业\n提示：请将它改名，或用 --force 覆盖它"),
        ("check class/ann.py", 1, "隔离级别："),
        ("check square.py", 1, "“Square”的作者没有提供中文文本。"),
        ("check nobody.py", 2, "没有文件 nobody.py"),
        ("check class", 2, "class 是文件夹"),
        ("check other.py", 2, "other.py 没有定义 exercises 中任何练习的函数；你是指 'both' 吗？"),
        ("check other.txt", 2, "other.txt：无法读取这种文件"),
        ("check class/ann.py --exercises class", 2, "class 中没有练习"),
    ],
)
def test_commands_answer_students_in_chinese(
    arguments: str, code: int, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "exercises" / "t" / "bad.yaml").write_text(ONLY_ENGLISH, encoding="utf-8")
    (folder / "square.py").write_text("def square(x): return 2 * x", encoding="utf-8")
    (folder / "other.py").write_text("def bohh(x): pass", encoding="utf-8")
    (folder / "other.txt").touch()
    assert main([*arguments.split(), "--lang", "zh"]) == code
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert not ENGLISH.search(QUOTED.sub("", told.err))


def test_a_file_to_start_from_is_in_chinese(folder: Path) -> None:
    assert main(["start", "two", "--lang", "zh"]) == 0
    text = (folder / "both.py").read_text(encoding="utf-8")
    assert "x: 形状为 [2, n] 的张量" in text


def test_other_languages_hear_english_and_are_told_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "class/ann.py", "--lang", "fr"]) == 1
    told = capsys.readouterr()
    assert "✗ Two (t/two): wrong answer, 0 / 5 points" in told.out
    assert told.err.startswith("--lang fr: torchgrade itself speaks en and zh")
