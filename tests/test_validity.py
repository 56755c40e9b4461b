"""A page that can't be the terms is told from one that is, by itself and beside the current version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pages import SENTENCES, TERMS, declared_and_captured, look, reading

from monitor.core.model import Hop, Reading, SuspectKind, Unreadable
from monitor.core.read import read
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


@pytest.mark.parametrize(
    ("kind", "heads"),
    [
        (
            SuspectKind.CHALLENGE,
            (
                "Verify that you are not a robot",
                "Bestätigen Sie, dass Sie kein Roboter sind",
                "Vérifiez que vous n’êtes pas un robot",
                "Confirme que no es un robot",
                "Conferma di non essere un robot",
                "Confirme que não é um robô",
                "Bevestig dat u geen robot bent",
                "Potwierdź, że nie jesteś robotem",
                "请验证您是真人",
                "ロボットではないことを確認してください",
            ),
        ),
        (
            SuspectKind.ERROR_PAGE,
            (
                "500 Internal Server Error",
                "503 – Service unavailable",
                "Es ist ein Fehler aufgetreten",
                "Une erreur s’est produite",
                "Algo ha salido mal",
                "Si è verificato un errore",
                "Ocorreu um erro",
                "Er is iets misgegaan",
                "Wystąpił błąd",
                "服务暂时不可用",
                "ただいまメンテナンス中です",
            ),
        ),
    ],
)
def test_challenges_and_errors_are_known_in_ten_languages(kind: SuspectKind, heads: tuple[str, ...]) -> None:
    found = {head: verdict(CHROME.format(f"<main><h1>{head}</h1><p>Example</p></main>")) for head in heads}
    assert found == dict.fromkeys(heads, kind)


def test_terms_that_speak_of_errors_robots_and_passwords_are_terms() -> None:
    clauses = (
        "<h2>9. Access</h2><p>You must not use a captcha solver or a robot; access denied by us stays denied.</p>"
        "<p>If a page is not found or something went wrong, tell us. Keep your password; please sign in again.</p>"
    )
    assert verdict(f"<main>{TERMS}{clauses}</main>") is None


MENU = "".join(f"<li><a href=/s/{n}>Solutions for teams of {n} people and offices</a></li>" for n in range(2, 60))
LISTED = f"<nav><ul>{MENU}</ul></nav><main>{{}}<p>What others read this week on our weblog:</p><ul>" + (
    "".join(f"<li>Story {n} about bread, travel, music and gardens here</li>" for n in range(40)) + "</ul></main>"
)


@pytest.mark.parametrize(
    "head",
    [
        "Page not found",
        "404",
        "Sorry, the page you are looking for doesn’t exist",
        "We couldn't find that page",
        "This page isn't available",
        "This page can’t be found",
        "Diese Seite wurde nicht gefunden",
        "Die Seite existiert leider nicht",
        "La page demandée n’existe plus",
        "Cette page est introuvable",
        "No se encontró la página",
        "La pagina non è stata trovata",
        "Página não encontrada",
        "Deze pagina kan helaas niet worden gevonden",
        "Nie znaleziono strony",
        "找不到该页面",
        "お探しのページは見つかりません",
    ],
)
def test_a_page_that_is_missing_is_an_error_however_much_is_offered_in_its_place(head: str) -> None:
    assert verdict(f"<html><body>{LISTED.format(f'<h1>{head}</h1>')}</body></html>") is SuspectKind.ERROR_PAGE
    assert verdict(f"<title>{head} | Example</title><body>{LISTED.format('<h1>Hm.</h1>')}") is SuspectKind.ERROR_PAGE


@pytest.mark.parametrize(
    ("head", "below"),
    [
        ("Sign in to your account", "New here? Create an account. See our terms and our privacy policy."),
        ("Welcome back", "By going on you accept our terms and our privacy policy. Forgot your password?"),
        ("Anmelden", "Mit der Anmeldung gelten unsere Nutzungsbedingungen und der Datenschutz. Passwort vergessen?"),
        ("Connectez-vous", "En continuant, vous acceptez notre politique de confidentialité."),
        ("Iniciar sesión", "¿Ha olvidado su contraseña? Cree una cuenta y acepte la política de privacidad."),
        ("Accedi", "Password dimenticata? Leggi l’informativa sulla privacy."),
        ("Iniciar sessão", "Esqueceu a senha? Leia a política de privacidade."),
        ("Inloggen", "Wachtwoord vergeten? Lees de voorwaarden."),
        ("Zaloguj się", "Nie pamiętasz hasła? Przeczytaj regulamin."),
        ("登录", "忘记密码？查看隐私政策。"),
        ("ログイン", "パスワードを忘れた場合。プライバシー。"),
    ],
)
def test_a_page_that_asks_to_sign_in_is_no_document(head: str, below: str) -> None:
    form = "<form><input type=email><input type=password><button>OK</button></form>"
    assert verdict(CHROME.format(f"<main><h1>{head}</h1>{form}<p>{below}</p></main>")) is SuspectKind.LOGIN


@pytest.mark.parametrize(
    ("words", "buttons"),
    [
        ("We and our 812 partners store cookies and personal data, with your consent, for advertising.", "Accept all"),
        ("Wir und unsere Partner setzen Cookies für Werbung; Ihre Einwilligung gilt für alle.", "Alle akzeptieren"),
        ("Avec votre consentement, nos partenaires utilisent des cookies pour la publicité.", "Tout accepter"),
        ("Con su permiso, nuestros socios usan cookies para la publicidad personalizada.", "Aceptar todo"),
        ("Con il tuo consenso noi e i partner usiamo i cookie per la pubblicità.", "Accetta tutto"),
        ("Nós e os parceiros usamos cookies para publicidade personalizada.", "Aceitar tudo"),
        ("Met uw toestemming gebruiken wij cookies voor advertenties.", "Alles accepteren"),
        ("Za twoją zgodą używamy plików cookie do reklam.", "Zaakceptuj wszystkie"),
        ("经您同意，我们和合作伙伴使用 Cookie 投放广告。", "接受所有"),
        ("お客様の同意を得て、広告のためにクッキーを使用します。", "すべて同意する"),
    ],
)
def test_a_wall_that_only_asks_for_consent_is_no_document(words: str, buttons: str) -> None:
    wall = f"<div><h2>…</h2><p>{words}</p><p>{words}</p><p>{words}</p></div><div><button>{buttons}</button></div>"
    assert verdict(f"<title>Terms of Service</title><body>{wall}</body>") is SuspectKind.CONSENT


def test_a_long_list_of_cookies_in_a_dialog_is_no_document() -> None:
    rows = "".join(f"<li>Cookie</li><li>_c{n}</li><li>Duration</li><li>{n} days</li>" for n in range(90))
    dialog = f"<div><p>Choose which cookies may be set.</p><ul>{rows}</ul><button>Reject all</button></div>"
    assert verdict(f"<title>Quillmark, the dating site</title><body>{dialog}</body>") is SuspectKind.CONSENT
    assert verdict(f"<title>Quillmark</title><body><h1>Cookie Policy</h1>{dialog}</body>") is None
    assert verdict(f"<title>Cookies | Quillmark</title><body>{dialog}</body>") is None


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Cookies</h1><p>We use cookies for advertising; partners set some. You can delete cookies at any time in "
        "your browser. Cookies live for a year.</p><p>Cookies of partners live for a month at the longest.</p>"
        "<button>Accept all</button>",
        "<h1>Impressum</h1><p>Quillmark GmbH, 500 Howard Street, San Francisco</p><p>Geschäftsführung: A. Muster, "
        "Telefon 404 88 12, Handelsregister Aarhus HRB 503, Umsatzsteuer-Nummer DE 1234567, Aufsicht: Stadt Aarhus, "
        "Redaktion: B. Muster</p><form>Protected by reCAPTCHA; unusual traffic is refused. "
        "<input type=password><button>OK</button></form>",
        "<title>Imprint | 404 Reading Club</title><h1>Imprint</h1>" + "<p>We meet on Mondays in the library.</p>" * 9,
        "<h1>Aviso</h1><p>A nova lista de subcontratantes entrará em vigor em 3 de maio de 2026. Até lá continua a "
        "lista de 2025. A lista fica à disposição de todos os clientes que a pedirem por escrito ao endereço.</p>",
        "<h1>Models no longer available</h1>" + "<p>After its end a model may not be called; its price stays.</p>" * 40,
        "<h1>Notes</h1><p>This page is available in English and can be found in print, too.</p>" + "<p>Rule.</p>" * 90,
        "<h1>House rules</h1>" + "<p>Be kind to everybody. Never write what you would not say to a neighbour.</p>" * 30,
        "<h1>Errors</h1><p>Whoever finds that the page of an offer is missing tells us.</p>" * 40,
    ],
)
def test_what_looks_like_a_bad_capture_and_is_a_document_is_read(page: str) -> None:
    assert verdict(f"<html><body><main>{page}</main></body></html>") is None


@pytest.mark.parametrize(
    ("asked", "shown", "expected"),
    [
        ("https://example.test/legal/terms", "https://www.example.test/", SuspectKind.WRONG_DOCUMENT),
        ("https://example.test/legal/terms", "https://example.test/de-de/", SuspectKind.WRONG_DOCUMENT),
        ("https://example.test/legal/terms", "https://example.test/en/home.html", SuspectKind.WRONG_DOCUMENT),
        ("https://example.test/legal/terms", "https://example.test/legal/terms-of-service", None),
        ("https://example.test/legal/terms", "https://terms.example.test/", None),
        ("https://example.test/", "https://example.test/en", None),
    ],
)
def test_who_is_sent_to_the_home_page_sees_no_document(asked: str, shown: str, expected: SuspectKind | None) -> None:
    document, (capture,) = declared_and_captured((f"<main><h1>Bread for all</h1>{LISTED.format('')}</main>",))
    found = read(document, (replace(capture, chain=(Hop(asked, 302), Hop(shown, 200))),), ())
    assert (found.kind if isinstance(found, Unreadable) else None) is expected
    document, (capture,) = declared_and_captured((f"<main>{TERMS}</main>",))
    assert isinstance(read(document, (replace(capture, chain=(Hop(asked, 302), Hop(shown, 200))),), ()), Reading)


@pytest.mark.parametrize("end", ["<p>You may not us", "<p cla", "<script>var one = 'tw", "<p>You <b>may</b> not us"])
def test_a_page_that_breaks_off_is_cut_short(end: str) -> None:
    page = f"<html><body><div><main>{TERMS}{end}"
    assert verdict(page) is SuspectKind.CUT_SHORT
    assert verdict(f"{page}</p></main></div></body></html>" if "<p>" in end else TERMS) is None


@pytest.mark.parametrize(
    "page",
    [
        f"<!doctype html><title>Terms</title>{TERMS}<p>Questions: legal@example.test",  # nothing must be closed here
        f"<div><main>{TERMS}</main></div>",
        f"<div><main>{TERMS}</main>The tag of this element was forgotten.",
        f"<html><body><div>{TERMS}</body></html> served in 3 ms",
        f"<html><body>{TERMS}</body></html><!-- 3 < 4 -->",
    ],
)
def test_a_page_that_is_only_untidy_is_whole(page: str) -> None:
    assert verdict(page) is None


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


@pytest.mark.parametrize(
    "clause",
    [
        "Le client accepte que les données soient traitées pour les besoins du service, et vous pouvez résilier le "
        "contrat dans un délai de trente jours.",
        "Der Kunde ist für die Zugangsdaten verantwortlich, und wir haften nicht für den Verlust, der durch ihre "
        "Weitergabe entsteht; die Haftung ist auf den Preis beschränkt.",
        "El cliente es responsable de las claves de su cuenta y no puede ceder el contrato a un tercero sin la "
        "autorización de la empresa que presta el servicio.",
        "Il cliente è responsabile delle credenziali e non può cedere il contratto a terzi senza il consenso della "
        "società che presta il servizio per conto del titolare.",
        "O cliente é responsável pelas suas credenciais e não pode ceder o contrato a terceiros sem a autorização da "
        "empresa que presta o serviço para uma finalidade.",
        "De klant is verantwoordelijk voor zijn gegevens en kan de overeenkomst niet zonder toestemming van de "
        "leverancier aan een derde overdragen, ook niet met een opzegging.",
        "Klient odpowiada za dane do logowania i nie może przenieść umowy na osobę trzecią bez zgody usługodawcy, "
        "który świadczy usługę na jego rzecz oraz w jego imieniu.",
        "客户应对其凭证保密，并对其使用承担责任。未经供应商书面同意，客户不得将本协议转让给任何第三方，双方均可提前三十天书面通知终止。",
        "お客様は認証情報を秘密に保持し、その利用について責任を負うものとします。当社の書面による同意なしに、本契約を第三者に譲渡することはできません。",
    ],
)
def test_another_language_is_not_the_document(clause: str) -> None:
    assert suspicion("<h1>Halcyon</h1>" + f"<p>{clause}</p>" * 4) is SuspectKind.WRONG_LANGUAGE


def test_a_second_language_on_the_page_does_not_make_it_another_document() -> None:
    french = "<p>Le client accepte que les données soient traitées pour les besoins du service et du contrat.</p>" * 60
    assert reading(f"<main>{french}{LONG}</main>").language == "fr"
    assert suspicion(f"<main>{french}{LONG}</main>", f"<main>{LONG}</main>") is None


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
