"""The configuration: each mistake gets its one sentence, with its place, and nothing crashes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings as hypothesis_settings, strategies as st

from monitor.config import example, load
from monitor.config.load import FILE_BYTES_MAX
from monitor.core.errors import ConfigError, Problem
from tests.config_files import BASE, complaints, configured, every_key, uncommented
from tests.config_mistakes import BAD, DOCUMENT, URLS


@pytest.mark.parametrize(("text", "sentence"), BAD.values(), ids=BAD.keys())
def test_a_mistake_gets_its_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    assert complaints(tmp_path, BASE + text) == [sentence]


@pytest.mark.parametrize(("url", "ending"), URLS.items(), ids=range(len(URLS)))
def test_a_bad_url_gets_its_one_sentence(tmp_path: Path, url: str, ending: str) -> None:
    expected = "expected an http or https URL with a host, without credentials and without a fragment, "
    assert complaints(tmp_path, BASE.replace("https://example.org/terms", url)) == [
        f"{DOCUMENT} › url: {expected}{ending}"
    ]


def test_a_file_with_many_mistakes_shows_all_of_them_in_its_order(tmp_path: Path) -> None:
    text = """
        [fetch]
        workers = 0
        [[platforms]]
        name = "A"
        nmae = "B"
        [[platforms.documents]]
        name = "Terms"
        url = "example"
        [[subscribers]]
        address = "anna"
        plan = "free"
        platforms = ["b"]
        """
    assert [sentence.split(":")[0] for sentence in complaints(tmp_path, text)] == [
        "fetch.workers",
        "fetch.contact",
        'platforms[0] "A" › nmae',
        'platforms[0] "A" › documents[0] "Terms" › url',
        'subscribers[0] "anna" › address',
        'subscribers[0] "anna" › platforms[0]',
        'subscribers[0] "anna" › channels',
    ]


def test_nobody_is_watched_without_a_contact(tmp_path: Path) -> None:
    assert complaints(tmp_path, "") == [
        "fetch.contact: expected an e-mail address or URL at which the operators of watched sites can reach you, "
        "found nothing. Write it here, or as operator.address."
    ]


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://127.0.0.1:8080/terms", "127.0.0.1:9090"),  # an exception for another port
        ("http://[fec0::1]/terms", "10.0.0.0/8"),  # site-local, which some versions of Python call global
        ("http://[64:ff9b::a00:1]/terms", "127.0.0.1"),  # 10.0.0.1 behind NAT64
    ],
)
def test_what_the_guard_would_refuse_is_refused_before_the_start(tmp_path: Path, url: str, entry: str) -> None:
    text = BASE.replace("https://example.org/terms", url) + f'[fetch]\nallow_private = ["{entry}"]'
    (sentence,) = complaints(tmp_path, text)
    assert "expected an address on the internet" in sentence


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.0/8", "127.0.0.1:8000", "localhost"])
def test_a_private_address_may_be_watched_where_the_file_allows_it(tmp_path: Path, entry: str) -> None:
    host = "localhost" if entry == "localhost" else "127.0.0.1"
    text = BASE.replace("https://example.org/terms", f"http://{host}:8000/")
    assert complaints(tmp_path, text) == [
        f"{DOCUMENT} › url: expected an address on the internet, found {host}, which is private. "
        f'If it is meant, write allow_private = ["{host}"] under [fetch].'
    ]
    assert configured(tmp_path, text + f'[fetch]\nallow_private = ["{entry}"]').documents


# ── Files that aren't TOML, or aren't there ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "a = 1\nname = Mistral",
            "line 2, column 8: expected valid TOML, found something else: invalid value. "
            'Text stands in quotes: name = "Mistral AI".',
        ),
        (
            "[log]\n[log]",
            "line 2, column 5: expected valid TOML, found something else: cannot declare ('log',) twice. "
            "A table stands once in the file; in a list of tables it is written [[name]].",
        ),
        ('a = "\n', "line 1, column 6: expected valid TOML, found something else: illegal character '\\n'."),
        (
            "a = [1",
            "line 1, column 7: expected valid TOML, found something else: unclosed array. "
            "A closing bracket or a comma is missing.",
        ),
        (
            "a = " + "9" * 5000,
            "line 1, column 5005: expected valid TOML, found something else: a number with too many digits.",
        ),
        ("a = " + "[" * 9000, "the file: expected valid TOML, found brackets nested too deeply."),
        (b"a = 1\nb = '\xe9'", "line 2, column 6: expected UTF-8, found the byte 0xe9. Save the file as UTF-8."),
        (b"#" * (FILE_BYTES_MAX + 1), "the file: expected at most 1000 kB, found more."),
    ],
    ids=["value", "table", "quote", "array", "digits", "depth", "encoding", "size"],
)
def test_a_file_that_is_not_toml_gets_one_sentence_with_the_place(
    tmp_path: Path, text: str | bytes, sentence: str
) -> None:
    assert complaints(tmp_path, text) == [sentence]


def test_a_file_that_is_not_there_or_no_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a configuration file, found none"):
        load(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="the file: expected a readable file, found a directory"):
        load(tmp_path)


@given(cut=st.integers(0, 2300), length=st.integers(0, 40), put=st.text(max_size=12))
@hypothesis_settings(max_examples=100, deadline=None)
def test_whatever_the_file_holds_it_makes_settings_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, cut: int, length: int, put: str
) -> None:
    text = uncommented(example())
    path = tmp_path_factory.getbasetemp() / "mangled.toml"
    path.write_text(text[:cut] + put + text[cut + length :], encoding="utf-8", errors="replace")
    problems: tuple[Problem, ...] = ()
    try:
        load(path)
    except ConfigError as error:
        problems = error.problems
    assert all(problem.key and problem.expected and problem.found for problem in problems)


WRONG = ["true", "-1", "nan", '""', '"\\u0000"', "1979-05-27", "[]", "[1]", "[[]]", "{}", "{x = 1}", "[{}]"]


@pytest.mark.parametrize("way", list(every_key()), ids=".".join)
def test_a_value_of_a_wrong_kind_is_a_problem_of_its_key_and_never_a_crash(
    tmp_path: Path, way: tuple[str, ...]
) -> None:
    accepted = 0
    for value in WRONG:
        text = f"{way[-1]} = {value}"
        for depth in range(len(way) - 1, 0, -1):
            listed = way[depth - 1] in {"platforms", "documents", "subscribers", "channels"}
            text = f"{way[depth - 1]} = " + (f"[{{{text}}}]" if listed else f"{{{text}}}")
        try:
            configured(tmp_path, text)
        except ConfigError as error:
            named = [problem.key for problem in error.problems if way[-1] in problem.key]
            accepted += not named
        else:
            accepted += 1
    assert accepted <= 3  # an empty list, an empty table or truth may be right, and nothing else
