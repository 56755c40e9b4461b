"""Pages in ten languages, in three layouts: what is read, what is left out, and what a change of them is told as."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

import pytest

from monitor.core.assess import assess
from monitor.core.assessing.vocabulary import TOPICS, Topic
from monitor.core.compare import compare
from monitor.core.model import Difference, Reading, SuspectKind, Unreadable
from monitor.core.sameness import difference
from tests.pages import look, reading

HERE = Path(__file__).parent / "languages"
SEEN = datetime(2026, 3, 16, tzinfo=UTC)
CODES = sorted(path.stem for path in HERE.glob("*.toml"))
LAYOUTS = ("site", "help", "plain")
PAGES = [(code, path.stem) for code in CODES for path in sorted((HERE / code).glob("*.html"))]


@cache
def told(code: str) -> dict[str, Any]:
    """What is known of the pages in a language: the words of their furniture, and what is to be found."""
    return tomllib.loads((HERE / f"{code}.toml").read_text(encoding="utf-8"))


@cache
def body_of(code: str, page: str) -> str:
    return (HERE / code / f"{page}.html").read_text(encoding="utf-8")


def page_of(code: str, body: str, layout: str) -> str:
    """A page that has this agreement among the furniture of such sites."""
    headings = re.findall(r"<h[23]>(.*?)</h[23]>", body)
    return Template((HERE / f"{layout}.html").read_text(encoding="utf-8")).substitute(
        told(code)["words"],
        code=code,
        title=re.findall("<h1>(.*?)</h1>", body)[0],
        toc="".join(f'<li><a href="#s{at}">{heading}</a></li>' for at, heading in enumerate(headings)),
        body=body,
    )


def lines_of(body: str) -> list[str]:
    """The lines of an agreement; in its file each stands on a line of its own."""
    lines = (re.sub(r"</t[hd]><t[hd]>", " | ", line) for line in body.split("\n"))
    return [text for line in lines if (text := re.sub("<.*?>", "", line).strip())]


def read_in(code: str, body: str, layout: str = "site") -> Reading:
    return reading(page_of(code, body, layout))


def edited(code: str, edit: dict[str, Any]) -> tuple[Reading, Reading]:
    """The readings of a page before and after an edit."""
    body = body_of(code, edit["page"])
    assert edit["before"] in body
    return read_in(code, body), read_in(code, body.replace(edit["before"], edit["after"]))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("code", "page"), PAGES)
def test_every_line_of_an_agreement_is_read_and_nothing_else_of_its_page(code: str, page: str, layout: str) -> None:
    body = body_of(code, page)
    assert read_in(code, body, layout).text.split("\n") == lines_of(body)


@pytest.mark.parametrize("code", CODES)
def test_short_lines_of_the_page_are_left_out_and_short_clauses_that_begin_alike_are_read(code: str) -> None:
    body, around = body_of(code, "terms"), told(code)["furniture"]
    lines = "".join(f"<p>{line}</p>" for line in (*around, *told(code)["clauses"]))
    read = read_in(code, body + lines, "plain").text.split("\n")
    assert read[len(lines_of(body)) :] == told(code)["clauses"]


@pytest.mark.parametrize(("code", "page"), PAGES)
def test_the_language_the_dates_and_the_provisions_of_a_page_are_found(code: str, page: str) -> None:
    found, expected = read_in(code, body_of(code, page)), told(code)[page]
    assert found.language == code
    assert (found.dates.updated, found.dates.effective) == (expected.get("updated"), expected.get("effective"))
    provisions = [[one.label, one.title] for one in found.provisions]
    assert [one for one in expected["provisions"] if one not in provisions] == [], provisions


@pytest.mark.parametrize(
    ("code", "edit"),
    [pytest.param(code, edit, id=f"{code}-{edit['after']}") for code in CODES for edit in told(code)["edits"]],
)
def test_a_change_of_one_clause_is_told_as_that_provision_with_its_signals(code: str, edit: dict[str, Any]) -> None:
    old, new = edited(code, edit)
    comparison = compare(old, new)
    assert comparison.difference is Difference.CHANGE
    changed = [new.provisions[change.new] for change in comparison.changes if change.new is not None]
    assert [one.label or one.title for one in changed] == [edit["provision"]]
    assert len(changed) == len(comparison.changes)
    found = assess(old, new, comparison, seen_from=SEEN)
    assert sorted(found.signals) == sorted(edit["signals"])
    assert found.severity.value == edit.get("severity", found.severity.value)
    if "gone" in edit:
        pieces = [one for one in comparison.changes[0].segments if one.kind.value != "equal"]
        assert [old.text[one.old_start : one.old_end] for one in pieces if one.kind.value == "deleted"] == edit["gone"]
        assert [new.text[one.new_start : one.new_end] for one in pieces if one.kind.value == "inserted"] == edit["came"]


@pytest.mark.parametrize(
    ("code", "same"),
    [pytest.param(code, same, id=f"{code}-{same['after']}") for code in CODES for same in told(code)["same"]],
)
def test_a_new_date_or_other_signs_alone_are_no_change(code: str, same: dict[str, Any]) -> None:
    old, new = edited(code, same)
    assert difference(old, new).value == same["difference"]


@pytest.mark.parametrize(("code", "kind"), [(code, kind) for code in CODES for kind in told(code)["bad"]])
def test_what_a_page_says_instead_of_the_terms_is_told_by_kind(code: str, kind: str) -> None:
    first, *rest = filter(None, re.split(r"(?<=[.?!…])\s+|(?<=[。？！])", told(code)["bad"][kind]))
    said = f"<h1>{first}</h1>" + "".join(f"<p>{sentence}</p>" for sentence in rest)
    pages = [f"<html><head><title>{told(code)['words']['nav2']}</title></head><body>{said}</body></html>"]
    if kind not in ("consent", "app_shell"):  # these leave nothing of a page
        pages.extend(page_of(code, said, layout) for layout in LAYOUTS)
    found = [look(page) for page in pages]
    expected = {"soft_404": "error_page", "maintenance": "error_page"}.get(kind, kind)
    assert [one.kind.value for one in found if isinstance(one, Unreadable)] == [expected] * len(pages)


@pytest.mark.parametrize("code", [code for code in CODES if "wall" in told(code)])
def test_a_long_question_for_consent_is_no_privacy_policy(code: str) -> None:
    found = look(f"<html><body><div>{told(code)['wall']}</div></body></html>")
    assert isinstance(found, Unreadable)
    assert found.kind is SuspectKind.CONSENT


@pytest.mark.parametrize(
    ("code", "topic"), [(code, topic) for code in CODES if "topics" in told(code) for topic in Topic]
)
def test_what_a_sentence_is_about_is_found_in_every_language(code: str, topic: Topic) -> None:
    assert TOPICS[topic].search(told(code)["topics"][topic.value])
