"""The templates: loaded once from the package, everything escaped in HTML, an unknown name is an error."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.core.redline import Mark, Passage, Run
from monitor.core.render import words

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
        capital=words.capital,
        moment=words.moment,
        plain=plain,
        trimmed=trimmed,
        linkable=linkable,
    )
    return environment


def linkable(url: str) -> bool:
    """Whether an address may stand in a link: nothing but http and https."""
    return url.lower().startswith(("https://", "http://"))


def trimmed(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs without white space at the very beginning and end, where it would show as an empty line."""
    kept = list(runs)
    if kept and not kept[0].hidden:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
    if kept and not kept[-1].hidden:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return iter(kept)


def plain(passage: Passage) -> str:
    """The redline of one provision in plain text, wrapped and indented."""
    shown = "".join(_plain_run(run) for run in trimmed(passage.runs))
    return "\n".join(_wrap(line) for line in shown.splitlines() if line.strip())


def _plain_run(run: Run) -> str:
    if run.hidden:
        what = "unchanged words" if run.mark is Mark.EQUAL else f"more words {run.mark.value}"
        return f" [… {run.hidden} {what} …] "
    text = words.clean(run.text)
    if run.mark is Mark.DELETED:
        return f"[-{text}-]"
    return f"{{+{text}+}}" if run.mark is Mark.INSERTED else text


def _wrap(line: str) -> str:
    return textwrap.fill(
        line.strip(),
        PLAIN_WIDTH,
        initial_indent="   ",
        subsequent_indent="   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
