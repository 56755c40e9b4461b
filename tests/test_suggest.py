"""What might be watched: the page, its platform, and the legal documents it links, as TOML that validates."""

from __future__ import annotations

import json
import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from pages import SENTENCES, TERMS, declared_and_captured
from servers import Site, page as served, redirect
from test_cli import monitor

from monitor.config import load
from monitor.config.propose import propose
from monitor.core.kinds import DocumentKind as Kind, kind_of
from monitor.core.read import read
from monitor.core.suggest import Proposed, Suggestion, domain_of, suggest

URL = "https://www.acme.example/legal/terms"
FILE = '[operator]\naddress = "ops@example.org"\n\n'


def suggested(body: str, url: str = URL) -> Suggestion:
    """What a page with this body proposes."""
    document, captures = declared_and_captured((body,))
    return suggest(captures[0], url, read(document, captures, ()))


def linked(links: str) -> list[tuple[str, str]]:
    """The names and addresses of the documents that a page with these links proposes beside itself."""
    found = suggested(f"<main>{TERMS}</main><footer>{links}</footer>").documents
    return [(one.name, one.url) for one in found if one.linked]


# ── Kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Kind.TERMS, "Terms|Terms of Service|Conditions of Use|User Agreement|Allgemeine Geschäftsbedingungen|AGB|"
         "Nutzungsbedingungen|Conditions générales d’utilisation|CGU|Términos y condiciones|Condiciones de uso|"
         "Termini di servizio|Condizioni d'uso|Termos de uso|Gebruiksvoorwaarden|Algemene voorwaarden|Regulamin|"
         "Warunki korzystania|服务条款|用户协议|利用規約"),
        (Kind.PRIVACY, "Privacy|Datenschutzerklärung|Politique de confidentialité|Política de privacidad|"
         "Informativa sulla privacy|Política de privacidade|Privacybeleid|Polityka prywatności|隐私政策|"
         "プライバシーポリシー|Protección de datos"),
        (Kind.COOKIES, "Cookie Policy|Cookies|Cookie-Richtlinie|Politique relative aux cookies|Política de cookies|"
         "Informativa sui cookie|Cookiebeleid|Polityka plików cookie|Cookie ポリシー|Cookie 政策"),
        (Kind.DATA_PROCESSING, "DPA|Data Processing Addendum|Vertrag zur Auftragsverarbeitung|"
         "Accord de traitement des données|Acuerdo de tratamiento de datos|Verwerkersovereenkomst|"
         "Umowa powierzenia przetwarzania danych|数据处理协议|データ処理契約"),
        (Kind.SUBPROCESSORS, "Subprocessors|Sub-processor list|Unterauftragsverarbeiter|Sous-traitants|Subverwerkers"),
        (Kind.ACCEPTABLE_USE, "Acceptable Use Policy|Usage policies|Nutzungsrichtlinien|Politique d’utilisation|"
         "Política de uso aceptable|Gebruiksbeleid"),
        (Kind.DEVELOPER, "API Terms|Developer Terms of Service|Connector Terms|Marketplace Agreement"),
        (Kind.COMMUNITY, "Community Guidelines|Code of Conduct|Community-Richtlinien"),
        (Kind.LEGAL_NOTICE, "Imprint|Impressum|Mentions légales|Aviso legal|Note legali"),
        (Kind.SERVICE_LEVEL, "SLA|Service Level Agreement"),
        (Kind.REFUNDS, "Refund Policy|Widerrufsbelehrung|退款政策"),
        (Kind.COPYRIGHT, "Copyright Policy|DMCA|Urheberrecht"),
    ],
)  # fmt: skip
def test_documents_are_known_by_what_they_are_called_in_ten_languages(kind: Kind, names: str) -> None:
    assert {name: kind_of(name, "") for name in names.split("|")} == dict.fromkeys(names.split("|"), kind)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://x.test/terms", Kind.TERMS),
        ("https://x.test/legal/privacy-policy.html", Kind.PRIVACY),
        ("https://x.test/de/datenschutz", Kind.PRIVACY),
        ("https://x.test/legal/dpa/", Kind.DATA_PROCESSING),
        ("https://x.test/sub-processors", Kind.SUBPROCESSORS),
        ("https://x.test/blog/terms", None),
        ("https://x.test/privacy/how-we-think-about-privacy-in-our-new-product", None),
        ("https://x.test/longterms", None),
        ("https://x.test/", None),
    ],
)
def test_documents_are_known_by_their_address_where_words_fail(url: str, kind: Kind | None) -> None:
    assert kind_of("read it here", url) is kind


@pytest.mark.parametrize(
    "name", ["Your privacy choices", "Cookie settings", "Pricing", "Cookie-Einstellungen", "About"]
)
def test_buttons_and_other_pages_are_no_documents(name: str) -> None:
    assert kind_of(name, "https://x.test/privacy" if "privacy" in name else "https://x.test/x") is None


# ── A page ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "url", "name"),
    [
        ("<meta property=og:site_name content='Acme AI'>", URL, "Acme AI"),
        ("<meta property=og:site_name content='Legal | Acme AI'>", URL, "Acme AI"),
        ("<meta property=og:site_name content='Legal'><title>Terms of Service | Acme</title>", URL, "Acme"),
        ("<title>Acme — Terms of Service</title>", URL, "Acme"),
        ("<title>Terms of Service</title>", URL, "Acme"),
        ("<meta property=og:site_name content='All that you ever need to know - Acme'>", URL, "Acme"),
        ("", "https://legal.big-shop.co.uk/terms", "Big-shop"),
        ("", "http://127.0.0.1:8080/terms", "127.0.0.1"),
    ],
)
def test_a_platform_is_named_by_its_site_its_title_or_its_host(head: str, url: str, name: str) -> None:
    assert suggested(f"<head>{head}</head><body><main>{TERMS}</main>", url).platform == name


def test_a_page_is_proposed_with_its_name_kind_and_language() -> None:
    found = suggested(f"<title>Terms of Service | Acme</title><main>{TERMS}</main>").documents
    assert found == (Proposed("Terms of Service", URL, Kind.TERMS, "en"),)
    untitled = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    assert suggested(f"<title>Acme</title>{untitled}").documents[0].name == "Terms of Service"
    section = suggested(f"<title>Acme | Privacy Notice</title><h1>1. Who we are</h1>{untitled}").documents
    assert (section[0].name, section[0].kind) == ("Privacy Notice", Kind.PRIVACY)
    odd = suggested(f"<h1>Rules of the Arena</h1>{untitled}", "https://acme.example/arena").documents
    assert odd == (Proposed("Rules of the Arena", "https://acme.example/arena", None, "en"),)


def test_a_page_that_is_no_agreement_is_not_proposed_but_what_it_links_is() -> None:
    words = "We bake bread every morning and bring it to you by bicycle, still warm, whatever the weather is. " * 9
    found = suggested(f"<h1>Our bakery</h1><p>{words}</p><a href=/privacy>Privacy</a>", "https://acme.example/about")
    assert [(one.name, one.linked) for one in found.documents] == [("Privacy", True)]


def test_linked_documents_of_the_platform_are_proposed_once_each() -> None:
    assert linked(
        "<a href='/privacy#top'>Privacy Policy</a> <a href=/privacy/>Privacy</a> <a href=/pricing>Pricing</a>"
        "<a href='https://eu.acme.example/dpa?v=2'>Data Processing Addendum</a> <a href='/cookies'><img></a>"
        "<a href='https://other.example/privacy'>Their Privacy Policy</a> <a href='/legal/terms#2'>Terms</a>"
        "<a href='mailto:privacy@acme.example'>Privacy</a> <a href='javascript:privacy()'>Privacy</a>"
        "<a href='/de/legal/terms'>Deutsch</a> <a href='https://fr.acme.example/legal/terms'>Français</a>"
        "<a href='http://[broken/privacy'>Privacy</a> <a href='/aup' aria-label='Acceptable Use Policy'></a>"
    ) == [
        ("Privacy Policy", "https://www.acme.example/privacy"),
        ("Data Processing Addendum", "https://eu.acme.example/dpa?v=2"),
        ("Cookie Policy", "https://www.acme.example/cookies"),
        ("Acceptable Use Policy", "https://www.acme.example/aup"),
    ]


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.acme.example/x", "acme.example"),
        ("https://legal.eu.acme.com", "acme.com"),
        ("https://shop.acme.co.uk", "acme.co.uk"),
        ("https://acme.ai:8443/", "acme.ai"),
        ("http://localhost/", "localhost"),
        ("http://[::1]:80/", "::1"),
        ("http://10.0.0.1/", "10.0.0.1"),
    ],
)
def test_a_domain_is_what_one_registers(url: str, domain: str) -> None:
    assert domain_of(url) == domain


# ── TOML ─────────────────────────────────────────────────────────────────────────────────────────────────────────

NAMES = st.text(max_size=130) | st.sampled_from(["隐私政策", '"quoted\\', "Terms", "terms", "a\u202eb\x7f\n", "-"])
PROPOSED = st.builds(
    Proposed,
    NAMES,
    st.integers(0, 99).map(lambda number: f"https://acme.example/{number}"),
    st.sampled_from([None, *Kind]),
    st.sampled_from([None, "en", "de-AT", "no language"]),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(NAMES, st.lists(PROPOSED, min_size=1, max_size=8, unique_by=lambda one: one.url))
def test_whatever_is_proposed_validates(platform: str, documents: list[Proposed]) -> None:
    proposal = propose(Suggestion(platform, "acme.example", tuple(documents)))
    tables = tomllib.loads(proposal.toml())["platforms"]
    assert [table["url"] for table in tables[0]["documents"]] == [one.url for one in documents]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "terms-monitor.toml"
        path.write_text(FILE + proposal.toml(), encoding="utf-8")
        assert len(load(path).documents) == len(documents)


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────

FOOT = "<footer><a href=/privacy>Privacy Policy</a> <a href=/dpa>DPA</a></footer>"


def test_what_is_proposed_can_be_pasted_and_validates_and_is_not_proposed_again(tmp_path: Path) -> None:
    config = tmp_path / "terms-monitor.toml"
    with Site() as site:
        site.on("/terms", served(f"<title>Terms of Service | Acme</title><main>{TERMS}</main>{FOOT}"))
        site.on("/old", redirect("/terms"))
        base = '[fetch]\nallow_private = ["127.0.0.1"]\n[operator]\naddress = "ops@example.org"\n\n'
        config.write_text(base)
        proposed = monitor("suggest", site.url("/old#part"), config=config)
        assert proposed.exit_code == 0
        assert "3 documents proposed, nothing recorded" in proposed.stderr
        assert [request.path for request in site.requests] == ["/old", "/terms"]
        config.write_text(base + proposed.stdout)
        assert "3 documents of 1 platform" in monitor("validate", config=config).stdout
        first = load(config).documents[0]
        assert (first.name, first.sources[0].url, first.reading.language) == (
            "Terms of Service",
            site.url("/terms"),
            "en",
        )
        again = monitor("suggest", site.url("/terms"), "--json", config=config)
        assert json.loads(again.stdout)["known"] == [site.url("/terms"), site.url("/privacy"), site.url("/dpa")]
        site.on("/more", served(f"<h1>Refund Policy</h1>{TERMS}"))
        more = monitor("suggest", site.url("/more"), config=config).stdout
        config.write_text(config.read_text() + more)
        assert "4 documents of 1 platform" in monitor("validate", config=config).stdout


def test_a_suggestion_as_json_has_kinds_and_the_toml(tmp_path: Path) -> None:
    config = tmp_path / "terms-monitor.toml"
    config.write_text('[fetch]\nallow_private = ["127.0.0.1"]\n[operator]\naddress = "ops@example.org"\n')
    with Site() as site:
        site.on("/terms", served(f"<main>{TERMS}</main>{FOOT}"))
        facts = json.loads(monitor("suggest", site.url("/terms"), "--json", config=config).stdout)
    assert [one["kind"] for one in facts["documents"]] == ["terms", "privacy", "data_processing"]
    assert tomllib.loads(facts["toml"])["platforms"][0]["name"] == facts["platform"]["name"]


def test_what_can_not_be_suggested_is_one_sentence(tmp_path: Path) -> None:
    nothing = tmp_path / "none.toml"
    for typed, said in (
        ("example.org/terms", 'Did you mean "https://example.org/terms"?'),
        ("ftp://example.org/", 'found "ftp://example.org/"'),
        ("https://a:b@example.org/", "a URL with credentials inside (not shown)"),
        ("https://exa mple.org/", "Write a space as %20."),
    ):
        result = monitor("suggest", typed, config=nothing)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert said in result.stderr
    refused = monitor("suggest", "http://127.0.0.1:9/", config=nothing)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "(refused)" in refused.stderr


def test_a_page_that_proposes_nothing_says_so(tmp_path: Path) -> None:
    config = tmp_path / "terms-monitor.toml"
    config.write_text('[fetch]\nallow_private = ["127.0.0.1"]\n[operator]\naddress = "ops@example.org"\n')
    with Site() as site:
        site.on("/x", served("<title>x</title><p>Just a moment…</p>"))
        result = monitor("suggest", site.url("/x"), config=config)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The page itself isn't proposed: The terms were expected, but the page checks for robots" in result.stderr
    assert "links none" in result.stderr
