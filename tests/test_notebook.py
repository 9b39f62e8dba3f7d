"""`from torchgrade.notebook import check`, in a real kernel: what stands in docs/students.md, and what goes wrong."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import nbformat
import pytest
from nbclient import NotebookClient

from docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "students.md"
IMPORT = "from torchgrade.notebook import check"
WRONG = "def vector_sum(x):\n    return x.sum(dim=0, keepdim=True)"
RIGHT = "def vector_sum(x):\n    return x.sum()"


class Notebook:
    """A notebook that is open: cells are run one after another."""

    def __init__(self, client: NotebookClient) -> None:
        self._client = client

    def run(self, text: str) -> str:
        """A cell's output: what it printed, its value or its error as text."""
        return "".join(
            each.get("text", "") + each.get("data", {}).get("text/plain", "") + "\n".join(each.get("traceback", []))
            for each in self._outputs(text)
        )

    def page(self, text: str) -> str:
        """The page that is shown below a cell."""
        (shown,) = self._outputs(text)
        (framed,) = re.findall(r'^<iframe sandbox [^>]*srcdoc="([^"]*)"', shown["data"]["text/html"])
        return html.unescape(framed)

    def _outputs(self, text: str) -> list[nbformat.NotebookNode]:
        cell = nbformat.v4.new_code_cell(text)
        self._client.nb.cells.append(cell)
        done = self._client.execute_cell(cell, len(self._client.nb.cells) - 1, store_history=True)
        return list(done.outputs)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookClient]:
    folder = tmp_path_factory.mktemp("notebook")
    copytree(Path(__file__).parent / "docs" / "students", folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
            patch.setenv(name, str(folder / name.lower()))
        made = NotebookClient(
            nbformat.v4.new_notebook(),
            kernel_name="python3",
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
        )
        with made.setup_kernel():
            yield made


@pytest.fixture
def notebook(client: NotebookClient) -> Notebook:
    """With nothing in it; the kernel, and the session in it, are those of the test before."""
    found = Notebook(client)
    found.run("get_ipython().reset()")
    found.run(IMPORT)
    return found


def test_the_cells_of_the_page(notebook: Notebook) -> None:
    *cells, last = (block.text for block in blocks(PAGE) if block.language == "python" and not block.file)
    for text in cells:
        assert notebook.run(text) == ""
    page = notebook.page(last)
    assert page.startswith("<!doctype html>")
    assert "The sum" in page
    assert "1 of 1 exercise solved" in page


@pytest.mark.parametrize(
    "call",
    [
        'check("vector_sum")',
        "check(vector_sum)",
        'check("tensor/sum")',
        'check("sum")',
        "check()",
        'check("vector_sum", exercises="exercises")',
    ],
)
def test_ways_to_say_it(call: str, notebook: Notebook) -> None:
    notebook.run(RIGHT)
    assert notebook.run(f"{call}.accepted") == "True"


def test_text_is_what_check_prints(notebook: Notebook, tmp_path: Path) -> None:
    """The same words and the same number, whoever asks."""
    notebook.run(WRONG)
    (tmp_path / "answer.py").write_text(WRONG + "\n")
    command = [str(Path(sys.executable).with_name("torchgrade")), "check", "answer.py", "--exercises"]
    done = subprocess.run(
        [*command, str(ROOT / "tests/docs/students/exercises")], cwd=tmp_path, capture_output=True, text=True
    )
    printed = notebook.run("print(check('vector_sum'))")
    assert printed == done.stdout + done.stderr
    assert "A sum over all axes has no axis left." in printed
    assert notebook.run("check('vector_sum')") == printed.rstrip("\n")


def test_the_page_says_what_is_wrong(notebook: Notebook) -> None:
    notebook.run(WRONG)
    page = notebook.page("check(vector_sum)")
    assert "A sum over all axes has no axis left." in page
    assert "求和" in notebook.page('check(vector_sum, lang="zh")')
    assert "Content-Security-Policy" in page


def test_magics_and_computations_are_as_in_a_notebook_that_is_handed_in(notebook: Notebook) -> None:
    notebook.run("%%time\nimport torch\nimport os as unused\nZERO = 0\nx = torch.arange(3.0)\n%timeit -n1 -r1 x.sum()")
    notebook.run(f"%precision 3\n!true\nprint(ZERO)\n{RIGHT} + ZERO\ny = vector_sum(x)")
    assert notebook.run("check('vector_sum').accepted") == "True"


def test_the_definition_that_was_run_last_counts(notebook: Notebook) -> None:
    assert notebook.run(f"{WRONG}\ncheck('vector_sum').accepted") == "False"
    assert notebook.run(f"{RIGHT}\ncheck('vector_sum').accepted") == "True"
    assert "SyntaxError" in notebook.run("def vector_sum(x) return 0")
    assert notebook.run("check('vector_sum').accepted") == "True", "as in the kernel, what was there before stays"
    notebook.run(WRONG)
    assert notebook.run("check('vector_sum').accepted") == "False"


def test_a_place_is_named_by_the_number_beside_the_cell(notebook: Notebook) -> None:
    number = int(notebook.run("get_ipython().execution_count"))
    notebook.run("\ndef vector_sum(x):\n    return x[len(x)].sum()")
    assert f"line 3 of In[{number + 1}] (`return x[len(x)].sum()`)" in notebook.run("print(check('vector_sum'))")


def test_what_a_student_writes_is_no_markup(notebook: Notebook) -> None:
    notebook.run('def vector_sum(x):\n    raise ValueError("</iframe><script>alert(1)</script>\\"")')
    page = notebook.page("check('vector_sum')")
    assert "<script" not in page
    assert "alert(1)" in page


def test_a_submission_that_ends_its_process_leaves_the_kernel_alone(notebook: Notebook) -> None:
    notebook.run("import os\ndef vector_sum(x):\n    os._exit(3)")
    assert notebook.run("check('vector_sum').accepted") == "False"
    notebook.run(RIGHT)
    assert notebook.run("check('vector_sum').accepted") == "True"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            ["check('vector_sum')"],
            "no cell that was run defines 'vector_sum'\nhint: run the cell that defines it, then this one again",
        ),
        (
            ["vector_sum = sum([], print)", "check('vector_sum')"],
            "no cell that was run defines 'vector_sum'\nhint: what counts is a `def` in a cell",
        ),
        (["check('vector_sum', lang='zh')"], "运行过的单元格都没有定义 'vector_sum'\n提示：请先运行"),
        (["check()"], "no cell that was run defines a function of an exercise in exercises\nhint: run the cell"),
        (["check('vector_some')"], "there is no exercise 'vector_some' in exercises; did you mean 'vector_sum'?"),
        (["check('tensor/some')"], "there is no exercise 'tensor/some' in exercises; did you mean 'tensor/sum'?"),
        ([RIGHT, "check(exercises='absent')"], "there is no folder 'absent'\nhint: name the folder of exercises"),
        (["def vector_sum(x) return 0", "check('vector_sum')"], "Python cannot read"),
        (["A = '''" + 1_000_001 * "a" + "'''", "check()"], "more than 1 MB of code was run here\nhint: restart"),
    ],
)
def test_refusals_are_sentences(cells: list[str], said: str, notebook: Notebook) -> None:
    *before, last = cells
    for text in before:
        notebook.run(text)
    printed = notebook.run(last)
    assert said in printed
    assert "Traceback" not in printed


def test_faults_of_an_exercise_are_shown_with_their_place(notebook: Notebook) -> None:
    notebook.run(RIGHT)
    notebook.run(
        "from pathlib import Path\nPath('broken').mkdir(exist_ok=True)\n"
        "Path('broken/sum.yaml').write_text('schema: 1\\nentrypoint: vector_sum\\n')"
    )
    assert "broken/sum.yaml:1:1: missing-field" in notebook.run("check(exercises='broken')")


def test_an_interrupt_leaves_a_session_that_works(notebook: Notebook) -> None:
    """The kernel's own signal, while a submission runs."""
    notebook.run("def vector_sum(x):\n    while True: pass")
    notebook.run("import _thread, threading\nthreading.Timer(0.5, _thread.interrupt_main).start()")
    assert "KeyboardInterrupt" in notebook.run("for _ in range(1000): check('vector_sum')")
    notebook.run(RIGHT)
    assert notebook.run("check('vector_sum').accepted") == "True"


def test_plain_python_is_told_what_to_do() -> None:
    text = f"{IMPORT}\ncheck('solve')"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
    assert done.stderr.endswith(
        "check() grades the cells of a notebook that were run, and this is no notebook\n"
        "hint: check a file with `torchgrade check FILE`, or in Python with `torchgrade.grade(Path(FILE), EXERCISE)`\n"
    )
