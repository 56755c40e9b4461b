"""A change as a page, as Markdown and as a patch: nothing of a text is lost, and nothing of it can act."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import example, given, settings, strategies as st
from lxml import etree, html
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pages import SENTENCES
from readings import reading_of
from telling import NEW, OLD, document, telling
from test_cli import monitor
from typer.testing import CliRunner

from monitor.cli.output import SafeConsole
from monitor.cli.redlining import show_redline
from monitor.cli.root import app
from monitor.core.model import Comparison, Difference, Op, ProvisionChange, Reading, Segment, SegmentKind
from monitor.core.redline import redline
from monitor.core.render import email
from monitor.core.render.facts import Letterhead
from monitor.core.render.markdown import escaped, markdown
from monitor.core.render.page import Layout, page
from monitor.core.render.sheet import Sheet, of_versions
from monitor.core.render.template import plain, render
from monitor.core.render.unified import unified

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(1)"> & </del></style> [a](http://x.example) ![b](c) **d** ~~e~~'
    " `f` www.x.example a@x.example @everyone #12 &copy; <https://x.example> {{ 7*7 }} $x$ \\ ||g||"
)
MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])


def sheet_of(old: str = OLD, new: str = NEW, **named: str) -> Sheet:
    """The sheet of two texts in the notation of tests/readings.py."""
    exhibit = telling(old, new, **named).exhibit
    assert exhibit is not None
    return of_versions(document(), exhibit, exhibit.evidence)


def moving() -> tuple[Comparison, Reading, Reading]:
    """Two texts in which a sentence moves from one provision to another."""
    old = reading_of("# Terms\n## 1. Fees\nYou pay. We audit yearly.\n## 2. Security\nWe encrypt.")
    new = reading_of("# Terms\n## 1. Fees\nYou pay.\n## 2. Security\nWe encrypt. We audit yearly.")
    out, came = old.text.index(" We audit"), new.text.index(" We audit")
    end = new.text.index("\n2. Security")
    changes = (
        ProvisionChange(Op.MODIFIED, "1 Fees", 1, 1, segments=(
            Segment(SegmentKind.EQUAL, 6, out, 6, end),
            Segment(SegmentKind.MOVED_OUT, out, out + 17, end, end, elsewhere=2),
            Segment(SegmentKind.EQUAL, out + 17, out + 18, end, end + 1),
        )),
        ProvisionChange(Op.MODIFIED, "2 Security", 2, 2, segments=(
            Segment(SegmentKind.EQUAL, out + 18, len(old.text), end + 1, came),
            Segment(SegmentKind.MOVED_IN, len(old.text), len(old.text), came, len(new.text), elsewhere=1),
        )),
    )  # fmt: skip
    return Comparison(Difference.CHANGE, changes, ((0, 0), (1, 1), (2, 2))), old, new


def moved_sheet() -> Sheet:
    comparison, old, new = moving()
    sheet = sheet_of()
    sides = (replace(sheet.old, reading=old), replace(sheet.new, reading=new))
    return replace(sheet, comparison=comparison, old=sides[0], new=sides[1])


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────

_MINE = {"ins", "del"}


def texts_of(written: str) -> tuple[str, str]:
    """The old and the new text as a page has them, from its headings and provisions, without white space."""
    old, new = [], []
    tree = html.fromstring(written)
    for element in tree.xpath("//section[contains(@class, 'provision')]"):
        for piece in element.xpath(".//*[@class='own'] | .//*[@class='text']"):
            columns = [side for side in piece.iterancestors() if side.get("class") == "side"]
            column = columns[0].getparent().index(columns[0]) if columns else None
            for text, marks in _pieces(piece, frozenset()):
                if column != 1 and not marks & {"ins", "moved in", "moved in stays"}:
                    old.append(text)
                if column != 0 and not marks & {"del", "moved out", "moved out stays"}:
                    new.append(text)
    return ("".join("".join(side).split()) for side in (old, new))  # type: ignore[return-value]


def _pieces(element: etree._Element, marks: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The words of an element in order, each with the marks it stands in; without what only tells of them."""
    if element.tag == "summary" or element.get("class") in ("heard", "where"):
        return
    mine = marks | {element.tag if element.tag in _MINE else element.get("class") or ""}
    yield element.text or "", mine
    for child in element:
        yield from _pieces(child, mine)
        yield child.tail or "", mine


def squeezed(text: str) -> str:
    return "".join(text.split())


BODIES = st.lists(
    st.lists(
        st.sampled_from(["you", "we", "may", "not", "pay", "30", "14", "days.", "€5,", "law;", "<b>", "&amp;", "甲方"]),
        min_size=1,
        max_size=25,
    ).map(" ".join),
    min_size=1,
    max_size=7,
)
TEXTS = BODIES.map(
    lambda bodies: "# Terms\n" + "\n".join(f"## {n}. Part{n}\n{body}" for n, body in enumerate(bodies, 1))
)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(Layout), st.booleans())
@example(OLD, NEW, Layout.INLINE, False)
@example(OLD, NEW, Layout.SIDE_BY_SIDE, False)
def test_a_page_has_both_texts_whole_with_folds_and_without(old: str, new: str, layout: Layout, unfolded: bool) -> None:
    sheet = sheet_of(old, new)
    was, now = texts_of(page(sheet, layout, unfolded=unfolded))
    assert now == squeezed(sheet.new.reading.text)
    if any(Op.MOVED in (change.op, *change.also) for change in sheet.comparison.changes):
        assert sorted(was) == sorted(squeezed(sheet.old.reading.text))  # what moved stands where it is now
    else:
        assert was == squeezed(sheet.old.reading.text)


@pytest.mark.parametrize("layout", Layout)
def test_a_page_asks_for_nothing_and_runs_nothing_whatever_it_shows(layout: Layout) -> None:
    sheet = sheet_of(OLD, NEW.replace("14 days", f"14 days {HOSTILE}").replace("Retention", HOSTILE), headline=HOSTILE)
    section = replace(sheet.section, platform=HOSTILE, document=HOSTILE, warnings=(HOSTILE,))
    written = page(replace(sheet, section=section), layout)
    tree = html.fromstring(written)
    assert tree.xpath("//script | //img | //link | //iframe | //@*[starts-with(name(), 'on')] | //@style") == []
    sources = {source.url for source in document().sources}
    assert {target for target in tree.xpath("//@href | //@src") if not target.startswith("#")} <= sources
    assert HOSTILE[:150] in tree.findtext(".//title")
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    style = re.search("<style>(.*?)</style>", written, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    assert not re.search(r"url\(|@import", style[1])


def test_a_page_can_be_heard_and_walked_through() -> None:
    tree = html.fromstring(page(sheet_of()))
    assert [node.tag for node in tree.body if node.tag not in ("a",)] == ["header", "nav", "main", "footer"]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in tree.xpath("//a/@href") if target.startswith("#")} <= set(ids)
    jumps = tree.xpath("//section[@id]/@id")
    assert tree.xpath("//nav//li/a/@href") == [f"#{jump}" for jump in jumps]
    walked, at = [], "change-1"
    while at:
        walked.append(at)
        onward = tree.xpath(f"//section[@id='{at}']//p[@class='jump']/a[span='next change']/@href")
        at = onward[0][1:] if onward else ""
    assert walked == jumps
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1 | //h2 | //h3")]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for element in tree.xpath("//main//section//ins | //main//section//del"):
        heard = element.xpath("./span[@class='heard']")
        assert [span.text.strip() for span in heard] == ["inserted:" if element.tag == "ins" else "deleted:", "end"]
        assert {span.get("lang") for span in heard} == {"en"}
    assert all(text.get("dir") == "auto" for text in tree.xpath("//div[@class='text']"))


def test_a_page_names_its_evidence_and_the_command_that_makes_it_again() -> None:
    sheet = sheet_of()
    said = squeezed(html.fromstring(page(sheet, Layout.SIDE_BY_SIDE)).text_content())
    for words in (
        "Nordhost Connector Terms Payment is due in 14 days instead of 30",
        "High severity 4 provisions changed, 2 added, 2 removed, 1 renumbered",
        "Silent edit",
        "Versions 3 → 4",
        "monitor diff nordhost/connector-terms --from 3 --to 4 --format side-by-side",
        f"SHA-256 {sheet.new.evidence[0].body_hash}",
        f"SHA-256 {hashlib.sha256(sheet.old.reading.text.encode()).hexdigest()}",
        "Version 3 seen 6 April 2026, 06:00 UTC",
        "Not in this text",
    ):
        assert squeezed(words) in said


def test_what_is_small_is_still_told_from_its_ground() -> None:
    for scheme in re.findall(r":root \{(.*?)\}", render("page.css.j2", {}), re.DOTALL):
        colours = dict(re.findall(r"--([a-z-]+): (#\w+)", scheme))
        grounds = [(name, f"{name}-ground") for name in ("del", "ins", "moved", "high", "medium", "low", "warn")]
        grounds += [(name, ground) for name in ("ink", "soft", "link") for ground in ("card", "ground", "tint")]
        grounds += [("moved", "moved-ground")]
        for ink, ground in grounds:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    signs = "".join(sign * 2 for sign in colour[1:]) if len(colour) == 4 else colour[1:]
    parts = [int(signs[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# ── Text that moved ──────────────────────────────────────────────────────────────────────────────────────────────


def test_text_that_moved_says_where_to_and_where_from_and_is_neither_red_nor_green() -> None:
    sheet = moved_sheet()
    tree = html.fromstring(page(sheet))
    out, came = tree.xpath("//section//span[starts-with(@class, 'moved')]")
    assert squeezed(out.text_content()) == squeezed("moved to 2 Security: We audit yearly. end of what moved")
    assert squeezed(came.text_content()) == squeezed("moved from 1 Fees: We audit yearly. end of what moved")
    assert (out.xpath("./a/@href"), came.xpath("./a/@href")) == (["#change-2"], ["#change-1"])
    assert tree.xpath("//section//ins | //section//del") == []
    assert r"You pay. *\[moved to 2 Security: We audit yearly.\]*" in markdown(sheet)
    line = redline(sheet.comparison, sheet.old.reading, sheet.new.reading)
    assert [plain(passage).split() for passage in line.passages] == [
        ["You", "pay.", "[moved", "to", "2", "Security:", "We", "audit", "yearly.]"],
        ["We", "encrypt.", "[moved", "from", "1", "Fees:", "We", "audit", "yearly.]"],
    ]
    written = StringIO()
    out = SafeConsole(file=written, width=80)
    show_redline(out, line)
    assert "1 Fees  modified\n" in written.getvalue()  # nothing is counted: +0 −0 words would say as much
    one = telling()
    assert one.exhibit is not None
    change = replace(one.exhibit.change, comparison=sheet.comparison)
    exhibit = replace(one.exhibit, change=change, old=sheet.old.reading, new=sheet.new.reading)
    mail = email.alert((replace(one, exhibit=exhibit),), "UTC", Letterhead("a@x.example", ""))
    shown = html.fromstring(mail.html).xpath("//span[starts-with(@class, 'moved')]")
    assert squeezed(shown[0].text_content()) == squeezed("moved to 2 Security: We audit yearly.")
    assert "[moved from 1 Fees: " in mail.text


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("9\u200b0 days", "[-90-]{+9⟨U+200B⟩0+} days"),
        ("\ufeff90 days", "{+⟨U+FEFF⟩+}90 days"),
        ("9\u200b1 days", "[-90-]{+9\u200b1+} days"),
    ],
)
def test_what_differs_only_in_signs_that_can_not_be_seen_shows_them(came: str, shown: str) -> None:
    sheet = sheet_of("# Terms\n## 1. Fees\nPay in 90 days.", f"# Terms\n## 1. Fees\nPay in {came}.")
    (passage,) = redline(sheet.comparison, sheet.old.reading, sheet.new.reading).passages
    assert plain(passage).strip() == f"Pay in {shown}."
    for form in (markdown(sheet), page(sheet), page(sheet, Layout.SIDE_BY_SIDE)):
        assert re.findall("⟨.*?⟩", form) == re.findall("⟨.*?⟩", shown)


def test_a_provision_that_moved_says_where_it_stood() -> None:
    fees, law = "## Fees\nYou pay what the order form says.\n", "## Law\nNorway it is, for all of this.\n"
    old, new = f"# Terms\n{fees}{law}## Age\nYou are 18.", f"# Terms\n{law}## Age\nYou are 18.\n{fees}"
    assert "moved from after Terms" in html.fromstring(page(sheet_of(old, new))).text_content()


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────────────────────

SIGNS = st.text(st.sampled_from("ab1 \\`*_[]()<>~&;#!|@:/.w-+=>$\"'{}\t。甲é"), max_size=40)
ALLOWED = {"inline", "paragraph_open", "paragraph_close", "text", "text_special", "softbreak"}


def tokens(written: str) -> Iterator[Token]:
    for token in MARKDOWN.parse(written):
        yield token
        yield from token.children or ()


@settings(max_examples=500, deadline=None)
@given(SIGNS)
@example(HOSTILE)
def test_text_stays_text_in_markdown_wherever_it_stands(text: str) -> None:
    found = list(tokens(f"a {escaped(text)} b"))
    assert {token.type for token in found} <= ALLOWED
    shown = "".join(token.content for token in found if token.type in ("text", "text_special"))
    assert shown.replace("\u2060", "") == f"a {text.replace(chr(9), ' ')} b".replace("  \n", "\n") or not text.strip()
    assert not re.search(r"(?<!\\):(?=//)|www\.|@(?!\u2060)|#(?=\d)", escaped(text), re.IGNORECASE)


LINES = st.lists(SIGNS.filter(str.strip), min_size=1, max_size=4).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(LINES, LINES)
@example(f"You pay. {HOSTILE}", f"You pay {HOSTILE} now.")
@example("甲方应当付款。", "甲方，不得付款")
def test_a_change_in_markdown_reads_as_both_texts_do(old: str, new: str) -> None:
    sheet = sheet_of(f"# Terms\n## 1. Fees\nBegin {old}", f"# Terms\n## 1. Fees\nBegin {new}")
    body = markdown(sheet, unfolded=True).split("\n---\n")[0]
    found = list(tokens(body))
    assert {token.type for token in found} <= ALLOWED | {
        "heading_open", "heading_close", "strong_open", "strong_close", "em_open", "em_close", "s_open", "s_close",
        "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "code_inline", "blockquote_open",
        "blockquote_close", "link_open", "link_close",
    }  # fmt: skip
    sources = {source.url for source in document().sources}
    assert {token.attrs["href"] for token in found if token.type == "link_open"} == sources
    went, came = marked(sheet)
    assert squeezed("".join(_within(found, "s_open", "s_close"))) == went
    assert squeezed("".join(_within(found, "strong_open", "strong_close"))) == "Highseverity." + came


def marked(sheet: Sheet) -> tuple[str, str]:
    """All words that went and all that came, in the order in which they are shown."""
    line = redline(sheet.comparison, sheet.old.reading, sheet.new.reading)
    runs = [run for passage in line.passages for run in passage.runs]
    return tuple(squeezed("".join(run.text for run in runs if run.mark == mark)) for mark in ("deleted", "inserted"))  # type: ignore[return-value]


def _within(found: list[Token], opening: str, closing: str) -> Iterator[str]:
    depth = 0
    for token in found:
        depth += (token.type == opening) - (token.type == closing)
        if depth and token.type in ("text", "text_special"):
            yield token.content.replace("\u2060", "")


# ── Patches ──────────────────────────────────────────────────────────────────────────────────────────────────────


def written_of(lines: list[str], end: str) -> Reading:
    text = "\n".join(lines) + end
    return replace(reading_of("# T"), text=text, provisions=(replace(reading_of("# T").provisions[0], end=len(text)),))


AWKWARD = ["a", "b", "", "-- c", "++ d", "@@ -1 +1 @@", " e", "\\ f", "a\r", "甲", "\u2028"]
LINED = st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=20)


@settings(max_examples=25, deadline=None)
@given(LINED, LINED, st.sampled_from(["", "\n"]), st.sampled_from(["", "\n"]), st.booleans())
@example(["a"], ["b"], "", "\n", False)
def test_a_patch_is_taken_forwards_and_backwards(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], new: list[str], end: str, new_end: str, unfolded: bool
) -> None:
    before, after = written_of(old, end), written_of(new, new_end)
    sheet = sheet_of()
    sheet = replace(sheet, old=replace(sheet.old, reading=before), new=replace(sheet.new, reading=after))
    patch = unified(sheet, unfolded=unfolded)
    if before.text == after.text:
        assert patch == ""
        return
    if before.text and after.text:
        assert both_ways(tmp_path_factory.mktemp("patch"), patch, before.text, after.text)


def both_ways(folder: Path, patch: str, old: str, new: str) -> bool:
    """Whether git and patch(1) make the one text of the other with this patch."""
    file = folder / "nordhost-connector-terms.txt"
    for command in (["git", "apply", "--whitespace=nowarn", "-"], ["patch", "-p1", "-s", "--binary"]):
        for options, text, expected in ((["-R"], new, old), ([], old, new)):
            file.write_bytes(text.encode())
            said = subprocess.run([*command, *options], cwd=folder, input=patch.encode(), capture_output=True)
            assert (said.returncode, file.read_bytes().decode()) == (0, expected), (
                command,
                options,
                said.stderr,
                patch,
            )
    return True


def test_a_hunk_is_headed_by_the_provision_it_is_about(tmp_path: Path) -> None:
    sheet = sheet_of()
    patch = unified(sheet)
    assert both_ways(tmp_path, patch, sheet.old.reading.text, sheet.new.reading.text)
    assert re.findall(r"^@@ .* @@ (.*)$", patch, re.MULTILINE)[0] == "1 Fees"
    assert patch.startswith("# Nordhost · Connector Terms: Payment is due in 14 days")
    assert hashlib.sha256(sheet.new.reading.text.encode()).hexdigest() in patch
    whole = unified(sheet, unfolded=True)
    assert len(re.findall("^@@", whole, re.MULTILINE)) == 1
    assert [line[1:] for line in whole.splitlines()[7:] if line[0] in " +"] == sheet.new.reading.text.split("\n")


# ── The command line ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Two files of terms that can speak to a terminal."""
    fees = "<h2>1. Fees</h2><p>You shall pay the fees within 30 days of the invoice, without any deduction.</p>"
    law = f"<h2>2. Law</h2><p>{' '.join(SENTENCES)}</p>"
    named = (tmp_path / "old.html", tmp_path / "new.html")
    for path, fee in zip(named, (fees, fees.replace("30", "14 \u202e\x1b[31m")), strict=True):
        path.write_text(f"<h1>Terms of Service</h1>{fee}{law}", encoding="utf-8")
    return str(named[0]), str(named[1])


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("terminal", "[-30-]{+14"),
        ("html", "<!DOCTYPE html>"),
        ("side-by-side", "<!DOCTYPE html>"),
        ("markdown", "~~30~~**14"),
        ("unified", "--- a/new.txt"),
        ("json", '"terms-monitor/change"'),
    ],
)
def test_each_format_goes_to_standard_output_or_to_a_file(
    files: tuple[str, str], tmp_path: Path, form: str, said: str
) -> None:
    printed = monitor("compare", *files, "--format", form)
    assert printed.exit_code == 0
    assert said in printed.stdout
    written = monitor("compare", *files, "--format", form, "--whole", "--output", str(tmp_path / "out"))
    assert (written.exit_code, written.stdout) == (0, "")
    assert f"Wrote {tmp_path / 'out'}." in written.stderr.replace("\n", "")
    assert said in (tmp_path / "out").read_text()


def test_no_text_can_speak_to_a_terminal_and_no_color_is_obeyed(files: tuple[str, str]) -> None:
    coloured = _coloured("compare", *files)
    assert "\x1b[" in coloured
    assert "⟨U+202E⟩" in coloured
    assert "\u202e" not in coloured
    plain_ = _coloured("compare", *files, NO_COLOR="1")
    assert "[-30-]{+14" in plain_
    assert not re.search(r"\x1b\[[0-9;]*3\d|\x1b\[9", plain_)


def _coloured(*arguments: str, **environment: str) -> str:
    forced = {"FORCE_COLOR": "1", "TERM": "xterm-256color", **environment}
    result: Result = CliRunner().invoke(app, arguments, env=forced, color=True, catch_exceptions=False)
    return result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "docx"], "'docx' is not one of"),
        (["--format", "html", "--json"], "--json and --format html ask for two formats"),
        (["--format", "html", "--output", "{folder}"], "can't be written: is a directory"),
        (["--format", "html", "--output", "{folder}/none/page.html"], "can't be written: no such file"),
    ],
)
def test_what_can_not_be_shown_is_one_sentence(
    files: tuple[str, str], tmp_path: Path, arguments: list[str], said: str
) -> None:
    result = monitor("compare", *files, *(one.format(folder=tmp_path) for one in arguments))
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
