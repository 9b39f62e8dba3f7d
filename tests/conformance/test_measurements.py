"""What a worker measures: values as they are, derivatives as `model.Probe` says, and no trace of other probes."""

from __future__ import annotations

import math
import textwrap

import pytest

from torchgrade.model.exercise import Limits
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.value import Expression, Layout, Opaque, Record, Scalar, ScalarType, Series, Tensor

TAPE = (2, -3, 1, -1, 3)


def scalar(value):
    names = {bool: "bool", int: "int", float: "float", complex: "complex", str: "str", type(None): "none"}
    return Scalar(type=ScalarType(names[type(value)]), value=value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("True", scalar(True)),
        ("3", scalar(3)),
        ("-(10**4000)", scalar(-(10**4000))),
        ("2.5", scalar(2.5)),
        ("-0.0", scalar(-0.0)),
        ("float('inf')", scalar(math.inf)),
        ("1 + 2j", scalar(1 + 2j)),
        ("'text'", scalar("text")),
        ("None", scalar(None)),
        ("(1, 2.0)", Series(type="tuple", items=(scalar(1), scalar(2.0)))),
        ("[[]]", Series(type="list", items=(Series(type="list", items=()),))),
        ("torch.ones(2, 3).shape", Series(type="Size", items=(scalar(2), scalar(3)))),
        ("{'a': 1}", Record(items=(("a", scalar(1)),))),
        ("Pair(1, 2)", Series(type="Pair", items=(scalar(1), scalar(2)), names=("left", "right"))),
        ("Small(3)", scalar(3)),
        ("sympy.Integer(3)", scalar(3)),
        ("sympy.Float(2.5)", scalar(2.5)),
        ("numpy.float64(0.5)", scalar(0.5)),
    ],
)
def test_plain_values(lab, expression, value):
    source = f"""
    import collections, numpy, sympy, torch
    Pair = collections.namedtuple("Pair", "left right")
    class Small(int): pass
    def f(): return {expression}
    """
    assert lab.returned(textwrap.dedent(source)) == value


def test_nan_and_the_sign_of_zero_cross(lab):
    nan, zero = lab.returned("def f(): return float('nan'), -0.0").items
    assert math.isnan(nan.value)
    assert math.copysign(1, zero.value) == -1


def test_torchs_own_named_tuples(lab):
    value = lab.returned("import torch\ndef f(): return torch.max(torch.ones(2, 2), 0)")
    assert (value.type, value.names) == ("max", ("values", "indices"))


DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"]
DTYPES += ["float16", "bfloat16", "float32", "float64", "complex64", "complex128"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_goes_in_and_comes_out(lab, dtype):
    size = {"bool": 1, "complex128": 16, "complex64": 8, "bfloat16": 2}.get(dtype) or int(dtype.lstrip("uintfloa")) // 8
    tensor = Tensor(dtype=dtype, shape=(2, 1), data=b"\1" * (2 * size))
    snapshot = lab.snapshot("def f(x): return x.clone()", {"x": tensor})
    for value in (snapshot.returned, snapshot.after["x"]):
        assert (value.dtype, value.shape, value.data) == (tensor.dtype, tensor.shape, tensor.data)


@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (1,), (2, 3), (2, 1, 3)])
@pytest.mark.parametrize("layout", list(Layout))
def test_every_shape_and_layout(lab, shape, layout):
    numbers = list(range(math.prod(shape)))
    source = "def f(x): return x * 2, x.is_contiguous(), x.is_leaf, list(x.shape)"
    inputs = {"x": lab.tensor(numbers, shape, layout=layout)}
    doubled, contiguous, leaf, sizes = lab.returned(source, inputs).items
    assert lab.numbers(doubled) == [2 * number for number in numbers]
    assert doubled.shape == tuple(size.value for size in sizes.items) == shape
    assert leaf.value
    can_be_strided = layout is Layout.STRIDED and math.prod(shape) > 1
    assert contiguous.value is not can_be_strided


def test_no_view_flattens_what_is_strided(lab):
    inputs = {"x": lab.tensor(range(6), (2, 3), layout=Layout.STRIDED)}
    incident = lab.incident("def f(x): return x.view(-1)", inputs)
    assert incident.exception == "RuntimeError"


@pytest.mark.parametrize(
    ("returned", "data"),
    [
        ("torch.tensor([1., 2.]).conj()", [1, 2]),
        ("torch.arange(4.)[::2]", [0, 2]),
        ("torch.ones(1).expand(2)", [1, 1]),
        ("torch.nn.Parameter(torch.ones(2))", [1, 1]),
        ("Sub(torch.ones(2))", [1, 1]),
    ],
)
def test_tensors_of_all_makes(lab, returned, data):
    source = f"""
    import torch
    class Sub(torch.Tensor):
        def __new__(cls, x): return torch.Tensor._make_subclass(cls, x)
        @classmethod
        def __torch_function__(cls, *args, **kwargs): return torch.zeros(2)
        shape = property(lambda self: (7,))
        def detach(self): return torch.zeros(2)
    def f(): return {returned}
    """
    assert lab.numbers(lab.returned(textwrap.dedent(source))) == data


def test_a_conjugate_view_is_read_as_it_looks(lab):
    import struct

    value = lab.returned("import torch\ndef f(): return torch.tensor([1 + 2j]).conj()")
    assert struct.unpack("<2f", value.data) == (1, -2)


def test_memory_and_identity_are_numbered(lab):
    source = "import torch\ndef f(x, y): return x, x[:2], x.clone(), torch.empty(0)"
    snapshot = lab.snapshot(source, {"x": lab.tensor([1, 2, 3]), "y": lab.tensor([1])})
    same, view, copy, empty = snapshot.returned.items
    x, y = snapshot.after["x"], snapshot.after["y"]
    assert same.identity == x.identity != view.identity
    assert same.storage == view.storage == x.storage
    assert len({x.storage, y.storage, copy.storage, empty.storage}) == 4
    assert empty.storage == -1


def test_what_is_left_in_the_parameters(lab):
    source = "def f(x, y, z):\n    (x * x).sum().backward()\n    y.add_(1)\n    return x * 2"
    inputs = {"x": lab.tensor([1, 2], requires_grad=True), "y": lab.tensor([1]), "z": scalar(3)}
    snapshot = lab.snapshot(source, inputs)
    assert lab.numbers(snapshot.after["x"].grad) == [2, 4]
    assert lab.numbers(snapshot.after["y"]) == [2]
    assert snapshot.after["z"] == scalar(3)
    assert (snapshot.returned.requires_grad, snapshot.returned.is_leaf, snapshot.returned.grad) == (True, False, None)


def test_inputs_are_fresh_for_every_probe(lab):
    case = lab.case("only", {"x": lab.tensor([1])})
    probes = [Probe(op=ProbeOp.VALUE, case="only", of=of) for of in "ab"]
    (measured,) = lab.run("def f(x): return x.add_(1)", lab.plan([case], probes))
    assert [lab.numbers(answer.returned) for answer in measured.observations.values()] == [[2], [2]]


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (Series(type="tuple", items=(scalar(1), scalar(2))), "tuple"),
        (Series(type="list", items=()), "list"),
        (Series(type="Size", items=(scalar(1),)), "Size"),
        (Series(type="Pair", items=(scalar(1),), names=("left",)), "Pair"),
        (Record(items=(("a", scalar(1)),)), "dict"),
        (scalar(None), "NoneType"),
        (scalar(1j), "complex"),
        (Scalar(type=ScalarType.SYMBOL, value="t"), "Symbol"),
        (Expression(text="t**2"), "Pow"),
    ],
)
def test_inputs_of_every_type(lab, value, seen):
    assert lab.returned("def f(v): return type(v).__name__", {"v": value}) == scalar(seen)


def test_inputs_that_cannot_be_made_are_said_to_be_our_fault(lab):
    incident = lab.incident("def f(v): return v", {"v": Opaque(type="set", reason="")})
    assert (incident.kind, incident.message) == (
        "claimed_fault",
        "An input of this case cannot be made: TypeError: a set cannot be an input",
    )


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("x", "x"),
        ("x**2 + 1", "((x ** 2) + 1)"),
        ("-x / 3", "((-1/3) * x)"),
        ("exp(x) * sin(x)", "(exp(x) * sin(x))"),
        ("sqrt(x)", "(x ** (1/2))"),
        ("Abs(x)", "abs(x)"),
        ("log(x) - pi", "((-1 * pi) + log(x))"),
        ("Max(x, 1)", "maximum(1, x)"),
        ("Float(0.5) * x", "(0.5 * x)"),
        ("E + I", "(e + 1j)"),
    ],
)
def test_sympy_expressions_are_formulas(lab, expression, text):
    source = f"from sympy import *\ndef f(x): return {expression}"
    value = lab.returned(source, {"x": Scalar(type=ScalarType.SYMBOL, value="x")})
    assert isinstance(value, Expression)
    assert sorted(value.text.replace("(-1)", "-1")) == sorted(text)
    assert eval(value.text, _FORMULA) == pytest.approx(eval(text, _FORMULA))  # noqa: S307


_FORMULA = {name: getattr(math, name) for name in ("exp", "sin", "log", "pi", "e")} | {
    "abs": abs,
    "maximum": max,
    "x": 2.0,
}


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("Integral(exp(x**x), x)", "Integral has no place in a formula"),
        ("Symbol('a b')", "a symbol that is no name"),
        ("x + 10**50", "a number of more than 40 digits"),
        ("Add(*[x**k for k in range(400)])", "an expression that is too long"),
        ("__import__('functools').reduce(lambda a, _: sin(a), range(50), x)", "an expression nested too deep"),
    ],
)
def test_what_is_no_formula_is_opaque(lab, expression, reason):
    value = lab.returned(f"from sympy import *\nx = Symbol('x')\ndef f(): return {expression}")
    assert value.reason == reason


def test_call_decides_how_the_entry_point_is_called(lab):
    call = "def call(f, x):\n    return f(lambda t: torch.sin(t) + math.pi, x), sympy.Integer(2)\n"
    pair = lab.returned("def f(g, x): return g(x) - g(x)", {"x": lab.tensor([1])}, call=call)
    assert lab.numbers(pair.items[0]) == [0]
    assert pair.items[1] == scalar(2)


# Derivatives, against the calculus


def test_first_derivatives_and_their_rows(lab):
    found = lab.derivatives("def f(x): return x**3", {"x": lab.tensor([1, 2])}, cotangent=TAPE, full=2)
    assert (found.shape, found.problem) == ((2,), "")
    assert lab.numbers(found.product["x"]) == [2 * 3, -3 * 12]
    assert (found.full["x"].shape, lab.numbers(found.full["x"])) == ((2, 2), [3, 0, 0, 12])


def test_no_rows_where_there_are_too_many(lab):
    assert lab.derivatives("def f(x): return x**3", {"x": lab.tensor([1, 2])}, cotangent=TAPE, full=1).full == {}


def test_a_tensor_that_lies_about_its_shape_is_differentiated_as_what_it_is(lab):
    source = """
    import torch
    class Liar(torch.Tensor):
        shape = property(lambda self: torch.Size((7, 7)))
    def f(x): return (x**3).as_subclass(Liar)
    """
    found = lab.derivatives(textwrap.dedent(source), {"x": lab.tensor([1, 2])}, cotangent=TAPE, full=2)
    assert (found.shape, lab.numbers(found.product["x"])) == ((2,), [2 * 3, -3 * 12])


BACKWARD = """
import torch
class Own(torch.Tensor): pass
class Strange(torch.Tensor):
    @staticmethod
    def __new__(cls, inner): return torch.Tensor._make_wrapper_subclass(cls, inner.size(), dtype=inner.dtype)
    @classmethod
    def __torch_dispatch__(cls, function, *given): return NotImplemented
class Double(torch.autograd.Function):
    @staticmethod
    def forward(context, x): return 2 * x
    @staticmethod
    def backward(context, upstream): return {gradient}
def f(x): return Double.apply(x)
"""


@pytest.mark.parametrize(
    ("gradient", "problem"),
    [
        ("(2 * upstream).to_sparse()", ""),
        ("(2 * upstream).as_subclass(Own)", ""),
        ("Strange(2 * upstream)", "no plain derivative"),
    ],
)
def test_a_derivative_is_read_in_any_form_of_a_tensor(lab, gradient, problem):
    found = lab.derivatives(
        BACKWARD.format(gradient=gradient), {"x": lab.tensor([1, 2])}, cotangent=TAPE, full=2 * (not problem)
    )
    assert found.problem == problem
    if not problem:
        assert lab.numbers(found.product["x"]) == [2 * 2, -3 * 2]
        assert lab.numbers(found.full["x"]) == [2, 0, 0, 2]


def test_two_parameters_and_one_that_plays_no_part(lab):
    inputs = {name: lab.tensor([number, 1]) for name, number in (("x", 2), ("y", 5), ("z", 7))}
    found = lab.derivatives("def f(x, y, z): return x * y", inputs, cotangent=TAPE, full=9)
    assert lab.numbers(found.product["x"]) == [10, -3]
    assert lab.numbers(found.product["y"]) == [4, -3]
    assert (found.product["z"], found.full["z"]) == (None, None)


def test_the_tape_is_read_on_for_the_second_order(lab):
    """f = x² y elementwise: S0 = Σ c x² y; S1 = Σ d (2 c x y) + Σ e (c x²), with c, d, e one after another."""
    inputs = {"x": lab.tensor([2]), "y": lab.tensor([5])}
    found = lab.derivatives("def f(x, y): return x * x * y", inputs, cotangent=TAPE, order=2, full=2)
    c, d, e = TAPE[:3]
    assert lab.numbers(found.product["x"]) == [d * 2 * c * 5 + e * 2 * c * 2]
    assert lab.numbers(found.product["y"]) == [d * 2 * c * 2]
    assert lab.numbers(found.full["x"]) == [2 * c * 5, 2 * c * 2]
    assert lab.numbers(found.full["y"]) == [2 * c * 2, 0]


def test_an_unused_parameter_still_takes_its_part_of_the_tape(lab):
    inputs = {"x": lab.tensor([2, 2]), "y": lab.tensor([5])}
    found = lab.derivatives("def f(x, y): return (y**3).sum()", inputs, cotangent=TAPE, order=2)
    c, e = TAPE[0], TAPE[3]
    assert found.product["x"] is None
    assert lab.numbers(found.product["y"]) == [e * c * 6 * 5]


def test_the_third_order(lab):
    found = lab.derivatives("def f(x): return x**4", {"x": lab.tensor([2])}, cotangent=TAPE, order=3, full=1)
    assert lab.numbers(found.product["x"]) == [TAPE[0] * TAPE[1] * TAPE[2] * 24 * 2]
    assert lab.numbers(found.full["x"]) == [TAPE[0] * TAPE[1] * 24 * 2]


def test_where_derivatives_end_nothing_connects(lab):
    found = lab.derivatives("def f(x): return 3 * x", {"x": lab.tensor([2])}, cotangent=TAPE, order=3, full=9)
    assert (found.product, found.full, found.problem) == ({"x": None}, {"x": None}, "")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def f(x): return x.detach() * 2", "no graph"),
        ("import torch\ndef f(x):\n    with torch.no_grad(): return x * 2", "no graph"),
        ("def f(x): return x.long()", "not floating: int64"),
        ("def f(x): return 3.5", "not a tensor: float"),
        ("def f(x): return None", "not a tensor: NoneType"),
    ],
)
def test_what_cannot_be_differentiated(lab, source, problem):
    found = lab.derivatives(source, {"x": lab.tensor([2])}, cotangent=TAPE, full=9)
    assert (found.problem, found.product, found.full) == (problem, {}, {})


@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
def test_derivatives_of_every_shape(lab, shape):
    inputs = {"x": lab.tensor([3] * math.prod(shape), shape)}
    found = lab.derivatives("def f(x): return x * x", inputs, cotangent=TAPE, full=4)
    assert found.shape == found.product["x"].shape == shape
    assert found.full["x"].shape == (math.prod(shape), *shape)


@pytest.mark.parametrize("returned", ["(a, b)", "[a, b]", "{'b': b, 'a': a}", "Pair(b, a)", "Other(a, b)"])
def test_one_result_of_several(lab, returned):
    source = f"""
    from collections import namedtuple
    Pair, Other = namedtuple("Pair", "b a"), namedtuple("Other", "u v")
    def f(x):
        a, b = 2 * x, 5 * x
        return {returned}
    """
    for of, factor in (("a", 2), ("b", 5)):
        found = lab.derivatives(
            textwrap.dedent(source), {"x": lab.tensor([1])}, of=of, cotangent=(1,), returns=("a", "b")
        )
        assert lab.numbers(found.product["x"]) == [factor]


@pytest.mark.parametrize("returned", ["(x,)", "x", "{'b': x}"])
def test_a_result_that_is_not_there(lab, returned):
    found = lab.derivatives(f"def f(x): return {returned}", {"x": lab.tensor([1])}, of="a", returns=("a", "b"))
    assert found.problem == "no result: a"


def test_derivatives_of_what_is_left_in_a_parameter(lab):
    source = "def f(x, out): out.copy_(x * x)"
    inputs = {"x": lab.tensor([3]), "out": lab.tensor([0])}
    found = lab.derivatives(source, inputs, of="out.after", wrt=("x",), cotangent=(1,))
    assert lab.numbers(found.product["x"]) == [6]


def test_explicit_seeds_for_several_results(lab):
    seeds = (("a", lab.tensor([7, 0])), ("b", lab.tensor([0, 11])))
    source = "def f(x): return 2 * x, x * x"
    inputs = {"x": lab.tensor([1, 3])}
    found = lab.derivatives(source, inputs, of="a + b", seeds=seeds, cotangent=TAPE, returns=("a", "b"))
    assert lab.numbers(found.product["x"]) == [14, 66]
    found = lab.derivatives(source, inputs, of="a + b", seeds=seeds, cotangent=TAPE, order=2, returns=("a", "b"))
    assert lab.numbers(found.product["x"]) == [0, TAPE[1] * 22]


def test_seeds_of_another_shape(lab):
    found = lab.derivatives("def f(x): return x", {"x": lab.tensor([1])}, seeds=(("result", lab.tensor([1, 2])),))
    assert found.problem == "wrong shape: result"


def test_complex_results_are_differentiated_by_their_real_part(lab):
    found = lab.derivatives("def f(x): return x * (2 + 5j)", {"x": lab.tensor([1])}, cotangent=(3,))
    assert lab.numbers(found.product["x"]) == [6]


def test_a_custom_backward_is_the_students(lab):
    source = """
    import torch
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x * x
        @staticmethod
        def backward(ctx, g): return g / 0
    def f(x): return Square.apply(x)
    """
    probe = Probe(op=ProbeOp.GRADIENT, case="only", of="result", wrt=("x",), cotangent=TAPE)
    source = textwrap.dedent(source).replace("g / 0", "1 / 0")
    plan = lab.plan([lab.case("only", {"x": lab.tensor([1])})], [probe])
    incident = lab.run(source, plan)[0].observations[probe]
    assert (incident.message, incident.frames[-1].line) == ("division by zero", 7)


# Nothing of one probe reaches another


LEAKS = [
    ("default dtype", "torch.set_default_dtype(torch.float64)", "str(torch.get_default_dtype())", "torch.float32"),
    ("default device", "torch.set_default_device('meta')", "str(torch.get_default_device())", "cpu"),
    ("grad mode", "torch.set_grad_enabled(False)", "torch.is_grad_enabled()", True),
    ("autocast", "torch.set_autocast_enabled('cpu', True)", "torch.is_autocast_enabled('cpu')", False),
    ("denormals", "torch.set_flush_denormal(True)", "torch.tensor(5e-324, dtype=torch.float64).item() * 1.0 > 0", True),
    ("threads", "torch.set_num_threads(2)", "torch.get_num_threads()", 1),
    ("determinism", "torch._C._set_deterministic_algorithms(True)", "torch._C._get_deterministic_algorithms()", False),
    ("anomalies", "torch.autograd.set_detect_anomaly(True)", "torch.is_anomaly_enabled()", False),
    ("precision", "torch.set_float32_matmul_precision('medium')", "torch.get_float32_matmul_precision()", "highest"),
    ("printing", "torch.set_printoptions(precision=1)", "str(torch.tensor(0.125))", "tensor(0.1250)"),
    ("recursion", "sys.setrecursionlimit(500)", "sys.getrecursionlimit()", 1000),
    ("folder", "os.chdir('/usr')", "os.getcwd()", "/"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "look", "value"), LEAKS, ids=lambda row: row)
def test_a_call_changes_nothing_for_the_next(lab, name, change, look, value):
    source = f"import os, sys, torch\ndef f():\n    found = {look}\n    {change}\n    return found"
    plan = lab.plan([lab.case(case, {}) for case in "ab"])
    assert [each.returned.value for each in lab.run(source, plan)[0].observations.values()] == [value, value]


@pytest.mark.parametrize(("name", "change", "look", "value"), LEAKS, ids=lambda row: row)
def test_what_a_file_sets_holds_for_its_calls_and_for_no_other_plan(lab, name, change, look, value):
    """The file is read once for each plan, and finds a clean process each time."""
    source = f"import os, sys, torch\nbefore = {look}\n{change}\ndef f(): return before, {look}"
    plans = [lab.plan([lab.case(case, {}) for case in "ab"]) for _ in range(2)]
    found = [answer.returned.items for each in lab.run(source, *plans) for answer in each.observations.values()]
    assert [before.value for before, _ in found] == [value] * 4
    if name != "folder":
        assert value not in [after.value for _, after in found]


@pytest.mark.parametrize("generator", ["torch.rand(1).item()", "random.random()", "float(numpy.random.rand())"])
def test_generators_start_anew(lab, generator):
    plan = lab.plan([lab.case(case, {}) for case in "abc"])
    (measured,) = lab.run(f"import numpy, random, torch\ndef f(): return {generator}", plan)
    assert len({answer.returned.value for answer in measured.observations.values()}) == 1


def test_the_module_is_its_own_and_has_a_neutral_name(lab):
    source = "import sys\ncount = 0\ndef f():\n    global count\n    count += 1\n"
    source += "    return __name__, sys.modules[__name__].count, count, __file__"
    (value,) = {lab.returned(source) for _ in range(2)}
    assert [item.value for item in value.items] == ["submission", 1, 1, "solution.py"]


def test_main_blocks_do_not_run(lab):
    assert lab.returned("if __name__ == '__main__': 1 / 0\ndef f(): return 1") == scalar(1)


def test_what_a_child_finds_around_it(lab):
    source = """
    import os, sys, threading
    def f():
        fds = []
        for fd in range(1024):
            try: os.fstat(fd)
            except OSError: continue
            fds.append(fd)
        return fds, sorted(os.environ), sys.stdin.read(), "" in sys.path or "." in sys.path, threading.active_count()
    """
    fds, environment, stdin, cwd_on_path, threads = lab.returned(textwrap.dedent(source)).items
    assert [fd.value for fd in fds.items] == [0, 1, 2, 3]
    names = {name.value for name in environment.items} - {"LC_CTYPE"}
    assert names <= {
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX", "CUDA_VISIBLE_DEVICES"),
        *("LANG", "USER", "TMPDIR", "TORCHINDUCTOR_CACHE_DIR", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK"),
    }
    assert (stdin.value, cwd_on_path.value, threads.value) == ("", False, 1)


def test_peak_memory_and_times_are_measured(lab):
    plan = lab.plan([lab.case(case, {}) for case in "ab"], limits=Limits(megabytes=1000))
    (measured,) = lab.run(
        "import torch, time\ndef f():\n    time.sleep(0.02)\n    return torch.ones(100 * 2**18).sum()", plan
    )
    assert set(measured.seconds) == {"a", "b"}
    assert all(seconds >= 0.02 for seconds in measured.seconds.values())
    assert measured.peak_bytes > 100 * 2**20


def test_memory_that_nothing_has_written_is_never_right_by_luck(lab):
    source = (
        "import torch\ndef f():\n    torch.zeros(64)\n    return torch.empty(64).max(), torch.empty(1000, 100).max()"
    )
    for largest in lab.returned(source).items:
        assert lab.numbers(largest)[0] < -1e38


def test_numpy_views_in_the_middle_of_a_tensor_share_its_memory(lab):
    source = "import torch\ndef f(x): return torch.from_numpy(x.numpy()[2:]), torch.from_numpy(x.numpy()[2:].copy())"
    snapshot = lab.snapshot(source, {"x": lab.tensor([1, 2, 3, 4])})
    view, copy = snapshot.returned.items
    assert view.storage == snapshot.after["x"].storage != copy.storage
