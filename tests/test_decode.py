"""Bytes become text, whatever the server says, and the fingerprint sees what a person sees."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from monitor.core.decode import decode, whole_signs
from monitor.core.fingerprint import fingerprint

TEXT = "<p>Übergröße – 10 €, “Wärme” und Gebühr.</p>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), "text/html; charset=utf-8"),
        (TEXT.encode(), None),
        (TEXT.encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        (TEXT.encode("utf-16"), "text/html"),
        (TEXT.encode("cp1252"), 'text/html; charset="ISO-8859-1"'),
        (b'<meta charset="windows-1252">' + TEXT.encode("cp1252"), "text/html"),
        (TEXT.encode(), "text/html; charset=no-such-charset"),
        (TEXT.encode(), "text/html; charset=base64"),
        (TEXT.encode(), "text/html; charset=undefined"),
        (TEXT.encode(), "text/html; charset=punycode"),
        (TEXT.encode(), "text/html; charset=unicode_escape"),
    ],
)
def test_the_same_words_come_out_of_every_charset(body: bytes, content_type: str | None) -> None:
    assert decode(body, content_type).endswith(TEXT)


def test_a_wrongly_declared_charset_is_overruled_by_what_the_bytes_are() -> None:
    assert decode(TEXT.encode("cp1252"), "text/html; charset=utf-8") == TEXT


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "text/html"])
def test_a_western_page_with_few_signs_beyond_ascii_is_read_as_one(content_type: str) -> None:
    text = "It’s the “Provider” of the Café, " + "whose terms are plain. " * 10
    assert decode(text.encode("cp1252"), content_type) == text


def test_a_few_broken_bytes_dont_turn_a_page_into_another_charset() -> None:
    body = ("größer " * 500).encode() + b"\xff" + "für".encode()
    text = decode(body, "text/html; charset=utf-8")
    assert text.startswith("größer")
    assert text.endswith("�für")


@given(st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_decoding_and_fingerprinting_never_fail(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)
    assert len(fingerprint(body, content_type)) == 64


def _print(html: str, content_type: str = "text/html") -> str:
    return fingerprint(html.encode(), content_type)


LONG = "<p>" + "The Customer pays the fees. " * 100 + "</p>"


def test_markup_scripts_and_white_space_dont_change_the_fingerprint() -> None:
    one = _print(f"<body><script>var build=1</script><div class=a>{LONG}</div></body>")
    assert one == _print(f"<body><script>var build=2</script>\n<section id=b>  {LONG}</section></body>")


def test_how_a_page_is_built_changes_its_fingerprint() -> None:
    """A table of contents whose entries become links, a heading that becomes a paragraph: what is read may differ."""
    entries = "<ul><li>Fees</li><li>Liability</li></ul>"
    assert _print(entries + LONG) != _print(entries.replace("Fees", "<a href='#fees'>Fees</a>") + LONG)
    assert _print(f"<h2>Fees</h2>{LONG}") != _print(f"<p>Fees</p>{LONG}")


def test_any_visible_word_changes_the_fingerprint() -> None:
    assert _print(f"{LONG}<p>within 30 days</p>") != _print(f"{LONG}<p>within 14 days</p>")
    assert _print(f"{LONG}<noscript>one</noscript>") != _print(f"{LONG}<noscript>two</noscript>")
    assert _print(f"{LONG}</body></html><p>one") != _print(f"{LONG}</body></html><p>two")


def test_the_data_of_a_shell_changes_its_fingerprint() -> None:
    assert _print("<div id=root></div><script>data='one'</script>") != _print(
        "<div id=root></div><script>data='two'</script>"
    )


def test_an_address_that_a_proxy_hides_is_seen_whatever_the_key() -> None:
    def hidden(address: str, key: int) -> str:
        token = bytes([key, *(byte ^ key for byte in address.encode())]).hex()
        return f'{LONG}<a data-cfemail="{token}">[email&#160;protected]</a>'

    assert _print(hidden("legal@example.test", 7)) == _print(hidden("legal@example.test", 91))
    assert _print(hidden("legal@example.test", 7)) != _print(hidden("sales@example.test", 7))


def test_what_is_no_page_is_its_bytes() -> None:
    assert _print("a  b", "text/plain") != _print("a b", "text/plain")


def test_a_null_character_is_no_text() -> None:
    assert decode(b"Terms\0 of use", "text/plain; charset=utf-8") == "Terms\ufffd of use"


def test_two_halves_of_a_sign_are_one_and_half_a_sign_is_none() -> None:
    assert whole_signs("a \ud83c\udf3f b \udf3f c") == "a \U0001f33f b \ufffd c"
