"""The templates: loaded once from the package, everything escaped in HTML, an unknown name is an error."""

from __future__ import annotations

import textwrap
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from monitor.core.redline import Passage
from monitor.core.render import marks, words

PLAIN_WIDTH = 78


def render(name: str, values: dict[str, object]) -> str:
    """The text of a template; HTML where its name says so."""
    return _environment().get_template(name).render(values)


@cache  # compiling the templates costs tens of milliseconds
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.core.render", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        clean=words.clean,
        line=words.one_line,
        count=words.count,
        counts=words.counts_of,
        capital=words.capital,
        moment=words.moment,
        plain=plain,
        legible=marks.legible,
        happened=marks.happened,
        folded=marks.folded,
        moved=marks.moved,
        linkable=linkable,
        broken=broken,
    )
    return environment


def linkable(url: str) -> bool:
    """Whether an address may stand in a link: nothing but http and https."""
    return url.lower().startswith(("https://", "http://"))


def broken(text: str) -> Markup:
    """The text with its line breaks as elements, so that paragraphs stand apart; everything else escaped."""
    return Markup('<span class="nl">\n</span>').join(words.clean(text).split("\n"))


def plain(passage: Passage) -> str:
    """The redline of one provision in plain text, wrapped and indented."""
    shown = "".join(map(marks.plain, marks.legible(passage.runs)))
    return "\n".join(_wrap(line) for line in shown.splitlines() if line.strip())


def _wrap(line: str) -> str:
    return textwrap.fill(
        line.strip(),
        PLAIN_WIDTH,
        initial_indent="   ",
        subsequent_indent="   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
