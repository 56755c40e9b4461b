"""What stands around a text goes, and a clause that resembles it stays."""

from __future__ import annotations

import pytest
from pages import TERMS, reading


@pytest.mark.parametrize("ending", ["<p>Example © 2026</p>", "<p>Copyright ©</p><p>2026</p>", "<p>See Details</p>"])
def test_a_copyright_year_and_a_fold_out_button_are_no_terms(ending: str) -> None:
    assert reading(f"<main>{TERMS}{ending}</main>").text == reading(f"<main>{TERMS}</main>").text


@pytest.mark.parametrize(
    "clause", ["© 2026 Example. You may not copy it.", "Keep the sign © on all copies.", "Keep the sign ©", "2026"]
)
def test_a_clause_with_a_sign_or_a_year_stays(clause: str) -> None:
    assert reading(f"<main>{TERMS}<p>{clause}</p></main>").text.endswith(clause)


NAMES = ["Ada Brook", "Lin Zhou", "José Núñez", "Kim", "Ola Berg", "R. Patel", "ghost_42", "Mia von Tann", "Sam Reed"]


def listed(names: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{name}</li>" for name in names) + "</ul>"


def test_names_of_people_who_are_thanked_are_no_terms() -> None:
    thanks = "<h2>Reporting flaws</h2><p>We would like to thank the following people for what they found:</p>"
    read = reading(f"<main>{TERMS}{thanks}{listed(NAMES)}</main>").text
    assert read.endswith("We would like to thank the following people for what they found:")


@pytest.mark.parametrize(
    ("intro", "names"),
    [
        ("We use these subprocessors:", [f"Nordhost {number} AS" for number in range(12)]),
        ("You acknowledge that these countries are excluded:", ["Aland", "Borduria", "Cordonia", "Syldavia"] * 3),
        ("Thank you for your trust. You must not upload:", [f"Data about children of class {n}." for n in range(12)]),
        ("Thank you for sending us the following:", [f"Your home address {number}" for number in range(12)]),
        ("We thank our partners:", NAMES[:3]),
    ],
)
def test_a_list_that_binds_or_is_short_is_read(intro: str, names: list[str]) -> None:
    assert reading(f"<main>{TERMS}<p>{intro}</p>{listed(names)}</main>").text.endswith("\n".join([intro, *names]))
