"""LaTeX formulas as MathML for pages and as a line of text for terminals; both from one tree.

What comes out is ours whatever went in: elements and attributes that are not on the lists below are left out, and what
cannot be read is shown as it was written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

from torchgrade.writers.escape import plain

LONGEST = 2000
DEEPEST = 60
_ELEMENTS = re.compile(
    "math|m(row|i|n|o|text|space|style|padded|phantom|enclose|frac|sqrt|root|su[pb]|subsup|under|over|underover|table|tr|td)"
)
_ATTRIBUTES = re.compile(
    "display|displaystyle|scriptlevel|mathvariant|accent|accentunder|linethickness|columnalign|movablelimits"
    "|stretchy|fence|separator|form|lspace|rspace|width|minsize|maxsize"
)
_VALUE = re.compile(r"[\w .%-]{1,40}")
_ABOVE = str.maketrans("0123456789+−=()niTxk", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀˣᵏ")
_BELOW = str.maketrans("0123456789+−=()aeijkmnoprstx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜₓ")
_SPACED = frozenset("+−=≠≤≥<>·×∘→∈∧∨≈∼⟹⇒⇔⊕⊗") | {"mod"}
_OPENING = frozenset("([{⌊⌈⟨,")
_BARS = frozenset("|‖")
_SIGNS, _CLOSING = frozenset("+−±"), frozenset(")]}⌋⌉⟩|‖!′")
_WORDS = frozenset({"mi", "mtext", "mfrac", "msqrt", "mroot"})
_SCRIPTED = frozenset({"msub", "msup", "msubsup", "mover", "munder", "munderover"})
_ACCENTS = {"^": "\u0302", "~": "\u0303", "¯": "\u0304", "-": "\u0304", "˙": "\u0307", "→": "\u20d7"}


@lru_cache(maxsize=4096)
def mathml(latex: str, *, is_block: bool = False) -> str:
    """A `math` element that keeps its LaTeX as an annotation; a `code` element if it cannot be read."""
    tree = _tree(latex, is_block)
    if tree is None:
        return f"<code>{escape(plain(latex))}</code>"
    whole = Element("math", {"display": "block" if is_block else "inline"})
    semantics = SubElement(whole, "semantics")
    row = SubElement(semantics, "mrow")
    row.extend(list(tree))
    SubElement(semantics, "annotation", {"encoding": "application/x-tex"}).text = plain(latex)
    return tostring(whole, encoding="unicode")


@lru_cache(maxsize=4096)
def linear(latex: str) -> str:
    r"""The formula on one line: `3a³ − b²`, `√(Σ_(i,j) aᵢⱼ²)`; `$…$` as it was if it cannot be read."""
    tree = _tree(latex, is_block=False)
    return f"${latex}$" if tree is None else re.sub(r" +", " ", _row(tree)).strip()


def _tree(latex: str, is_block: bool) -> Element | None:
    from latex2mathml.converter import convert_to_element

    if not latex.strip() or len(latex) > LONGEST:
        return None
    try:
        upright = plain(latex).replace(r"\operatorname{", r"\mathrm{")
        return _safe(convert_to_element(upright, display="block" if is_block else "inline"), DEEPEST)
    except Exception:  # noqa: BLE001 - whatever its reader stumbles over, the formula is shown as it was written.
        return None


def _safe(element: Element, depth: int) -> Element:
    if depth == 0 or not _ELEMENTS.fullmatch(element.tag):
        raise ValueError(element.tag)
    kept = {
        name: value for name, value in element.attrib.items() if _ATTRIBUTES.fullmatch(name) and _VALUE.fullmatch(value)
    }
    copy = Element(element.tag, kept)
    copy.text = element.text and _unescaped(element.text)
    copy.extend([_safe(child, depth - 1) for child in element])
    _mark_signs(copy)
    return _word(copy) if element.tag == "mrow" and _is_word(copy) else copy


def _mark_signs(row: Element) -> None:
    """A minus behind an equals sign is no subtraction: it stands close to what it is the sign of."""
    for before, sign in pairwise(row):
        if before.tag == sign.tag == "mo" and sign.text in _SIGNS and before.text not in _CLOSING:
            sign.set("form", "prefix")


def _is_word(row: Element) -> bool:
    """Whether a row spells a word in upright letters, which latex2mathml writes one by one."""
    upright = [child.tag == "mi" and child.get("mathvariant") == "normal" for child in row]
    return len(row) > 1 and any(upright) and all(is_up or row[at].tag == "mn" for at, is_up in enumerate(upright))


def _word(row: Element) -> Element:
    word = Element("mi")
    word.text = "".join(child.text or "" for child in row)
    return word


def _unescaped(text: str) -> str:
    """`&#x02212;` is a minus: latex2mathml writes its signs so. Students may too, and mean what is no sign at all."""
    return plain(re.sub(r"&#x([0-9A-Fa-f]{1,6});", lambda found: chr(int(found[1], 16)), text))


def _row(element: Element) -> str:
    """Parts side by side, with spaces where they help to read."""
    parts = [(child, text) for child in element if (text := _text(child))]
    pieces, before_that = [text for _, text in parts[:1]], "("
    for (part, text), (following, next_text) in pairwise(parts):
        is_open = text in _OPENING or (text in _BARS and pieces.count(text) % 2 == 1)
        is_infix = text in _SPACED and before_that not in _OPENING | _SPACED
        before = next_text in _SPACED and not is_open and text not in _SPACED
        product = (_is_operand(part) or text[0] in "∑∏") and _is_operand(following)
        pieces += [" "] if text == "," or is_infix or before or product else []
        pieces.append(next_text)
        before_that = text
    return "".join(pieces)


def _is_operand(element: Element) -> bool:
    """Whether it is a name, or something like one, that would run together with the next."""
    if element.tag in _SCRIPTED | {"mrow"} and len(element):
        return _is_operand(element[0])
    return element.tag in _WORDS


def _text(element: Element) -> str:
    """An element and all in it."""
    children = list(element)
    match element.tag:
        case "mspace":
            return " "
        case "mi" | "mn" | "mo" | "mtext":
            return (element.text or "").replace("\N{NO-BREAK SPACE}", " ")
        case "mfrac":
            return "/".join(_held(_text(child)) for child in children)
        case "msqrt":
            inner = _row(element)
            return f"√{inner}" if len(inner) == 1 else f"√({inner.removeprefix('(').removesuffix(')')})"
        case "mover" if _text(children[1]) in _ACCENTS:
            return _text(children[0]) + _ACCENTS[_text(children[1])]
        case tag if tag in _SCRIPTED:
            return _scripted(tag, [_text(child) for child in children])
        case "mtable":
            return "; ".join(_text(child) for child in children)
        case "mtr":
            return ", ".join(_text(child) for child in children)
    return _row(element)


def _scripted(tag: str, texts: list[str]) -> str:
    base, first, *more = texts
    if more:
        return base + _lowered(first) + _raised(more[0])
    return base + (_raised(first) if tag in ("msup", "mover") else _lowered(first))


def _raised(text: str) -> str:
    above = text.replace(" ", "").translate(_ABOVE)
    return above if text and not set(above) & set(text.replace(" ", "")) else f"^{_held(text)}"


def _lowered(text: str) -> str:
    below = text.replace(" ", "").translate(_BELOW)
    return below if text and not set(below) & set(text.replace(" ", "")) else f"_{_held(text)}"


def _held(text: str) -> str:
    """In brackets, unless it is one name or number."""
    return text if re.fullmatch(r"[\w.∂]+[⁰¹²³⁴-⁹₀-₉ₐ-ₜᵀ]*", text) else f"({text})"
