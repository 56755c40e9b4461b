"""What stands around a text goes, and a clause that resembles it stays."""

from __future__ import annotations

import pytest
from pages import TERMS, reading


@pytest.mark.parametrize("ending", ["<p>Example © 2026</p>", "<p>Copyright ©</p><p>2026</p>", "<p>See Details</p>"])
def test_a_copyright_year_and_a_fold_out_button_are_no_terms(ending: str) -> None:
    assert reading(f"<main>{TERMS}{ending}</main>").text == reading(f"<main>{TERMS}</main>").text


@pytest.mark.parametrize("clause", ["© 2026 Example. You may not copy it.", "Keep the sign © on all copies.", "2026"])
def test_a_clause_with_a_sign_or_a_year_stays(clause: str) -> None:
    assert reading(f"<main>{TERMS}<p>{clause}</p></main>").text.endswith(clause)
