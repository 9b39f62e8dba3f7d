"""What can go wrong in a submission: which Incident it is, in which words, on which line, and that the rest goes on."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pytest

from torchgrade.model.exercise import Limits
from torchgrade.model.observation import Incident, IncidentKind, Snapshot
from torchgrade.model.probe import Source, Work
from torchgrade.model.value import Opaque, Scalar, Series

K = IncidentKind
HERE = Limits(seconds=1, megabytes=256)
BUSY = Limits(seconds=10, cpu_seconds=0.5, threads=8, files=16, output_megabytes=1)
NO_ANSWER = "There was no answer within 1 second."
TOO_MUCH = "More than 256 MB of memory were asked for."
AT_ONCE = "38,146 MB of memory were asked for at once; 256 MB are allowed."
PROCESSOR = "The code used more than 0.5 seconds of processor time."
SPIN = "def spin():\n    while True: pass\n"
DISTURBED = "The code disturbed its connection with the grader: "
FORGED = """\
import json, os
tensor = ["float32", [2**39, 2**39], 6, 0, 0, None]
answer = {"is": "snapshot", "after": [["x", tensor]], "returned": {"is": "none", "value": None}}
header = json.dumps(dict(number=3, answers=[answer])).encode()
os.write(3, len(header).to_bytes(4, "big") + bytes(4) + header)
os._exit(0)"""

NO_JSON = DISTURBED + "a header that is no JSON: "
SHORT = DISTURBED + "it gave 0 answers to 1 questions."
MORE = "it wrote more than one answer."
SLOWLY = """\
import os, time
os.write(3, (1000).to_bytes(4, "big") + bytes(4))
while True: os.write(3, b" "); time.sleep(0.01)"""


def said(header: str) -> str:
    """A body that answers with this header, an expression, of its own accord."""
    write = 'os.write(3, len(header).to_bytes(4, "big") + bytes(4) + header)'
    return f"import os, time\nheader = {header}\n{write}\ntime.sleep(60)"


@dataclass(frozen=True)
class Row:
    """A body that runs in the second of three cases only, and what is to come of it."""

    name: str
    body: str
    kind: IncidentKind
    message: str
    line: int = 0
    exception: str = ""


ROWS = [
    Row("loop", "while True: pass", K.TIME_LIMIT, NO_ANSWER),
    Row("sleep", "import time; time.sleep(60)", K.TIME_LIMIT, NO_ANSWER),
    Row("deaf loop", "while True:\n    try:\n        while True: pass\n    except: pass", K.TIME_LIMIT, NO_ANSWER),
    Row("sys.exit", "import sys\nsys.exit()", K.EXITED, "The code called sys.exit().", 5, "SystemExit"),
    Row("exit code", "raise SystemExit(3)", K.EXITED, "The code called sys.exit().", 4, "SystemExit"),
    Row("interrupt", "raise KeyboardInterrupt", K.EXITED, "The code raised KeyboardInterrupt.", 4, "KeyboardInterrupt"),
    Row("generator exit", "raise GeneratorExit", K.EXITED, "The code raised GeneratorExit.", 4, "GeneratorExit"),
    Row("_exit", "import os; os._exit(3)", K.EXITED, "The code ended the process itself, with status 3."),
    Row("_exit 0", "import os; os._exit(0)", K.EXITED, "The code ended the process itself, with status 0."),
    Row("segfault", "import ctypes; ctypes.string_at(0)", K.CRASHED, "The process was ended by the signal SIGSEGV."),
    Row("abort", "import os; os.abort()", K.CRASHED, "The process was ended by the signal SIGABRT."),
    Row("exception", "raise ValueError('no')", K.EXCEPTION, "no", 4, "ValueError"),
    Row("deeper", "g(0)", K.EXCEPTION, "division by zero", 8, "ZeroDivisionError"),
    Row(
        "inside torch",
        "return x @ x.reshape(1, 3)",
        K.EXCEPTION,
        "mat1 and mat2 shapes cannot be multiplied (1x3 and 1x3)",
        4,
        "RuntimeError",
    ),
    Row("torch memory", "return torch.zeros(10**10)", K.MEMORY_LIMIT, AT_ONCE, 4, "RuntimeError"),
    Row(
        "numpy memory",
        "import numpy\nreturn numpy.zeros(2**32)",
        K.MEMORY_LIMIT,
        "32,768 MB of memory were asked for at once; 256 MB are allowed.",
        5,
        "MemoryError",
    ),
    Row("python memory", "return len(bytearray(10**10))", K.MEMORY_LIMIT, TOO_MUCH, 4, "MemoryError"),
    Row(
        "creeping memory",
        "hoard = []\nwhile True: hoard.append(torch.ones(2**20))",
        K.MEMORY_LIMIT,
        TOO_MUCH,
        5,
        "RuntimeError",
    ),
    Row("output", "while True: print('x' * 10**6)", K.OUTPUT_LIMIT, "The code printed more than 8 MB."),
    Row(
        "raw output",
        "import os\nwhile True: os.write(1, b'x' * 10**6)",
        K.OUTPUT_LIMIT,
        "The code printed more than 8 MB.",
    ),
    Row("closed", "import os; os.closerange(0, 100)", K.BAD_REPLY, DISTURBED + "it was closed."),
    Row(
        "closed, lingering",
        "import os, time; os.closerange(0, 100); time.sleep(60)",
        K.BAD_REPLY,
        DISTURBED + "it was closed.",
    ),
    Row(
        "garbage",
        "import os; os.write(3, b'x' * 100)",
        K.BAD_REPLY,
        DISTURBED + "a reply of 4,042,322,168 bytes, 2,021,161,080 of them header; "
        "83,886,080 and 4,194,304 are allowed.",
    ),
    Row("brackets", said('b"[" * 400_000'), K.BAD_REPLY, NO_JSON + "RecursionError."),
    Row("an endless number", said('b"[" + b"9" * 900_000 + b"]"'), K.BAD_REPLY, NO_JSON + "ValueError."),
    Row("no text", said('b"[\\x80]"'), K.BAD_REPLY, NO_JSON + "UnicodeDecodeError."),
    Row("an answer to nothing", said('b\'{"number": 3, "answers": []}\''), K.BAD_REPLY, SHORT),
    Row("a flood", "import os\nwhile True: os.write(3, bytes(2**16))", K.BAD_REPLY, DISTURBED + MORE),
    Row("a slow answer", SLOWLY, K.TIME_LIMIT, NO_ANSWER),
    Row(
        "half an answer, ended",
        "import os; os.write(3, bytes(2)); os._exit(0)",
        K.EXITED,
        "The code ended the process itself, with status 0.",
    ),
    Row(
        "half an answer, closed",
        "import os, time; os.write(3, bytes(2)); os.close(3); time.sleep(60)",
        K.BAD_REPLY,
        DISTURBED + "it was closed.",
    ),
    Row("forged shape", FORGED, K.BAD_REPLY, DISTURBED + "a shape that no tensor has."),
    Row(
        "hostile str",
        "class E(Exception):\n    def __str__(self): raise TypeError\nraise E",
        K.EXCEPTION,
        "(its message cannot be shown: TypeError)",
        6,
        "E",
    ),
    Row(
        "exit in str",
        "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E",
        K.EXCEPTION,
        "(its message cannot be shown: SystemExit)",
        6,
        "E",
    ),
    Row(
        "endless str",
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
        K.TIME_LIMIT,
        NO_ANSWER,
    ),
    Row("huge message", "raise ValueError('x' * 10**6)", K.EXCEPTION, "x" * 2000, 4, "ValueError"),
    Row("surrogates", "raise ValueError('a\\ud800b')", K.EXCEPTION, "a?b", 4, "ValueError"),
    Row(
        "no traceback",
        "class E(Exception):\n    __traceback__ = property(lambda self: 1 / 0)\nraise E('x')",
        K.EXCEPTION,
        "x",
        0,
        "E",
    ),
]


AS_FIRST_PROCESS = {("namespaces", "abort"): "The process was ended by the signal SIGSEGV."}
"""By level and row: the kernel gives the first process of a world no signal that it has no handler for."""


def program(body: str) -> str:
    """Line 4 is the first of the body, line 8 (where it is one line long) is the fault in `g`."""
    first = "import torch\ndef f(x):\n    if x[0] == 2:\n"
    return first + textwrap.indent(body, " " * 8) + "\n    return x + 1\n\ndef g(x):\n    return 1 / x\n"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_one_bad_case(lab, level, row):
    cases = [lab.case(name, {"x": lab.tensor([first, 0, 0])}) for name, first in (("a", 1), ("b", 2), ("c", 3))]
    plan = lab.plan(cases, limits=HERE)
    (measured,) = lab.run(program(row.body), plan)
    before, bad, after = (measured.observations[probe] for probe in plan.probes)
    assert isinstance(bad, Incident)
    message = AS_FIRST_PROCESS.get((level, row.name), row.message)
    assert (bad.kind, bad.message, bad.exception) == (row.kind, message, row.exception)
    assert (bad.frames[-1].line if bad.frames else 0) == row.line
    assert lab.numbers(before.returned) == [2, 1, 1]
    assert lab.numbers(after.returned) == [4, 1, 1]


LIMITED = [
    Row("a loop", "while True: pass", K.CPU_LIMIT, PROCESSOR),
    Row("two loops", SPIN + "threading.Thread(target=spin).start(); spin()", K.CPU_LIMIT, PROCESSOR),
    Row(
        "a slow right answer",
        "end = time.process_time() + 0.6\nwhile time.process_time() < end: pass",
        K.CPU_LIMIT,
        PROCESSOR,
    ),
    Row(
        "threads",
        "for _ in range(8): threading.Thread(target=time.sleep, args=(60,)).start()\ntime.sleep(60)",
        K.THREAD_LIMIT,
        "The code had more than 8 threads at once.",
    ),
    Row(
        "more threads than fit in memory",
        "threading.stack_size(2**28)\nfor _ in range(3): threading.Thread(target=time.sleep, args=(60,)).start()",
        K.THREAD_LIMIT,
        "No further thread could be started: 8 are allowed, and their stacks count as memory (512 MB).",
        6,
        "RuntimeError",
    ),
    Row(
        "files",
        "hoard = []\nfor _ in range(17): hoard.append(open(os.devnull))",
        K.FILE_LIMIT,
        "More than 16 files were to be open at once.",
        6,
        "OSError",
    ),
    Row("output", "print('x' * 2**21)", K.OUTPUT_LIMIT, "The code printed more than 1 MB."),
]


@pytest.mark.parametrize("row", LIMITED, ids=lambda row: row.name)
def test_each_limit_has_an_incident_of_its_own(lab, row):
    cases = [lab.case(name, {"x": lab.tensor([first, 0, 0])}) for name, first in (("a", 1), ("b", 2), ("c", 3))]
    plan = lab.plan(cases, limits=BUSY)
    (measured,) = lab.run("import os, threading, time\n" + program(row.body), plan)
    before, bad, after = (measured.observations[probe] for probe in plan.probes)
    assert isinstance(bad, Incident)
    assert (bad.kind, bad.message, bad.exception) == (row.kind, row.message, row.exception)
    assert (bad.frames[-1].line if bad.frames else 0) == row.line
    assert set(measured.exceeded) == {"b"}
    assert lab.numbers(before.returned) == [2, 1, 1]
    assert lab.numbers(after.returned) == [4, 1, 1]


@pytest.mark.parametrize(
    "body",
    [
        "hoard = [open(os.devnull) for _ in range(16)]",
        "for _ in range(7): threading.Thread(target=time.sleep, args=(0.2,)).start()\ntime.sleep(0.1)",
        "print('x' * (2**20 - 1))",
        "end = time.process_time() + 0.3\nwhile time.process_time() < end: pass",
    ],
)
def test_what_is_allowed_is_allowed(lab, body):
    source = "import os, threading, time\ndef f():\n" + textwrap.indent(body, "    ") + "\n    return 1\n"
    assert lab.returned(source, limits=BUSY) == Scalar(type="int", value=1)


def test_processor_time_is_counted_for_each_case_anew(lab):
    source = "import time\ndef f(x):\n    end = time.process_time() + 0.3\n    while time.process_time() < end: pass\n"
    assert lab.kinds(lab.sandbox.measure(lab.work(source, 1, 2, 3, limits=BUSY))) == ["fine"] * 3


AT_THE_HARD_LIMIT = {"namespaces": (K.CRASHED, "The process was ended by the signal SIGKILL.")}
"""The first process of a world is not told of the soft one."""


def test_the_kernel_counts_processor_time_where_nobody_can_look(lab, level, monkeypatch):
    monkeypatch.setattr("torchgrade.sandbox.watch._number", lambda handle: 0)
    monkeypatch.setattr("torchgrade.sandbox.measuring._Course._processor_seconds", lambda course: 1)
    incident = lab.incident("def f():\n    while True: pass", limits=Limits(seconds=60, cpu_seconds=0.5))
    assert (incident.kind, incident.message) == AT_THE_HARD_LIMIT.get(level, (K.CPU_LIMIT, PROCESSOR))


LOADING = [
    Row("syntax", "def f(x)\n    return x", K.SYNTAX_ERROR, "expected ':'", 1, "SyntaxError"),
    Row(
        "indentation",
        "def f(x):\nreturn x",
        K.SYNTAX_ERROR,
        "expected an indented block after function definition on line 1",
        2,
        "IndentationError",
    ),
    Row("null byte", "x = 1\n\0", K.SYNTAX_ERROR, "source code string cannot contain null bytes", 0, "SyntaxError"),
    Row(
        "surrogate",
        "x = '\ud800'",
        K.SYNTAX_ERROR,
        "The file cannot be read as Python: "
        "'utf-8' codec can't encode character '\\ud800' in position 5: surrogates not allowed.",
        0,
        "UnicodeEncodeError",
    ),
    Row("brackets", "(" * 10_000, K.SYNTAX_ERROR, "too many nested parentheses", 1, "SyntaxError"),
    Row("no module", "import torch\nimport turch", K.IMPORT_ERROR, "No module named 'turch'", 2, "ModuleNotFoundError"),
    Row("raises", "1 / 0\ndef f(x): return x", K.IMPORT_ERROR, "division by zero", 1, "ZeroDivisionError"),
    Row("exits", "import sys\nsys.exit(0)", K.EXITED, "The code called sys.exit().", 2, "SystemExit"),
    Row("dies", "import os\nos._exit(1)", K.EXITED, "The code ended the process itself, with status 1."),
    Row("hoards", "x = bytearray(10**10)", K.MEMORY_LIMIT, TOO_MUCH, 1, "MemoryError"),
    Row(
        "hangs",
        "while True: pass",
        K.TIME_LIMIT,
        "The file did not run to its end within 1 second: look at what stands outside functions.",
    ),
    Row(
        "misspelt",
        "def ff(x): return x\ndef other(): pass\nclass Third: pass",
        K.MISSING_ENTRYPOINT,
        "The file defines `ff`: is that the one?",
    ),
    Row(
        "only imports",
        "from torch import *",
        K.MISSING_ENTRYPOINT,
        "The file defines no function.",
    ),
    Row(
        "many",
        "\n".join(f"def name{i}(): pass" for i in range(12)),
        K.MISSING_ENTRYPOINT,
        "The file defines " + ", ".join(f"`name{i}`" for i in range(10)) + ", ….",
    ),
    Row("no function", "f = 3.5", K.NOT_CALLABLE, "`f` is a float, not a function."),
    Row("an int", "f = 3", K.NOT_CALLABLE, "`f` is an int, not a function."),
    Row(
        "two parameters",
        "\ndef f(x, n: int, *, key=[1, 2]):\n    return x",
        K.WRONG_SIGNATURE,
        "Yours reads `f(x, n, key=…)`.",
        2,
    ),
    Row(
        "no parameters",
        "class f: pass",
        K.WRONG_SIGNATURE,
        "Yours reads `f()`.",
    ),
]


@pytest.mark.parametrize("row", LOADING, ids=lambda row: row.name)
def test_what_cannot_be_loaded(lab, row, monkeypatch):
    monkeypatch.setattr("torchgrade.sandbox.measuring.IMPORT_SECONDS", 1.0)
    cases = [lab.case(name, {"x": lab.tensor([1])}, visible=name == "a") for name in "ab"]
    (measured,) = lab.run(row.body, lab.plan(cases, limits=HERE))
    first, second = measured.observations.values()
    assert first == second
    assert (first.kind, first.message, first.exception) == (row.kind, row.message, row.exception)
    assert (first.frames[-1].line if first.frames else 0) == row.line


def test_recursion_is_an_exception_with_its_innermost_lines(lab):
    incident = lab.incident("def f():\n    return f()\n")
    assert (incident.kind, incident.exception) == (K.EXCEPTION, "RecursionError")
    assert {frame.line for frame in incident.frames} == {2}
    assert len(incident.frames) == 16


def test_frames_are_the_students_own(lab):
    incident = lab.incident("import torch\ndef f():\n    return torch.nn.Linear(2, 2)(torch.ones(3))\n")
    (frame,) = incident.frames
    assert (frame.filename, frame.line, frame.function) == ("solution.py", 3, "f")
    assert frame.text == "return torch.nn.Linear(2, 2)(torch.ones(3))"


def test_bases_tell_what_an_exception_is(lab):
    assert lab.incident("def f():\n    return {}[1]").bases == ("LookupError", "Exception", "BaseException", "object")


def test_a_signature_is_not_asked_of_a_call(lab):
    value = lab.returned("class f:\n    def __init__(self, n): self.n = n", call="def call(f):\n    return f(7).n\n")
    assert value == Scalar(type="int", value=7)


def test_builtins_without_a_signature_are_called(lab):
    assert lab.returned("f = dict") == lab.returned("def f(): return {}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def call(f) return", "The exercise's `call` cannot be used: SyntaxError: expected ':' (<call>, line 1)"),
        ("def kall(f): return", "The exercise's `call` cannot be used: KeyError: 'call'"),
    ],
)
def test_a_faulty_call_is_not_the_students(lab, text, message):
    incident = lab.incident("def f(): pass", call=text)
    assert (incident.kind, incident.message) == (K.CLAIMED_FAULT, message)


@pytest.mark.parametrize(
    ("body", "type", "reason"),
    [
        ("yield 1", "generator", "not a value that can be compared"),
        ("return {1, 2}", "set", "not a value that can be compared"),
        ("return {1: 2}", "dict", "its keys are not all text"),
        ("import numpy; return numpy.ones(2)", "ndarray", "not a torch tensor"),
        ("return list(range(10**6))", "list", "more than 10,000 items"),
        ("return 10**5000", "int", "more than 4,300 digits"),
        ("return 'x' * 10**6", "str", "more than 100,000 characters"),
        ("return torch.zeros(1).expand(10**12)", "Tensor", "more than 64 MB"),
        ("return torch.eye(2).to_sparse()", "Tensor", "it is not dense"),
        ("return torch.ones(2, device='meta')", "Tensor", "it is on the device meta"),
        ("return torch.ones(2).to(torch.float8_e4m3fn)", "Tensor", "its dtype is float8_e4m3fn"),
        ("return torch.quantize_per_tensor(torch.ones(2), 1.0, 0, torch.qint8)", "Tensor", "its dtype is qint8"),
        ("return torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])", "Tensor", "it is not dense"),
        (
            "k = []; torch.vmap(lambda x: k.append(x) or x)(torch.ones(2)); return k[0]",
            "Tensor",
            "it is no plain tensor",
        ),
    ],
)
def test_what_does_not_cross_is_opaque(lab, body, type, reason):
    assert lab.returned(f"import torch\ndef f():\n    {body}\n") == Opaque(type=type, reason=reason)


def test_endless_nesting_is_cut(lab):
    value = lab.returned("def f():\n    x = []\n    for _ in range(10**4): x = [x]\n    return x\n")
    depth = 0
    while isinstance(value, Series):
        (value,), depth = value.items, depth + 1
    assert (value, depth) == (Opaque(type="list", reason="nested deeper than 32"), 32)


def test_surrogates_in_values_are_cleaned(lab):
    assert lab.returned("def f(): return 'a\\ud800b'").value == "a?b"


def test_what_is_too_large_for_a_reply_is_refused(lab):
    incident = lab.incident("def f(): return ['\\U0001f600' * 90_000] * 100")
    assert (incident.kind, incident.message) == (K.OUTPUT_LIMIT, "What was returned is too large to be read.")


@pytest.mark.parametrize(
    "hostile",
    [
        "class E:\n    def __getattribute__(self, name): raise SystemExit",
        "class E:\n    def __eq__(self, other): raise SystemExit",
        "class E(list):\n    def __iter__(self): raise SystemExit\n    def __len__(self): raise SystemExit",
        "class E(tuple):\n    _fields = property(lambda self: 1 / 0)",
        "class M(type):\n    def __getattribute__(self, name): raise ValueError\nclass E(metaclass=M): pass",
        "class E(dict):\n    def items(self): raise SystemExit",
        "class E(int):\n    def __index__(self): raise SystemExit",
    ],
)
def test_no_method_of_a_value_is_trusted(lab, hostile):
    assert lab.returned(f"{hostile}\ndef f(): return E()\n")


def test_daemon_threads_do_no_harm(lab):
    source = """
    import threading, time
    def f(x):
        def chatter():
            while True:
                print("again"); time.sleep(0.001)
        threading.Thread(target=chatter, daemon=True).start()
        return x
    """
    plan = lab.plan([lab.case(name, {"x": lab.tensor([1])}) for name in "abc"])
    (measured,) = lab.run(textwrap.dedent(source), plan)
    assert all(isinstance(answer, Snapshot) for answer in measured.observations.values())


def test_a_forked_copy_says_nothing(lab):
    source = "import os\ndef f(x):\n    try: os.fork()\n    except PermissionError: pass\n    return x\n"
    plan = lab.plan([lab.case(name, {"x": lab.tensor([1])}) for name in "abc"])
    (measured,) = lab.run(source, plan)
    assert all(isinstance(answer, Snapshot) for answer in measured.observations.values())


def test_warnings_and_chatter_change_nothing(lab):
    source = """
    import sys, warnings, torch
    warnings.simplefilter("error")
    def f(x):
        sys.stdout = sys.stderr = None
        x = x.requires_grad_() * 2
        x.grad_fn
        return x
    """
    assert lab.numbers(lab.returned(textwrap.dedent(source), {"x": lab.tensor([1])})) == [2]


def test_output_belongs_to_its_case(lab):
    source = "import sys\nprint('reading')\ndef f(x):\n    print('é', x.item())\n    print('err', file=sys.stderr)\n"
    plan = lab.plan([lab.case(name, {"x": lab.tensor([number])}) for name, number in (("a", 1), ("b", 2))])
    (measured,) = lab.run(source, plan)
    assert measured.printed == {"": "reading\n", "a": "é 1.0\nerr\n", "b": "é 2.0\nerr\n"}


def test_output_is_cut(lab):
    plan = lab.plan([lab.case("only", {})])
    (measured,) = lab.run("def f():\n    print('x' * 10**6)\n    return 1", plan)
    assert measured.printed == {"only": "x" * 2**16}
    assert all(isinstance(answer, Snapshot) for answer in measured.observations.values())


def test_after_two_timeouts_the_rest_is_not_run(lab):
    plan = lab.plan([lab.case(name, {}) for name in "abcd"], limits=Limits(seconds=0.2))
    (measured,) = lab.run("def f():\n    while True: pass", plan)
    kinds = [answer.kind for answer in measured.observations.values()]
    assert kinds == [K.TIME_LIMIT, K.TIME_LIMIT, K.NOT_RUN, K.NOT_RUN]
    last = list(measured.observations.values())[-1]
    assert last.message == "This case was not run: before it, the code ran out of time twice."


def test_after_three_deaths_the_rest_is_not_run(lab):
    plan = lab.plan([lab.case(name, {}) for name in "abcde"])
    (measured,) = lab.run("import os\ndef f(): os._exit(1)", plan)
    kinds = [answer.kind for answer in measured.observations.values()]
    assert kinds == [K.EXITED, K.EXITED, K.EXITED, K.NOT_RUN, K.NOT_RUN]
    last = list(measured.observations.values())[-1]
    assert last.message == "This case was not run: before it, the process ended three times."


def test_one_plan_dies_the_others_live(lab):
    bad, good = (lab.plan([lab.case(name, {}) for name in "ab"], entrypoint=name) for name in ("bad", "good"))
    measured = lab.run("import os\ndef bad(): os._exit(1)\ndef good(): return 1", bad, good)
    assert [type(answer) for each in measured for answer in each.observations.values()] == [
        Incident,
        Incident,
        Snapshot,
        Snapshot,
    ]


REPLYING = """import json, os, select
left = {"is": "none", "value": None}
answers = [{"is": "snapshot", "after": [["x", left]], "returned": left}]
def frame(number):
    header = json.dumps(dict(number=number, answers=answers)).encode()
    return len(header).to_bytes(4, "big") + bytes(4) + header
def reply(*numbers):
    waiting = select.poll()
    waiting.register(3, select.POLLIN)
    waiting.poll()
    os.write(3, b"".join(map(frame, numbers)))
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("os._exit(1)", "fine exited fine fine"),
        ("while True: pass", "fine time_limit fine fine"),
        ("reply(3)", "fine fine bad_reply fine"),  # twice: the second is none to the next question
        ("reply(3, 4); os._exit(1)", "fine fine fine exited"),  # to a question it has not read
        ("reply(3, 4, 5); os._exit(1)", "fine fine bad_reply fine"),  # one more than it was asked
        ("os.read(3, 10**6); os.write(3, frame(4))", "fine bad_reply fine fine"),  # the next question first
        ("os.read(3, 10**6); os.write(3, frame(3) + frame(4)); os._exit(1)", "fine fine fine exited"),
        ("os.read(3, 10**6)", "fine fine bad_reply fine"),  # the next question is gone, and the one after it answered
    ],
)
def test_hidden_cases_are_asked_one_ahead(lab, body, words):
    """The second of four has the third's question as well; what it makes of that is its own loss."""
    source = REPLYING + f"def f(x):\n    if x[0] == 2:\n        {body}\n    return x + 1\n"
    cases = [lab.case(f"case {number}", {"x": lab.tensor([number])}, visible=False) for number in (1, 2, 3, 4)]
    measured = lab.run(source, lab.plan(cases, limits=HERE))
    assert " ".join(lab.kinds(measured)) == words


def test_no_hidden_input_is_there_before_the_last_visible_case_is_answered(lab):
    """Whoever looks for the next question in the last visible case, of the last plan that has one, finds none."""
    source = """import os, select
def f(x):
    found = select.poll()
    found.register(3, select.POLLIN)
    return len(found.poll(200)), x
g = f
"""
    plans = [
        lab.plan([lab.case(name, {"x": lab.tensor([1])}, visible=name == "seen") for name in order], entrypoint=entry)
        for entry, order in (("f", ("seen", "hidden", "other")), ("g", ("hidden", "seen")))
    ]
    first, second = lab.run(source, *plans)
    looks = [answer.returned.items[0].value for each in (first, second) for answer in each.observations.values()]
    assert looks == [0, 1, 1, 0, 0]  # seen, hidden, other; hidden (the last of all), seen


def test_visible_cases_of_all_plans_come_first(lab):
    source = "import builtins\nbuiltins.count = getattr(builtins, 'count', 0)\n"
    source += "def f():\n    builtins.count += 1\n    return builtins.count\ng = f\n"
    plans = [
        lab.plan([lab.case("hidden", {}, visible=False), lab.case("visible", {})], entrypoint=name) for name in "fg"
    ]
    first, second = (
        [answer.returned.value for answer in each.observations.values()] for each in lab.run(source, *plans)
    )
    assert (first, second) == ([3, 1], [4, 2])


def test_plans_with_other_memory_limits_have_their_own(lab):
    plans = [lab.plan([lab.case("only", {})], limits=Limits(megabytes=size)) for size in (100, 1000)]
    small, large = (
        next(iter(each.observations.values()))
        for each in lab.run("import torch\ndef f(): return torch.ones(50 * 2**20).sum()", *plans)
    )
    words = "200 MB of memory were asked for at once; 100 MB are allowed."
    assert (small.kind, small.message) == (K.MEMORY_LIMIT, words)
    assert isinstance(large, Snapshot)


def test_nothing_is_left_behind(lab):
    """The same work gives the same answers, whatever ran before it."""
    plan = lab.plan([lab.case("only", {"x": lab.tensor([1, 2])})])
    source = "import torch\ndef f(x): return x + torch.rand(2)"
    assert lab.run(source, plan)[0].observations == lab.run(source, plan)[0].observations


def test_a_work_without_probes_needs_no_child(lab):
    (measured,) = lab.sandbox.measure(
        Work(source=Source(text="", filename="x.py"), plans=(lab.plan([lab.case("only", {})], []),))
    )
    assert measured.observations == {}
