"""A page that can't be the terms is told from one that is, by itself and beside the current version."""

from __future__ import annotations

import pytest
from pages import SENTENCES, TERMS, look, reading

from monitor.core.model import Reading, SuspectKind, Unreadable
from monitor.core.validity import doubt

CHROME = "<nav><a href=/>Home</a><a href=/p>Products</a></nav>{}<footer>© Example</footer><script>x=1</script>"


def verdict(body: str | bytes, content_type: str = "text/html") -> SuspectKind | None:
    found = look(body, content_type=content_type)
    return found.kind if isinstance(found, Unreadable) else None


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<title>Just a moment...</title><p>Checking your browser before you go on.</p>", SuspectKind.CHALLENGE),
        ("<form><noscript>Please enable JavaScript and cookies to continue</noscript></form>", SuspectKind.CHALLENGE),
        ("<h1>Bitte warten</h1><p>Ihr Browser wird überprüft.</p>", SuspectKind.CHALLENGE),
        ("<h1>Page not found</h1><p>Try one of these:</p>", SuspectKind.ERROR_PAGE),
        ("<h1>Oh no!</h1><p>Something went wrong, please try again.</p>", SuspectKind.ERROR_PAGE),
        ("<h1>Page introuvable</h1>", SuspectKind.ERROR_PAGE),
        ("<h1>ページが見つかりません</h1>", SuspectKind.ERROR_PAGE),
        ("<h1>Welcome</h1><form><input type=password><button>Go</button></form>", SuspectKind.LOGIN),
        ("<h1>Zaloguj się, aby kontynuować</h1>", SuspectKind.LOGIN),
        ("<div role=dialog><p>We value your privacy.</p><button>Accept all</button></div>", SuspectKind.CONSENT),
        ("<div id=root></div><noscript>You need to enable JavaScript.</noscript>", SuspectKind.APP_SHELL),
        ("<div id=root></div>", SuspectKind.APP_SHELL),
    ],
)
def test_a_bad_capture_is_told_what_it_is(page: str, expected: SuspectKind) -> None:
    assert verdict(f"<html><body>{page}</body></html>") is expected
    assert verdict(CHROME.format(page)) is expected


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"", "text/html", SuspectKind.EMPTY),
        (b"  \n ", "text/html", SuspectKind.EMPTY),
        (b"\x89PNG\r\n\x1a\n\x00", "text/html", SuspectKind.BINARY),
        (b"%PDF-1.7 ... %%EOF", "application/pdf", SuspectKind.BINARY),
        (bytes(range(256)) * 4, "application/octet-stream", SuspectKind.BINARY),
    ],
)
def test_what_is_no_text_is_refused_by_its_bytes(body: bytes, content_type: str, expected: SuspectKind) -> None:
    assert verdict(body, content_type) is expected


def test_terms_that_speak_of_errors_robots_and_passwords_are_terms() -> None:
    clauses = (
        "<h2>9. Access</h2><p>You must not use a captcha solver or a robot; access denied by us stays denied.</p>"
        "<p>If a page is not found or something went wrong, tell us. Keep your password; please sign in again.</p>"
    )
    assert verdict(f"<main>{TERMS}{clauses}</main>") is None


def test_a_short_agreement_is_one() -> None:
    assert verdict("<h1>Imprint</h1>" + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)) is None


def suspicion(page: str, current: str = f"<main>{TERMS}</main>") -> SuspectKind | None:
    found = doubt(reading(page), reading(current))
    return found.kind if found else None


LONG = "<h1>Terms</h1>" + "".join(
    f"<h2>{n}. Part {n}</h2><p>{sentence.replace('.', f' in case {n}.')}</p>"
    for n, sentence in enumerate(SENTENCES * 6, start=1)
)


def test_edits_and_a_removed_section_are_not_doubted() -> None:
    assert suspicion(f"<main>{TERMS.replace('30 days', '14 days')}</main>") is None
    assert suspicion(f"<main>{LONG.split('<h2>40.')[0]}</main>", f"<main>{LONG}</main>") is None
    assert suspicion(f"<main>{LONG}<h2>49. More</h2>{LONG[:900]}</main>", f"<main>{LONG}</main>") is None
    assert suspicion(f"<body><div>{TERMS.replace('h2', 'h3')}</div></body>") is None


def test_a_text_of_which_only_the_beginning_is_left_looks_cut_short() -> None:
    assert suspicion(f"<main>{LONG.split('<h2>15.')[0]}</main>", f"<main>{LONG}</main>") is SuspectKind.CUT_SHORT


def test_another_language_is_not_the_document() -> None:
    french = "<h1>Conditions</h1>" + (
        "<p>Le client accepte que les données soient traitées pour les besoins du service, et vous pouvez résilier "
        "le contrat dans un délai de trente jours.</p>" * 4
    )
    assert suspicion(french) is SuspectKind.WRONG_LANGUAGE


def test_a_declared_language_is_held_to_on_the_first_look() -> None:
    found = look(f"<main>{TERMS}</main>", language="de")
    assert isinstance(found, Unreadable)
    assert found.kind is SuspectKind.WRONG_LANGUAGE
    assert isinstance(look(f"<main>{TERMS}</main>", language="en-GB"), Reading)


def test_a_catalogue_is_not_the_document() -> None:
    rows = "".join(f"<li>model-{n} context {n}000 tokens, $0.{n} per million tokens</li>" for n in range(10, 60))
    assert suspicion(f"<h1>Models</h1><ul>{rows}</ul>") is SuspectKind.WRONG_DOCUMENT


def test_a_rewritten_agreement_is_looked_at_again() -> None:
    rewritten = "<h1>Terms of Service</h1>" + "".join(
        f"<p>{' '.join(reversed(sentence.rstrip('.').split()))}.</p>" for sentence in SENTENCES
    )
    assert suspicion(rewritten) is SuspectKind.DIFFERS_A_LOT


def test_the_same_meaning_is_never_doubted() -> None:
    one = reading(f"<main>{TERMS}</main>")
    assert isinstance(one, Reading)
    assert doubt(one, one) is None


def test_a_doubt_stays_a_sentence_whatever_the_titles_are() -> None:
    bread = "<p>Bread is baked from flour, water, salt and some patience at home.</p>" * 9
    doubted = doubt(
        reading(f"<main><h1>Bread {'x' * 5_000}</h1>{bread}</main>"),
        reading(f"<main><h1>Terms {'y' * 5_000}</h1>{TERMS}</main>"),
    )
    assert doubted is not None
    assert len(doubted.reason) < 1_000
