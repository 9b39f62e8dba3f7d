"""docs/ci.md: what it tells people to copy is what the tests of `tests/ci` and of the pytest plugin run."""

from __future__ import annotations

import re
import shlex

import yaml

from ci.trees import DOCUMENTED
from docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "ci.md"
TEXT = PAGE.read_text(encoding="utf-8")
YAML = [yaml.safe_load(block.text) for block in blocks(PAGE) if block.language == "yaml"]


def test_the_workflow_gives_the_action_what_it_takes() -> None:
    (workflow,) = (each for each in YAML if "jobs" in each)
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    steps = workflow["jobs"]["grade"]["steps"]
    (step,) = (step for step in steps if "/torchgrade@" in step["uses"])
    required = {name for name, about in action["inputs"].items() if about.get("required")}
    assert required <= set(step["with"]) <= set(action["inputs"])
    used = set(re.findall(r"steps\.(\w+)\.outputs\.([\w-]+)", TEXT))
    assert used <= {(step["id"], name) for name in action["outputs"]}
    assert all(f"`{name}`" in TEXT or name in step["with"] for name in action["inputs"])


def test_the_hook_is_called_as_it_is() -> None:
    (config,) = (each for each in YAML if "repos" in each)
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert config["repos"][0]["hooks"][0]["id"] == hook["id"]


def test_the_command_for_pytest_is_the_one_that_is_tried() -> None:
    (shown,) = (block.text for block in blocks(PAGE) if block.language == "sh")
    lines = shown.replace("\\\n", "").splitlines()
    assert lines[0] == 'cd "$(mktemp -d)"'
    assert tuple(shlex.split(lines[1])[1 : len(DOCUMENTED) + 1]) == DOCUMENTED


def test_every_file_beside_the_page_is_named_on_it() -> None:
    files = [path for path in PAGE.with_suffix("").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    named = re.findall(r"\(ci/([\w./-]+)\)", TEXT)
    assert {path.relative_to(PAGE.with_suffix("")).as_posix() for path in files} - {"action.sh"} == set(named)
