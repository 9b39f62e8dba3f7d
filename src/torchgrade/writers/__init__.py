"""Report formats: each writer is a file here and a line in `WRITERS`; it turns attempts into bytes and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.model.kinds import Writer
from torchgrade.writers.classroom50 import Classroom50
from torchgrade.writers.csv import Csv
from torchgrade.writers.ctrf import Ctrf
from torchgrade.writers.github import Github
from torchgrade.writers.gradescope import Gradescope
from torchgrade.writers.html import Html
from torchgrade.writers.json import Json
from torchgrade.writers.junit import Junit
from torchgrade.writers.markdown import Markdown
from torchgrade.writers.terminal import Terminal

WRITERS: Mapping[str, Writer] = {
    "json": Json(),
    "markdown": Markdown(),
    "junit": Junit(),
    "terminal": Terminal(),
    "github": Github(),
    "html": Html(),
    "csv": Csv(),
    "gradescope": Gradescope(),
    "classroom50": Classroom50(),
    "ctrf": Ctrf(),
}
