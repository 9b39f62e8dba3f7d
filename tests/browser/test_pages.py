"""Pages as people see them, in headless Chromium: accessible, silent, alone, and what matters is in sight."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.browser.chromium import Tab
from tests.browser.conftest import COUNT, LANGUAGES
from tests.browser.install import AXE

WIDTHS = (320, 800, 1280)
SCHEMES = ("light", "dark")
RUN_AXE = """axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(
  each => each.id + ": " + each.nodes.map(node => node.target + " " + node.failureSummary).slice(0, 3).join("; ")))"""
TOO_WIDE = """[...document.querySelectorAll("main *")].filter(each => {
  const box = each.getBoundingClientRect();
  return box.right > innerWidth + 1 && box.width && !each.closest(".scrolls, pre, .display, .unseen, thead");
}).map(each => each.outerHTML.slice(0, 120))"""
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def shown(folder: Path) -> Mapping[str, Path]:
    """The page of the class, of one whom we know, of one with everything and one with nothing, and the largest."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    points = {each["submitter"]: each["points"] for each in report["totals"]}
    students = sorted((folder / "students").iterdir())
    plain = [path for path in students if path.stem in points]
    return {
        "class": folder / "report.html",
        "maya": folder / "students" / "maya.html",
        "all": max(plain, key=lambda path: points[path.stem]),
        "none": min(plain, key=lambda path: points[path.stem]),
        "large": max(students, key=lambda path: path.stat().st_size),
    }


def text(page: Tab, selector: str = "main") -> str:
    """What is seen of a part, on one line; what is folded away is not."""
    return " ".join(page.run(f"document.querySelector({json.dumps(selector)}).innerText").split())


def section(page: Tab, exercise: str) -> str:
    """The selector of an exercise's section."""
    script = f"""[...document.querySelectorAll("section.exercise")].find(
      each => each.querySelector(".id").innerText === {json.dumps(exercise)}).id"""
    return f"#{page.run(script)}"


@pytest.mark.parametrize("name", ["class", "maya", "all", "none", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_accessible_silent_and_alone(
    reports: Mapping[str, Path], page: Tab, language: str, name: str
) -> None:
    path = shown(reports[language])[name]
    page.look(WIDTHS[0])
    page.open(path)
    assert page.console == []
    assert page.requests == [path.resolve().as_uri()]
    assert page.run("document.documentElement.lang") == language
    assert page.run("document.scripts.length") == 0
    page.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.run(AXE.read_text(encoding="utf-8") + ";0")
    backgrounds = set()
    for scheme in SCHEMES:
        for width in WIDTHS:
            page.look(width, scheme)
            assert page.run(RUN_AXE) == [], (scheme, width)
            assert page.run("document.documentElement.scrollWidth") <= width
            assert page.run(TOO_WIDE) == [], width
        backgrounds.add(page.run(BACKGROUND))
    assert len(backgrounds) == 2, "dark is another page"
    assert page.console == []
    assert page.requests == [path.resolve().as_uri()]


def test_sizes_hold(reports: Mapping[str, Path]) -> None:
    for folder in reports.values():
        students = list((folder / "students").iterdir())
        assert len(students) == COUNT
        assert max(path.stat().st_size for path in students) < 300_000
        assert (folder / "report.html").stat().st_size < 100_000


def test_what_is_lost_and_why_is_said_first(reports: Mapping[str, Path], page: Tab) -> None:
    page.look(1280)
    page.open(reports["en"] / "students" / "maya.html")
    assert "maya 3 of 11 points 0 of 3 exercises solved" in text(page, ".top")
    overview = text(page, "table.overview")
    assert "−3 value: Your code raised _LinAlgError in line 7 (L = torch.linalg.cholesky(A))." in overview
    assert "−1 no inverse: It holds, but it earns only as much as the answers beside it are right." in overview
    assert "−2 gradient: gradient of result in b has the wrong value" in overview


def test_the_worst_cell_is_found_at_a_glance(reports: Mapping[str, Path], page: Tab) -> None:
    page.look(320)
    page.open(reports["en"] / "students" / "maya.html")
    cubic = section(page, "autograd/cubic-minus-square")
    assert "Worst is element [1, 1] of gradient of result in b: expected 28, yours 14." in text(page, cubic)
    assert "Every value is 1/2 times what it should be." in text(page, cubic)
    outlined = f"""[...document.querySelectorAll("{cubic} td.worst")].map(
      each => [each.innerText, parseFloat(getComputedStyle(each).outlineWidth)])"""
    assert page.run(outlined) == [["28", 2], ["14", 2], ["-14", 2]]
    worst = page.run(f"""(() => {{ const box = document.querySelector("{cubic} .heat .worst").getBoundingClientRect();
      return [box.width, box.height, box.left, box.right] }})()""")
    assert worst[0] > 16
    assert worst[1] > 16
    assert worst[2] >= 0
    assert worst[3] <= 320
    described = f"""document.querySelector("{cubic} .heat desc").textContent"""
    assert page.run(described) == "The worst cell, outlined, is in row 1, column 1."


def test_formulas_are_typeset(reports: Mapping[str, Path], page: Tab) -> None:
    page.look(320)
    page.open(reports["en"] / "students" / "maya.html")
    boxes = page.run("""[...document.querySelectorAll("section.exercise math")].filter(each => each.checkVisibility())
      .map(each => { const box = each.getBoundingClientRect(); return [box.width, box.height] })""")
    assert len(boxes) >= 5
    assert all(width > 5 and height > 5 for width, height in boxes)
    cubic = section(page, "autograd/cubic-minus-square")
    power = page.run(f"""(() => {{ const [base, over] = document.querySelector("{cubic} .prose msup").children;
      return [base, over].map(
        each => [each.getBoundingClientRect().bottom, parseFloat(getComputedStyle(each).fontSize)]) }})()""")
    assert power[1][0] < power[0][0], "the exponent stands higher"
    assert power[1][1] < power[0][1], "and is smaller"
    fraction = page.run(f"""document.querySelector("{cubic} .formula mfrac").getBoundingClientRect().height""")
    assert fraction > 25
    assert "The derivative should be, element by element:" in text(page, f"{cubic} .formula")


def test_the_failing_line_is_marked(reports: Mapping[str, Path], page: Tab) -> None:
    for language, flag in (("en", "◀ the line that failed"), ("zh", "◀ 出错的行")):
        page.look(320)
        page.open(reports[language] / "students" / "maya.html")
        solve = section(page, "linalg/solve")
        assert text(page, f"{solve} .failed") == f"7 L = torch.linalg.cholesky(A) {flag}"
        colours = page.run(f"""["", ".failed"].map(each => getComputedStyle(
          document.querySelector("{solve} .numbered .l" + each)).backgroundColor)""")
        assert colours[0] != colours[1]


def test_a_page_speaks_one_language(reports: Mapping[str, Path], page: Tab) -> None:
    page.look(800)
    page.open(reports["zh"] / "students" / "maya.html")
    assert "3 / 11 分" in text(page, ".top")
    cubic = section(page, "autograd/cubic-minus-square")
    assert "三次减平方" in text(page, f"{cubic} h2")
    assert "偏差最大的是" in text(page, cubic)
    assert "期望 28，你的是 14" in text(page, cubic)


def test_the_class_is_seen(reports: Mapping[str, Path], page: Tab) -> None:
    page.look(1280)
    page.open(reports["en"] / "report.html")
    assert text(page, "h1") == f"{COUNT} submitters"
    assert "on average" in text(page, ".top")
    bars = page.run(
        """[...document.querySelectorAll(".histogram rect")].map(each => each.getBoundingClientRect().height)"""
    )
    counts = page.run("""[...document.querySelectorAll(".histogram td")].map(each => Number(each.textContent))""")
    assert len(bars) == 11
    assert sum(counts) == COUNT
    assert counts.index(max(counts)) == bars.index(max(bars))
    assert "Solve a linear system" in text(page, ".checks")
    assert "gradient-2" in text(page, ".checks")
    assert "You squared a where the formula cubes it." in text(page, "[aria-labelledby=h-mistakes]")
    assert "Difficulty p Discrimination D Correlation r" in text(page, ".items")
    assert "runtime error" in text(page, "[aria-labelledby=h-incidents]")
    assert "What takes long" in text(page), "measurements lie beside the report"


def test_every_link_leads_to_a_page(reports: Mapping[str, Path], page: Tab) -> None:
    page.open(reports["en"] / "report.html")
    links = set(page.run("""[...document.querySelectorAll("main a")].map(each => each.getAttribute("href"))"""))
    assert len({each.partition("#")[0] for each in links}) == COUNT
    for link in links:
        name, _, anchor = link.partition("#")
        target = (reports["en"] / name).read_text(encoding="utf-8")
        assert not anchor or f'<section id="{anchor}"' in target, link
