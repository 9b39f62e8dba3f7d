"""What authors write for students: Markdown (CommonMark without HTML) with `$…$` and `$$…$$` for mathematics.

Tasks and hints are whole texts. What is said of an attempt is a sentence, in which students' words may stand: there
only `code` and mathematics mean anything. One parser reads each, for pages and for terminals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING

from torchgrade.writers.escape import plain
from torchgrade.writers.mathematics import linear, mathml

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

LONGEST = 20_000
LONGEST_SENTENCE = 4_000


@lru_cache(maxsize=1024)
def page(markdown: str) -> str:
    """A text as HTML: headings are bold paragraphs, so that those of the page stay in order; images are their texts."""
    return str(_markdown().render(_cut(markdown, LONGEST)))


def page_sentence(text: str) -> str:
    """A sentence as HTML."""
    return _page_sentence(_cut(text, LONGEST_SENTENCE))


@lru_cache(maxsize=4096)
def _page_sentence(text: str) -> str:
    return str(_sentences().renderInline(text))


@lru_cache(maxsize=1024)
def terminal(markdown: str) -> str:
    """A text for a terminal."""
    from markdown_it.tree import SyntaxTreeNode

    tree = SyntaxTreeNode(_markdown().parse(_cut(markdown, LONGEST)))
    return "\n\n".join("\n".join(_lines(block)) for block in tree.children)


def terminal_sentence(text: str) -> str:
    """A sentence for a terminal; one without mathematics stays as it is."""
    if text.count("$") < 2:
        return text
    (token,) = _sentences().parseInline(_cut(text, LONGEST_SENTENCE))
    return "".join(_piece(child) for child in token.children or ())


def _cut(text: str, most: int) -> str:
    bare = plain(text[: most + 1])
    return bare if len(bare) <= most else f"{bare[: most - 1]}…"


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False})
    for name in ("heading_open", "heading_close"):
        opens = name.endswith("open")
        parser.add_render_rule(name, lambda *_, opens=opens: "<p><strong>" if opens else "</strong></p>\n")
    parser.add_render_rule("image", lambda _, tokens, place, *__: escape(tokens[place].content))
    return _with_mathematics(parser)


@cache
def _sentences() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return _with_mathematics(MarkdownIt("zero").enable("backticks"))


def _with_mathematics(parser: MarkdownIt) -> MarkdownIt:
    parser.inline.ruler.before("backticks", "math", _mathematics)
    parser.add_render_rule("math", lambda _, tokens, place, *__: _formula(tokens[place]))
    return parser


def _formula(token: Token) -> str:
    return mathml(token.content, is_block=token.markup == "$$")


def _mathematics(state: StateInline, silent: bool) -> bool:
    """`$x$` and `$$x$$`; as in Pandoc, no space follows the first or precedes the last, and no digit follows it."""
    text, start = state.src, state.pos
    if text[start] != "$":
        return False
    markup = "$$" if text.startswith("$$", start) else "$"
    begin = start + len(markup)
    end = _closing(text, begin, state.posMax, markup)
    content = text[begin:end].strip() if markup == "$$" else text[begin:end]
    after = text[end + len(markup) : end + len(markup) + 1]
    if end < 0 or not content or content != content.strip() or (markup == "$" and after.isdecimal()):
        return False
    if not silent:
        token = state.push("math", "math", 0)
        token.content, token.markup = content, markup
    state.pos = end + len(markup)
    return True


def _closing(text: str, begin: int, most: int, markup: str) -> int:
    """Where the next `markup` stands that has no backslash before it; -1 if there is none."""
    end = text.find(markup, begin, most)
    while end > 0 and text[end - 1] == "\\":
        end = text.find(markup, end + 1, most)
    return end


def _lines(block: SyntaxTreeNode) -> Iterator[str]:
    """A block of a text, line by line."""
    match block.type:
        case "paragraph" | "heading":
            yield from _flat(block.children[0].children).split("\n")
        case "fence" | "code_block":
            yield from (f"    {line}" for line in block.content.rstrip("\n").split("\n"))
        case "bullet_list" | "ordered_list":
            for number, item in enumerate(block.children, int(block.attrs.get("start", 1))):
                first = "- " if block.type == "bullet_list" else f"{number}. "
                inner = [line for child in item.children for line in _lines(child)]
                yield from (f"{' ' * len(first) if place else first}{line}" for place, line in enumerate(inner))
        case "blockquote":
            yield from (f"> {line}" for child in block.children for line in _lines(child))
        case "hr":
            yield "---"


def _flat(nodes: Sequence[SyntaxTreeNode]) -> str:
    pieces = []
    for node in nodes:
        if node.type in ("strong", "em", "link"):
            inner = _flat(node.children)
            address = str(node.attrs.get("href", ""))
            pieces.append(inner if address in ("", inner) else f"{inner} ({address})")
        else:
            pieces.append("\n" if node.type in ("softbreak", "hardbreak") else _piece(node))
    return "".join(pieces)


def _piece(token: Token | SyntaxTreeNode) -> str:
    if token.type == "math":
        return linear(token.content)
    return f"`{token.content}`" if token.type == "code_inline" else token.content
