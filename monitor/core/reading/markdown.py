"""Markdown to the HTML that it means, which is then read like any page."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TYPES = ("text/markdown", "text/x-markdown")
_PLAIN_TYPES = ("", "text/plain", "application/octet-stream")
_SUFFIX = re.compile(r"\.(?:md|markdown|mdx)(?:[?#]|$)", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}[ \t]+\S", re.MULTILINE)
_HEADINGS_MIN = 2
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n.{0,5000}?\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_ANCHOR = re.compile(r"[ \t]*\{[#.:][\w .:#-]{1,100}\}[ \t]*$", re.MULTILINE)


def is_markdown(text: str, content_type: str | None, url: str) -> bool:
    """Whether a text is Markdown: its type says so, or its address, or it has headings as only Markdown has them."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in _TYPES:
        return True
    return kind in _PLAIN_TYPES and (
        _SUFFIX.search(url) is not None or len(_HEADING.findall(text, 0, 200_000)) >= _HEADINGS_MIN
    )


def as_html(text: str) -> str:
    """The HTML of a Markdown text (CommonMark with tables), without its front matter and the anchors of headings."""
    return str(_parser().render(_ANCHOR.sub("", _FRONT_MATTER.sub("", text))))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # where it is first needed: most commands read no Markdown

    # What is indented is seldom code in an agreement: it is a paragraph under its number.
    return MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")
