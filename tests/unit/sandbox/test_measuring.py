"""The course of a work, with a zygote and children that are played: no process, no torch."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Limits
from torchgrade.model.observation import READ_ONCE, Derivatives, Incident, IncidentKind, Snapshot
from torchgrade.model.probe import Plan, Probe, ProbeOp, Source, Work
from torchgrade.model.value import Scalar, ScalarType, Tensor
from torchgrade.sandbox import measuring
from torchgrade.sandbox.allowance import Allowance
from torchgrade.sandbox.exchange import Exchange, Failure
from torchgrade.sandbox.measuring import Measuring
from torchgrade.sandbox.zygote import Ending, ZygoteError
from torchgrade.wire import frames, replies, requests

ONE = Snapshot(returned=Scalar(type=ScalarType.INT, value=1), after={})
LATE = Incident(kind=IncidentKind.IMPORT_ERROR, message="what it saw of a hidden case")
KILLED = int(signal.SIGKILL)


def plan(cases: str, *, name: str = "e", **limits: float) -> Plan:
    """Lower case letters are visible cases, upper case ones hidden."""
    made = tuple(
        Case(
            name=letter,
            group=letter,
            origin=Origin.GIVEN,
            visible=letter.islower(),
            dtype="float32",
            dims={},
            inputs={},
            expected={},
        )
        for letter in cases
    )
    return Plan(
        entrypoint=name,
        parameters=(),
        returns=("result",),
        call=None,
        limits=Limits(**limits),
        cases=made,
        probes=tuple(Probe(op=ProbeOp.VALUE, case=case.name) for case in made),
    )


class Zygote:
    """Forks players; `script` says what becomes of the n-th request of all (an answer if it says nothing)."""

    def __init__(self, script=(), lives=True, status=KILLED):
        self.script, self.lives, self.status = dict(script), lives, status
        self.log: list[str] = []
        self.ahead: list[int | None] = []
        self.asked = 0

    def spawn(self, megabytes, cpu_seconds, files):
        self.log.append(f"spawn {megabytes}" + (f" {files}" if files != Limits().files else ""))
        return Child(self)

    def end(self, child):
        self.log.append("end")
        if not self.lives:
            raise ZygoteError("the worker process ended")
        return Ending(self.status, 1000 * len(self.log))

    def dismiss(self, child):
        return self.end(child).peak_bytes


class Child:
    def __init__(self, zygote):
        self.zygote = zygote
        self.loaded = set()
        self.saw_hidden = False
        self.ahead = b""

    def ask(self, request, allowed: Allowance, ahead=b""):
        asked = requests.decode(frames.unpack(request))
        word = f"load {asked.plan}" if isinstance(asked, requests.Load) else f"case {asked.plan}"
        assert self.ahead in (b"", request)
        self.ahead = ahead
        self.zygote.ahead.append(requests.decode(frames.unpack(ahead)).plan if ahead else None)
        self.zygote.log.append(f"{word} {allowed.seconds:g}")
        self.zygote.asked += 1
        act = self.zygote.script.get(self.zygote.asked)
        if callable(act):
            return act(allowed)
        if isinstance(act, Failure):
            return Exchange(allowed=allowed, failure=act, used=99.0)
        answers = act if act is not None else () if word.startswith("load") else (ONE,) * len(asked.probes)
        number = 0 if act == "other" else asked.number
        reply = replies.encode(replies.Reply(number=number, answers=() if act == "other" else answers))
        return Exchange(allowed=allowed, reply=reply, printed=bytearray(f"said {self.zygote.asked}".encode()))

    def has_died(self, seconds):
        return self.zygote.status != KILLED or 1 in self.zygote.script


def work(*plans: Plan) -> Work:
    return Work(source=Source(text="", filename="s.py"), plans=plans)


def run(zygote: Zygote, *plans: Plan):
    course = Measuring(work(*plans))
    course.run(zygote)
    return course.results()


def kinds(measured) -> str:
    """Each probe's answer in a word."""
    found = measured.observations.values()
    return " ".join(answer.kind.value if isinstance(answer, Incident) else "fine" for answer in found)


def test_visible_cases_of_all_plans_run_before_the_first_hidden_one():
    zygote = Zygote()
    first, second = run(zygote, plan("aAb"), plan("cC", seconds=3))
    assert " / ".join(zygote.log) == (
        "spawn 512 / load 0 10 / case 0 2 / case 0 2 / load 1 10 / case 1 3 / case 0 2 / case 1 3 / end"
    )
    assert first.printed == {"": "said 1", "a": "said 2", "b": "said 3", "A": "said 6"}
    assert (set(first.seconds), set(second.seconds)) == (set("abA"), set("cC"))
    assert first.peak_bytes == second.peak_bytes == 9000


def test_only_hidden_cases_are_sent_ahead_and_only_to_who_has_read_their_plan():
    zygote = Zygote()
    run(zygote, plan("abAB"), plan("C"), plan("dDE"))
    assert " / ".join(zygote.log) == (
        "spawn 512 / load 0 10 / case 0 2 / case 0 2 / load 1 10 / load 2 10 / case 2 2 / "
        "case 0 2 / case 0 2 / case 1 2 / case 2 2 / case 2 2 / end"
    )
    assert zygote.ahead == [None, None, None, None, None, None, 0, 1, 2, 2, None]


@pytest.mark.parametrize("late", [(LATE,), Failure.LOST])
def test_what_a_file_says_after_a_hidden_case_is_not_kept(late):
    """A death on the way leaves a child that reads the second file when it has seen a hidden case of the first."""
    zygote = Zygote({5: Failure.LOST, 8: late})
    first, second = run(zygote, plan("aAB"), plan("cC"))
    assert " / ".join(zygote.log).endswith("end / spawn 512 / load 0 10 / case 0 2 / load 1 10 / end")
    assert (kinds(first), kinds(second)) == ("fine bad_reply fine", "fine bad_reply")
    assert [*second.observations.values()][1] is READ_ONCE


@pytest.mark.parametrize(
    ("script", "words", "log"),
    [
        ({3: Failure.LOST}, "fine bad_reply fine fine", "case 0 2 / end / spawn 512 / load 0 10 / case 0 2 / case 0 2"),
        (
            {4: Failure.TIME},
            "fine fine time_limit fine",
            "case 0 2 / case 0 2 / end / spawn 512 / load 0 10 / case 0 2",
        ),
        ({3: "other"}, "fine bad_reply fine fine", "case 0 2 / end / spawn 512 / load 0 10 / case 0 2 / case 0 2"),
    ],
)
def test_what_was_sent_ahead_of_a_death_is_asked_again(script, words, log):
    zygote = Zygote(script)
    assert kinds(run(zygote, plan("aABC"))[0]) == words
    assert " / ".join(zygote.log) == f"spawn 512 / load 0 10 / case 0 2 / {log} / end"


def test_a_work_of_nothing():
    zygote = Zygote()
    assert kinds(run(zygote, plan(""))[0]) == ""
    assert zygote.log == []


def test_another_memory_limit_is_another_child():
    zygote = Zygote()
    run(zygote, plan("aA"), plan("b", megabytes=64), plan("c"))
    assert " / ".join(zygote.log) == (
        "spawn 512 / load 0 10 / case 0 2 / load 2 10 / case 2 2 / end / "
        "spawn 64 / load 1 10 / case 1 2 / end / spawn 512 / load 0 10 / case 0 2 / end"
    )


def test_what_is_returned_in_all_cases_together_is_bounded(monkeypatch):
    whole = len(replies.encode(replies.Reply(number=1, answers=(ONE,))))
    monkeypatch.setattr(measuring, "_MOST_HELD", 2 * whole)
    assert kinds(run(Zygote(), plan("aAB"))[0]) == "fine fine output_limit"


def test_another_limit_of_files_is_another_child():
    zygote = Zygote()
    run(zygote, plan("a"), plan("b", files=16))
    assert [line for line in zygote.log if line.startswith("spawn")] == ["spawn 512", "spawn 512 16"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({3: Failure.TIME}, "fine time_limit fine fine"),
        ({2: Failure.TIME, 4: Failure.TIME}, "time_limit time_limit not_run not_run"),
        ({2: Failure.OUTPUT, 4: Failure.TIME}, "output_limit time_limit fine fine"),
        ({2: Failure.OUTPUT, 4: Failure.LOST, 6: Failure.GARBAGE}, "output_limit bad_reply bad_reply not_run"),
        ({2: Failure.PROCESSOR, 4: Failure.TIME}, "cpu_limit time_limit not_run not_run"),
        ({2: Failure.THREADS, 4: Failure.THREADS}, "thread_limit thread_limit fine fine"),
        ({3: ()}, "fine bad_reply fine fine"),
        ({3: (LATE,)}, "fine bad_reply fine fine"),
        ({3: (ONE, ONE)}, "fine bad_reply fine fine"),
        ({3: "other"}, "fine bad_reply fine fine"),
        ({3: (Derivatives(product={}),)}, "fine bad_reply fine fine"),
        ({3: (Snapshot(returned=ONE.returned, after={"x": ONE.returned}),)}, "fine bad_reply fine fine"),
        ({3: (Incident(kind=IncidentKind.EXCEPTION, message="m"),)}, "fine exception fine fine"),
    ],
)
def test_a_death_ends_a_case_and_enough_of_them_a_plan(script, words):
    assert kinds(run(Zygote(script), plan("abcd"))[0]) == words


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Failure.TIME, "time_limit time_limit"),
        ((ONE,), "bad_reply bad_reply"),
        ((Incident(kind=IncidentKind.SYNTAX_ERROR, message="m"),), "syntax_error syntax_error"),
    ],
)
def test_what_stops_a_load_stops_the_plan(act, words):
    zygote = Zygote({1: act})
    assert kinds(run(zygote, plan("aA"))[0]) == words
    assert zygote.log == ["spawn 512", "load 0 10", "end"]


def test_a_file_that_ends_its_process_is_not_read_for_every_plan():
    zygote = Zygote({1: Failure.TIME})
    assert [kinds(each) for each in run(zygote, plan("a"), plan("b"))] == ["time_limit", "time_limit"]
    assert zygote.log == ["spawn 512", "load 0 10", "end"]


def test_an_entry_point_that_is_missing_stops_its_plan_only():
    zygote = Zygote({1: (Incident(kind=IncidentKind.MISSING_ENTRYPOINT, message="m"),)})
    assert [kinds(each) for each in run(zygote, plan("a"), plan("b"))] == ["missing_entrypoint", "fine"]


def test_a_plan_that_was_loaded_once_keeps_its_answers():
    """The second child hangs while reading: what was measured before stays."""
    zygote = Zygote({3: Failure.OUTPUT, 4: Failure.TIME})
    assert kinds(run(zygote, plan("abc"))[0]) == "fine output_limit time_limit"


def test_another_zygote_goes_on_where_the_first_stopped():
    measuring = Measuring(work(plan("ab")))
    with pytest.raises(ZygoteError):
        measuring.run(Zygote({3: Failure.LOST}, lives=False))
    second = Zygote()
    measuring.run(second)
    assert second.log == ["spawn 512", "load 0 10", "case 0 2", "end"]
    assert kinds(measuring.results()[0]) == "fine fine"


def test_giving_up_is_our_fault():
    measuring = Measuring(work(plan("ab")))
    with pytest.raises(ZygoteError):
        measuring.run(Zygote({3: Failure.LOST}, lives=False))
    measuring.give_up("the worker process ended")
    assert kinds(measuring.results()[0]) == "fine our_fault"
    assert list(measuring.results()[0].observations.values())[1].message == "the worker process ended"


def test_a_probe_of_no_case_is_our_fault():
    lost = Probe(op=ProbeOp.VALUE, case="nowhere")
    measuring = Measuring(work(plan("")))
    measuring._plans[0].plan = replace(plan(""), probes=(lost,))
    assert measuring.results()[0].observations[lost].message == "No case has the name that this probe speaks of."


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (3 << 8, "exited", "The code ended the process itself, with status 3."),
        (int(signal.SIGSEGV), "crashed", "The process was ended by the signal SIGSEGV."),
        (60, "crashed", "The process was ended by the signal 60."),
        (int(signal.SIGXCPU), "cpu_limit", "The code used more than 4 seconds of processor time."),
        (114 << 8, "exited", "The code ended the process itself, with status 114."),
        (113 << 8, "bad_reply", "The code disturbed its connection with the grader: it was closed."),
        (KILLED, "bad_reply", "The code disturbed its connection with the grader: it was closed."),
    ],
)
def test_how_a_process_ended_in_words(status, kind, message):
    (measured,) = run(Zygote({2: Failure.LOST}, status=status), plan("a"))
    (incident,) = measured.observations.values()
    assert (incident.kind.value, incident.message) == (kind, message)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (114 << 8, "A process could not be confined, and ran nothing: Operation not permitted"),
        (KILLED, "A process ended before it ran anything, by the signal SIGKILL: Operation not permitted"),
        (113 << 8, "A process ended before it ran anything, with status 113: Operation not permitted"),
    ],
)
def test_a_process_that_never_began_is_our_fault(status, message):
    def unread(allowed):
        printed = bytearray(b"Operation not permitted\n")
        return Exchange(allowed=allowed, failure=Failure.LOST, unread=True, printed=printed)

    zygote = Zygote({1: unread}, status=status)
    first, second = run(zygote, plan("aA"), plan("b"))
    assert (kinds(first), kinds(second)) == ("our_fault our_fault", "our_fault")
    assert next(iter(second.observations.values())).message == message
    assert zygote.log == ["spawn 512", "load 0 10", "end"]


MEMORY = "4,000 MB of memory were asked for at once; 512 MB are allowed."


@pytest.mark.parametrize(
    ("act", "told", "exceeded"),
    [
        (Failure.TIME, "There was no answer within 2 seconds.", ("seconds", 2, 99)),
        (Failure.PROCESSOR, "The code used more than 4 seconds of processor time.", ("cpu_seconds", 4, 99)),
        (Failure.THREADS, "The code had more than 64 threads at once.", ("threads", 64, 99)),
        (Failure.OUTPUT, "The code printed more than 8 MB.", ("output_megabytes", 8, 99)),
        (Failure.LOST, "The process was ended by the signal SIGSEGV.", None),
        ((IncidentKind.MEMORY_LIMIT, MEMORY, "MemoryError"), MEMORY, ("megabytes", 512, 4000)),
        ((IncidentKind.MEMORY_LIMIT, "9" * 99, "MemoryError"), "9" * 99, ("megabytes", 512, None)),
        ((IncidentKind.MEMORY_LIMIT, "forged"), "What was returned is too large to be read.", ("megabytes", 512, None)),
        ((IncidentKind.OUTPUT_LIMIT, "forged"), "What was returned is too large to be read.", None),
        ((IncidentKind.EXITED, "forged"), "", None),
        ((IncidentKind.EXITED, "3", "SystemExit"), "3", None),
        ((IncidentKind.FILE_LIMIT, "forged"), "More than 64 files were to be open at once.", ("files", 64, None)),
        (
            (IncidentKind.THREAD_LIMIT, "forged"),
            "No further thread could be started: 64 are allowed, and their stacks count as memory (512 MB).",
            ("threads", 64, None),
        ),
        ((IncidentKind.EXCEPTION, "m"), "m", None),
    ],
)
def test_which_limit_was_passed_is_told_and_by_how_much_is_measured(act, told, exceeded):
    act = act if isinstance(act, Failure) else (Incident(kind=act[0], message=act[1], exception="".join(act[2:])),)
    (measured,) = run(Zygote({2: act}, status=int(signal.SIGSEGV)), plan("ab"))
    first, _ = measured.observations.values()
    found = measured.exceeded.get("a")
    assert first.message == told
    assert (found and (found.limit, found.allowed, found.used)) == exceeded
    assert set(measured.exceeded) <= {"a"}


X = Tensor(dtype="uint8", shape=(2,), data=b"ab")


def derivatives(product=(2,), full=(3, 2), shape=(3,), names="x"):
    made = [Tensor(dtype="uint8", shape=each, data=bytes(_size(each))) for each in (product, full)]
    return Derivatives(shape=shape, product={names: made[0]}, full={names: made[1]})


def _size(shape):
    return shape[0] * (shape[1] if len(shape) > 1 else 1)


@pytest.mark.parametrize(
    ("order", "answer", "is_believed"),
    [
        (1, derivatives(), True),
        (1, Derivatives(shape=(3,), product={"x": None}), True),
        (1, Derivatives(product={}, problem="no graph"), True),
        (1, derivatives(product=(3,)), False),
        (1, derivatives(full=(2, 2)), False),
        (1, derivatives(full=(5, 2), shape=(5,)), False),
        (1, derivatives(names="y"), False),
        (2, derivatives(full=(2, 2)), True),
        (2, derivatives(full=(3, 2)), False),
        (1, ONE, False),
    ],
)
def test_derivatives_have_the_shapes_of_their_parameters(order, answer, is_believed):
    probe = Probe(op=ProbeOp.GRADIENT, case="a", wrt=("x",), order=order, full=4)
    made = plan("a")
    case = replace(made.cases[0], inputs={"x": X})
    made = replace(made, cases=(case,), probes=(probe,))
    (measured,) = run(Zygote({2: (answer,)}), made)
    assert (measured.observations[probe] == answer) is is_believed
