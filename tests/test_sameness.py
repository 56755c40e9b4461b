"""When two texts are the same: in their words, in their meaning, but for their stated dates."""

from __future__ import annotations

from datetime import date

import pytest
from pages import TERMS, reading

from monitor.core.dates import DateRole, find_dates
from monitor.core.model import Difference, StatedDates
from monitor.core.sameness import difference


def differ(old: str, new: str) -> Difference:
    """What two endings of one agreement differ in."""
    return difference(reading(f"<main>{TERMS}{old}</main>"), reading(f"<main>{TERMS}{new}</main>"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<p>a clause</p>", "<div><i>a</i> clause</div>", Difference.NONE),
        ("<p>One. Two.</p>", "<p>One.</p><p>Two.</p>", Difference.MARKUP),
        ("<p>a “term”</p>", '<p>a "term"</p>', Difference.COSMETIC),
        ("<p>it’s self-made – yes</p>", "<p>it's self‑made — yes</p>", Difference.COSMETIC),
        ("<p>a soft word</p>", "<p>a so&shy;ft wo&#8203;rd</p>", Difference.COSMETIC),
        ("<p>you\ufffd’d be told</p>", "<p>you’d be told</p>", Difference.COSMETIC),
        ("<p>a fee of \ufffd5</p>", "<p>a fee of £5</p>", Difference.CHANGE),
        ("<p>full width ＡＢ１</p>", "<p>full width AB1</p>", Difference.COSMETIC),
        ("<p>terms ( all )</p>", "<p>terms (all)</p>", Difference.COSMETIC),
        ("<p>terms, conditions and rules</p>", "<p>terms, conditions, and rules.</p>", Difference.COSMETIC),
        ("<h2>9. Final Provisions</h2>", "<h2>9. Final provisions</h2>", Difference.COSMETIC),
        ("<h2>9. Law</h2><p>(a) one</p>", "<h2>10. Law</h2><p>a) one</p>", Difference.COSMETIC),
        ("<p>10 € a month</p>", "<p>10€ a month</p>", Difference.COSMETIC),
        ("<p>a clause of the terms</p>", "<p>a clause in the terms</p>", Difference.CHANGE),
        ("<p>1.5 % of it</p>", "<p>15 % of it</p>", Difference.CHANGE),
        ("<p>1,5 of it</p>", "<p>1.5 of it</p>", Difference.CHANGE),
        ("<p>by 5 degrees</p>", "<p>by -5 degrees</p>", Difference.CHANGE),
        ("<p>pay 5 €</p>", "<p>pay 5 $</p>", Difference.CHANGE),
        ("<p>5 % of it</p>", "<p>5 of it</p>", Difference.CHANGE),
        ("<p>under § 5 of it</p>", "<p>under 5 of it</p>", Difference.CHANGE),
        ("<p>see section 4.2 of it</p>", "<p>see section 4.3 of it</p>", Difference.CHANGE),
        ("<h3>14 days of notice</h3><p>x</p>", "<h3>30 days of notice</h3><p>x</p>", Difference.CHANGE),
        ("<p><b>Kept for</b></p><p>2 years</p>", "<p><b>Kept for</b></p><p>3 years</p>", Difference.CHANGE),
        ("<dl><dt>Sold</dt><dd>No</dd></dl>", "<dl><dt>Sold</dt><dd>Yes</dd></dl>", Difference.CHANGE),
        ("<p>10² of it</p>", "<p>102 of it</p>", Difference.CHANGE),
        ("<p>data of the Partner</p>", "<p>data of the partner</p>", Difference.CHANGE),
        ("<p>read and/or write</p>", "<p>read and write</p>", Difference.CHANGE),
        ("<p>read and/or write</p>", "<p>read and or write</p>", Difference.CHANGE),
        ("<p>we do not sell</p>", "<p>we do sell</p>", Difference.CHANGE),
        ("<p>利用 規約を守る</p>", "<p>利用規約を守る。</p>", Difference.COSMETIC),
        ("<p>Last updated: 3 May 2026</p>", "<p>Last updated: May 4, 2026</p>", Difference.DATE_ONLY),
        ("<p>You must object before 3 May 2026.</p>", "<p>You must object before 4 May 2026.</p>", Difference.CHANGE),
    ],
)
def test_the_kinds_of_difference(old: str, new: str, expected: Difference) -> None:
    assert differ(old, new) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Last updated: March 2, 2026", StatedDates(updated=date(2026, 3, 2))),
        ("Effective date: 2nd of March 2026", StatedDates(effective=date(2026, 3, 2))),
        ("Revised 2026-03-02, effective 2026-04-01", StatedDates(date(2026, 3, 2), date(2026, 4, 1))),
        ("Stand: 2. März 2026", StatedDates(updated=date(2026, 3, 2))),
        ("Gültig ab 02.03.2026", StatedDates(effective=date(2026, 3, 2))),
        ("Dernière mise à jour : 1er mars 2026", StatedDates(updated=date(2026, 3, 1))),
        ("Entrée en vigueur le 2 mars 2026", StatedDates(effective=date(2026, 3, 2))),
        ("Última actualización: 2 de marzo de 2026", StatedDates(updated=date(2026, 3, 2))),
        ("Ultimo aggiornamento: 2 marzo 2026", StatedDates(updated=date(2026, 3, 2))),
        ("Em vigor a partir de 2 de março de 2026", StatedDates(effective=date(2026, 3, 2))),
        ("Laatst bijgewerkt op 2 maart 2026", StatedDates(updated=date(2026, 3, 2))),
        ("Obowiązuje od 2 marca 2026 r.", StatedDates(effective=date(2026, 3, 2))),
        ("最后更新：2026年3月2日", StatedDates(updated=date(2026, 3, 2))),
        ("施行日：２０２６年３月２日", StatedDates(effective=date(2026, 3, 2))),
    ],
)
def test_stated_dates_are_found_in_ten_languages(line: str, expected: StatedDates) -> None:
    found = reading(f"<main>{TERMS.replace('<p>Last updated: 3 May 2026</p>', f'<p>{line}</p>')}</main>")
    assert found.dates == expected


def test_dates_are_found_where_they_stand_with_what_they_are() -> None:
    text = "Terms\nUpdated May 3, 2026\nFees rise on 1 July 2026 for everybody who has an account with us."
    found = find_dates(text)
    assert [(text[one.start : one.end], one.role, one.stated) for one in found] == [
        ("May 3, 2026", DateRole.UPDATED, True),
        ("1 July 2026", DateRole.OTHER, False),
    ]


def test_a_date_in_figures_is_read_as_its_language_writes_it() -> None:
    assert find_dates("02/03/2026", "en")[0].value == date(2026, 2, 3)
    assert find_dates("02/03/2026", "fr")[0].value == date(2026, 3, 2)
    assert find_dates("25/03/2026", "en")[0].value == date(2026, 3, 25)
    assert find_dates("31/02/2026", "fr") == ()
