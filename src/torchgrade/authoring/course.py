"""A small course that works at once: an exercise, an assignment, and a page with the commands to run.

README.md
.gitignore                              what is made there, and what students handed in
exercises/<topic>/<name>.yaml           a complete exercise, to be changed into another
exercises/assignments/week1.yaml
schemas/                                with which editors complete and check both
"""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.authoring.scaffold import exercise_text
from torchgrade.spec import schema

FIRST = "tensor/double"
ASSIGNMENT = """\
# yaml-language-server: $schema=../../schemas/assignment.schema.json
schema: 1
title: Week 1
exercises:
  - {first}
  # - {{exercise: {first}, points: 4}}       # what it is worth here
# due: 2027-01-15T23:59:00+08:00            # with the offset of your time zone
# late: [{{days: 1, keeps: 0.8}}]             # what is kept of work that is a day late
# seed: a secret, which draws the hidden inputs; without it one is drawn and kept on your machine
"""
README = """\
# A course

An exercise is a file in `exercises/`, an assignment one in `exercises/assignments/`. `exercises/{first}.yaml` is
complete: change it into yours, or write another with `torchgrade new TOPIC/NAME`. Then, in this folder:

    torchgrade prove
    torchgrade bundle handout
    torchgrade grade submissions --assignment exercises/assignments/week1.yaml

The first finds out whether each exercise tells right from wrong. The second writes what students get, without the
answers. The third grades the files in `submissions/`, one for each student, and writes `reports/`.
"""
IGNORED = """\
# What is written here, and what students handed in
/reports/
/handout/
/submissions/
"""


def files() -> Mapping[str, str]:
    """Every file of the course: its name and text."""
    schemas = {f"schemas/{name}": text for name, text in schema.files().items() if not name.startswith("report")}
    return {
        "README.md": README.format(first=FIRST),
        ".gitignore": IGNORED,
        f"exercises/{FIRST}.yaml": exercise_text(FIRST),
        "exercises/assignments/week1.yaml": ASSIGNMENT.format(first=FIRST),
        **schemas,
    }
