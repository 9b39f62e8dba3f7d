"""From a place in a value to the place in the file."""

from __future__ import annotations

import pytest

from torchgrade.spec.offsets import locate
from torchgrade.spec.yaml import read


@pytest.mark.parametrize(
    "text",
    [
        "a: sum(x) + oops * y\n",
        "a: 'sum(x) + oops * y'\n",
        'a: "sum(x) + oops * y"\n',
        "a: ['sum(''x'', \"y\") + oops']\n".replace("[", "").replace("]", ""),
        'a: "sum(\\"x\\") \\\\ + oops"\n',
        "a: |\n  sum(x)\n  + oops * y\n",
        "a: >-\n  sum(x)\n  + oops\n\n  * y\n",
        "a: sum(x) +\n    oops * y\n",
        "a: 'sum(x) +\n    oops * y'\n",
        "题目: 求和 😀 oops\n",
        "a: |2\n    sum(x)\n   + oops\n",
        "a: &name sum(x) + oops\n",
    ],
)
def test_a_word_of_a_value_is_found_in_the_file(text: str) -> None:
    document = read(text, "f.yaml")
    (key,) = document.data if isinstance(document.data, dict) else ()
    value = str(document.at((key,)))
    start = value.index("oops")
    mark = locate(document.page, document.values[(key,)], value, start, start + 4)
    assert text[mark.start : mark.end] == "oops"


def test_a_place_behind_the_value_is_its_last_character() -> None:
    document = read("a: sum(x\n", "f.yaml")
    mark = locate(document.page, document.values[("a",)], "sum(x", 5, 6)
    assert document.page.text[mark.start : mark.end] == "x"
