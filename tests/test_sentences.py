"""Where sentences end, and how many of them a change adds, removes and modifies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from monitor.core.compare import compare
from monitor.core.comparing.sentence_counts import with_sentences
from monitor.core.model import Comparison, Difference, Op, ProvisionChange, Reading, Segment, SegmentKind
from monitor.core.sentences import sentences
from tests.readings import reading_of


@pytest.mark.parametrize(
    "cut",
    [
        "We act, e.g. Monday to Friday.| You pay Halcyon AI, Inc.| We send a bill.",
        "See No. 5 and Art. 6.| The answer is No.| We go.| Annex A.| The fees.| In the U.S.| The law.",
        "It is 1.5 %.| See https://a.example/x?q=1.| Write to a.b@c.example.| Thanks!| Is it?| He said “stop.”| We do.",
        "Wir dürfen z. B. Daten am 3. Mai 2026 löschen.| Es gilt Art. 6 Abs. 1 lit. a DSGVO.| Siehe usw.| Wir enden.",
        "Nous agissons, p. ex. Lundi.| Vous aussi.",
        "Se aplica el art. 3 de la Ley.| Usted paga.",
        "1. We collect data.| 2. We share it.",
        "You must: (a) pay;| (b) leave; however late;| and (c) return.",
        "Nordhost AS ¦ Norway ¦ Hosting. ¦ Backups",
        "当社（以下「当社」といいます。）は提供します。|利用者は同意します！|次に「はい。」と言う。",
        "（一）支付费用；|（二）离开；|（三）返回。",
        "A heading\n|A bullet\n|and its end",
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(cut: str) -> None:
    wanted = [part.replace("¦", "|") for part in cut.split("|")]
    text = "".join(wanted)
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == [part.strip() for part in wanted]


def counts(old: str, new: str, heading: str = "## 1. Fees\n") -> tuple[int, int, int]:
    return counted(compare(reading_of(heading + old), reading_of(heading + new)))


def counted(told: Comparison | ProvisionChange) -> tuple[int, int, int]:
    return told.sentences_added, told.sentences_removed, told.sentences_modified


@pytest.mark.parametrize(
    ("old", "new", "added", "removed", "modified"),
    [
        ("You pay 5 EUR, and 6 EUR later. We act.", "You pay 7 EUR, and 8 EUR later. We act.", 0, 0, 1),
        ("You pay. We act.", "You pay. Nothing else matters here. We act.", 1, 0, 0),
        ("You pay. We act.", "You owe nothing more. We act. We listen as well.", 1, 0, 1),
        ("You pay. It is due soon.\nWe send it.", "Halcyon listens.\nPartners call. Others write.", 0, 0, 3),
        ("You pay us each month and we send a bill.", "You pay us each month. We send a bill.", 0, 0, 1),
        ("You pay us each month; we send a bill.", "You pay us each month. we send a bill.", 0, 0, 0),
        ("- a lamp\n- a table\n- a chair", "- a table\n- a lamp\n- a stool", 0, 0, 1),
        ("You pay.\n## 2. Data\nWe keep it.", "You pay.\n## 2. Us\nWe care. Very.\n## 3. Data\nWe keep it.", 2, 0, 0),
        ("You pay.\n## 2. Data\nWe keep it.", "You pay.\n## 2. Records\nWe keep it.", 0, 0, 0),
        ("|= A | B\n| Nordhost | Norway", "|= A | B\n| Nordhost | Norway\n| Sudhost Inc. | Ireland", 1, 0, 0),
        ("当社は提供します。利用者は同意します。", "当社は提供します。利用者は同意しません。別途定めます。", 1, 0, 1),
    ],
)  # fmt: skip
def test_sentences_are_counted_as_added_removed_or_modified(
    old: str, new: str, added: int, removed: int, modified: int
) -> None:
    assert counts(old, new) == (added, removed, modified)
    assert counts(new, old) == (removed, added, modified)


def test_a_sentence_that_moved_counts_only_where_it_was_reworded_and_once_in_sum() -> None:
    old = reading_of("## 1. Fees\nYou pay. We listen. We answer in 30 days.\n## 2. Data\nNone.")
    new = reading_of("## 1. Fees\nYou owe.\n## 2. Data\nNone. We answer in 60 days. We listen.")
    fees = marked(0, "=1. Fees\nYou |-pay|+owe|=.|< We listen. We answer in |-30|< days.|=\n")
    data = marked(
        1, "=2. Data\nNone.|> We answer in |+60|> days. We listen.", old.provisions[1].start, new.provisions[1].start
    )
    whole = with_sentences(Comparison(Difference.CHANGE, (fees, data)), old, new)
    assert [counted(one) for one in (*whole.changes, whole)] == [(0, 0, 2), (0, 0, 1), (0, 0, 2)]


def marked(ordinal: int, marks: str, old: int = 0, new: int = 0) -> ProvisionChange:
    """A change of a provision, in words that stayed (=), went (-), came (+), or moved to (<) or from (>) the other."""
    kinds = dict(zip("=-+<>", SegmentKind, strict=True))
    segments = []
    for mark in marks.split("|"):
        kind, length = kinds[mark[0]], len(mark) - 1
        ends = (old + length * (mark[0] not in "+>"), new + length * (mark[0] not in "-<"))
        segments.append(Segment(kind, old, ends[0], new, ends[1], 1 - ordinal if mark[0] in "<>" else None))
        old, new = ends
    return ProvisionChange(Op.MODIFIED, "", ordinal, ordinal, segments=tuple(segments), words_added=1, words_removed=1)


SENTENCES = st.sampled_from(
    [
        "You pay 5 EUR.",
        "You pay 6 EUR!",
        "We act, e.g. so.",
        "It ends",
        "规定。用户。",
        "(a) yes; (b) no",
        "and",
        "Terms. ",
    ]
)
BODIES = st.lists(st.tuples(SENTENCES, st.sampled_from([" ", "\n", "\n- ", "\n## 2. Data\n"])), min_size=1, max_size=12)


@given(BODIES, BODIES)
@settings(deadline=None)
def test_counts_swap_with_the_sides_and_never_exceed_what_is_there(
    first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    old, new = (reading_of("## 1. Fees\n" + "".join("".join(pair) for pair in body)) for body in (first, second))
    comparison = compare(old, new)
    back = with_sentences(replace(comparison, changes=tuple(map(_swapped, comparison.changes))), new, old)
    for change, there in zip(comparison.changes, back.changes, strict=True):
        added, removed, modified = counted(change)
        assert counted(there) == (removed, added, modified)
        before = _sentences_of(old, change.old, change.parts * (change.op is Op.MERGED))
        after = _sentences_of(new, change.new, change.parts * (change.op is Op.SPLIT))
        moved = sum(segment.elsewhere is not None for segment in change.segments)  # reworded, and told there too
        assert added + modified <= after + moved
        assert removed + modified <= before + moved
        assert added + removed + modified <= before + after
        assert change.words_added or change.words_removed or not any(counted(change))
    assert comparison.sentences_added == sum(change.sentences_added for change in comparison.changes)


def _swapped(change: ProvisionChange) -> ProvisionChange:
    kinds = {SegmentKind.INSERTED: SegmentKind.DELETED, SegmentKind.DELETED: SegmentKind.INSERTED}
    ops = {Op.ADDED: Op.REMOVED, Op.REMOVED: Op.ADDED, Op.SPLIT: Op.MERGED, Op.MERGED: Op.SPLIT}
    return replace(
        change,
        op=ops.get(change.op, change.op),
        old=change.new,
        new=change.old,
        words_added=change.words_removed,
        words_removed=change.words_added,
        segments=tuple(
            Segment(kinds.get(one.kind, one.kind), one.new_start, one.new_end, one.old_start, one.old_end)
            for one in change.segments
        ),
    )


def _sentences_of(reading: Reading, ordinal: int | None, parts: tuple[int, ...]) -> int:
    ordinals = parts or (() if ordinal is None else (ordinal,))
    bodies = [reading.provisions[one] for one in ordinals]
    return sum(len(sentences(reading.text, body.body_start, body.end)) for body in bodies)
