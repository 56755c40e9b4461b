"""A coming version: what a page says of it is told once, and of several versions the one in force is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from monitor.check import check
from monitor.core.model import (
    Archived,
    ChannelKind,
    Document,
    DocumentRef,
    EventKind,
    NotModified,
    Outcome,
    Plan,
    Policy,
    Reading,
    Reread,
)
from monitor.core.read import read
from monitor.core.reading.announced import announced
from monitor.core.reading.trace import Trace
from monitor.core.reading.why import Why
from monitor.core.render import webhook
from monitor.core.render.facts import Letterhead
from monitor.core.routing import DeliveryPolicy, Periods
from monitor.deliver import seal, send_due
from monitor.notify.email import EmailNotifier, Security, SmtpServer
from monitor.notify.webhook import WebhookNotifier
from monitor.spread import spread
from monitor.store import history
from monitor.store.declare import declare
from monitor.store.documents import claim, snapshots
from monitor.store.engine import Store
from tests.mailbox import Mailbox
from tests.pages import HTML, SENTENCES, TERMS, declared_and_captured
from tests.sending import WEEKLY, reader
from tests.servers import Site, page
from tests.telling import announcement
from tests.test_check import DAILY, MAIN, Here, World
from tests.test_webhook import SECRET, validator

DOCS = Path(__file__).parent.parent / "docs"
ON = date(2027, 1, 15)
MARCH = date(2027, 3, 1)
SAID = "We are updating our Terms of Service. The new version takes effect on 1 March 2027."
BANNER = f"<div class=banner><p>{SAID} <a href=/terms/next>Read it</a>.</p></div>"


def said(line: str, language: str = "en", own: str = "", before: str = "") -> list[tuple[date, str]]:
    return [(one.takes_effect, one.quote) for one in announced((before, line), language, ON, own)]


# ── What a page says ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "We are updating our Terms on 1 March 2027 to make them clearer."),
        ("en", "From 1 March 2027, new Terms of Service will apply."),
        ("en", "This Privacy Policy applies from March 1, 2027."),
        ("en", "We’ve updated our Terms of Use. The changes will take effect on March 1, 2027."),
        ("en", "As of 1 March 2027, this provision is amended as follows:"),
        ("de", "Ab dem 1. März 2027 gelten unsere neuen Allgemeinen Geschäftsbedingungen."),
        ("de", "Wir ändern unsere Datenschutzerklärung zum 01.03.2027."),
        ("fr", "La politique de confidentialité mise à jour prendra effet le 1er mars 2027."),
        ("fr", "Nos conditions d'utilisation changent le 1er mars 2027."),
        ("es", "A partir del 1 de marzo de 2027 se aplicarán nuestras nuevas condiciones de uso."),
        ("es", "Nuestra política de privacidad cambiará el 1 de marzo de 2027."),
        ("it", "Stiamo aggiornando i nostri termini. La nuova versione entrerà in vigore il 1 marzo 2027."),
        ("it", "Dal 1° marzo 2027 si applicheranno le nuove condizioni d'uso."),
        ("pt", "A nossa política de privacidade será atualizada em 1 de março de 2027."),
        ("pt", "Os novos Termos passam a valer em 1 de março de 2027."),
        ("nl", "Vanaf 1 maart 2027 gelden onze nieuwe algemene voorwaarden."),
        ("nl", "Ons privacybeleid wijzigt op 1 maart 2027."),
        ("pl", "Zmieniony regulamin obowiązuje od dnia 1 marca 2027 r."),
        ("pl", "Nasza polityka prywatności zmieni się 1 marca 2027 r."),
        ("zh", "我们将于2027年3月1日更新服务条款。"),
        ("zh", "新版隐私政策将于2027年3月1日起生效。"),
        ("ja", "2027年3月1日に利用規約を改定いたします。"),
        ("ja", "改定後のプライバシーポリシーは2027年3月1日から施行されます。"),
    ],
)
def test_an_announcement_is_understood_and_quoted_word_for_word(language: str, sentence: str) -> None:
    assert said(sentence, language) == [(MARCH, sentence)]


def test_only_the_sentences_that_announce_are_quoted() -> None:
    assert said(f"Welcome back. {SAID} Until then nothing changes. The old ones apply.") == [(MARCH, SAID)]
    assert said("Effective 1 March 2027", before="Our Terms of Service are changing") == [
        (MARCH, "Effective 1 March 2027")
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "If we change these terms, the new version takes effect on a day we name, such as 1 March 2027."),
        ("en", "We may update these terms effective 1 March 2027."),
        ("en", "Our new app comes out on 1 March 2027, and these terms apply to it."),
        ("en", "New prices apply from 1 March 2027."),
        ("en", "The Consumer Data Act takes effect on 1 March 2027, and this policy describes your rights."),
        ("en", "This policy describes your rights under the Example Privacy Act, effective 1 March 2027."),
        ("en", "The previous version of these Terms applies until 1 March 2027."),
        ("en", "Feature X will be discontinued on 1 March 2027; these Terms apply."),
        ("en", "Effective 1 March 2027"),
        ("en", "Last updated: 1 March 2027"),
        ("en", "Our updated Terms took effect on 1 December 2026."),
        ("en", "These Terms take effect on 02/03/2027."),  # in February or in March
        ("en", "Our new Terms will apply from March 2027."),  # on which day
        ("de", "Das Gesetz tritt am 1. März 2027 in Kraft, und diese Richtlinie gilt weiter."),
        ("de", "Die bisherige Fassung gilt bis 1. März 2027."),
        ("fr", "La version précédente s’applique jusqu’au 1er mars 2027."),
        ("es", "Si modificamos estas condiciones, se aplicarán el 1 de marzo de 2027."),
        ("it", "La legge entra in vigore il 1 marzo 2027."),
        ("pt", "A oferta é válida até 1 de março de 2027 nestes termos."),
        ("nl", "Als we deze voorwaarden wijzigen, gelden ze vanaf 1 maart 2027."),
        ("pl", "Jeżeli zmienimy regulamin, nowa wersja wejdzie w życie 1 marca 2027 r."),
        ("zh", "如果我们更新本条款,将于2027年3月1日生效。"),
        ("ja", "本規約を変更する場合、2027年3月1日より適用されます。"),
        ("ja", "キャンペーンは2027年3月1日まで有効です。"),
    ],
)
def test_what_is_possible_or_about_something_else_is_no_announcement(language: str, sentence: str) -> None:
    assert said(sentence, language) == []


def test_the_announcement_of_another_agreement_is_left_to_that_one() -> None:
    sentence = "We are updating our Privacy Policy on 1 March 2027."
    assert said(sentence, own="Terms of Service") == []
    assert said(sentence, own="Privacy Policy") == [(MARCH, sentence)]
    assert said("We are updating our Terms and Privacy Policy on 1 March 2027.", own="Terms of Service")


# ── Several versions on one page ─────────────────────────────────────────────────────────────────────────────────


def terms(notice: str = "30 days", tag: str = "h3") -> str:
    return "".join(
        f"<{tag}>{number}. Section {number}</{tag}><p>{sentence.replace('30 days', notice)}</p>"
        for number, sentence in enumerate(SENTENCES, start=1)
    )


def versions(first: str, second: str) -> str:
    """A page with the text of both, the coming one above the one that holds until it comes."""
    return f"<main><h1>Terms of Service</h1>{first}{terms('90 days')}{second}{terms()}</main>"


BOTH = versions("<h2>Version effective 1 March 2027</h2>", "<h2>Previous version (valid until 28 February 2027)</h2>")
ALONE = f"<main><h1>Terms of Service</h1>{terms()}</main>"


def seen(html: str, on: date = ON, traces: list[Trace] | None = None) -> Reading:
    """What a page reads as on a day."""
    document, captures = declared_and_captured((html,), content_type=HTML)
    at = datetime(on.year, on.month, on.day, 6, tzinfo=UTC)
    found = read(document, (replace(captures[0], fetched_at=at),), (), traces)
    assert isinstance(found, Reading), found
    return found


@pytest.mark.parametrize(
    "html",
    [
        BOTH,
        versions("<h2>Fassung gültig ab 1. März 2027</h2>", "<h2>Bisherige Fassung (gültig bis 28. Februar 2027)</h2>"),
        versions("<h2>New version (from 1 March 2027)</h2>", "<h2>Current version</h2>"),
        f"<main><h1>Terms of Service</h1><details><summary>In effect from 1 March 2027</summary>{terms('90 days')}"
        f"</details><details open><summary>In effect until 28 February 2027</summary>{terms()}</details></main>",
        "<main><h1>Terms of Service</h1><ul><li>Version effective March 1, 2027<li>Current version</ul>"
        f"<div hidden>{terms('90 days')}</div><div>{terms()}</div></main>",
    ],
    ids=["stacked", "German", "new and current", "folded", "tabs"],
)
def test_of_several_versions_the_one_in_force_is_read_and_the_other_announced(html: str) -> None:
    traces: list[Trace] = []
    found = seen(html, traces=traces)
    assert found.text == seen(ALONE).text
    assert [one.takes_effect for one in found.announcements] == [MARCH]
    assert found.announcements[0].quote in [line.text for line in traces[0]]
    assert found.until == MARCH
    assert {line.why for line in traces[0] if "90 days" in line.text} == {Why.COMING_VERSION}


def test_a_version_without_a_head_is_told_by_the_one_that_says_how_long_it_holds() -> None:
    coming = (
        f"<p>Welcome to these terms.</p><h2>Contents</h2>{terms('90 days', 'h2')}<p>Effective date: 1 March 2027</p>"
    )
    holds = (
        f"<h3>In effect until 1 March 2027</h3><p>Welcome to these terms.</p><h2>Contents</h2>{terms('30 days', 'h2')}"
    )
    html = f"<main><h1>Terms of Service</h1>{coming}{holds}<p>Effective date: 1 May 2026</p></main>"
    found = seen(html)
    assert ("30 days" in found.text, "90 days" in found.text) == (True, False)


def test_dates_that_may_as_well_close_the_text_above_them_tell_nothing() -> None:
    html = f"<main>{terms('90 days')}<p>Effective 1 March 2027</p>{terms()}<p>Effective 1 May 2026</p></main>"
    assert "90 days" in seen(html).text
    assert "30 days" in seen(html).text


def test_on_its_day_the_coming_version_is_the_one_in_force() -> None:
    before, after = seen(BOTH, date(2027, 2, 28)), seen(BOTH, MARCH)
    assert ("30 days" in before.text, "90 days" in before.text) == (True, False)
    assert ("30 days" in after.text, "90 days" in after.text) == (False, True)
    assert (after.announcements, after.until) == ((), None)


def test_of_versions_that_are_all_past_the_latest_is_read() -> None:
    html = versions("<p>Effective 1 May 2024</p>", "<h1>Terms of Service</h1><p>Effective 1 May 2026</p>")
    assert "30 days" in seen(html).text
    assert "90 days" not in seen(html).text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("<h2>If you live in the EU</h2>", "<h2>If you live in the US</h2>"),
        ("<h2>Terms for the EU (effective 1 May 2025)</h2>", "<h2>Terms for the US (effective 1 March 2026)</h2>"),
        ("<p>Last updated: 1 May 2025</p>", "<h1>Terms for Sellers</h1><p>Last updated: 1 March 2026</p>"),
        ("<p>Last updated: 1 May 2025</p>", "<h2>Appendix: standard clauses</h2>"),
        (
            "<h2>For people in the EU</h2><p>Read this.</p><h3>Effective 1 May 2025</h3>",
            "<h2>For people in the US</h2><p>Read this.</p><h3>Effective 1 March 2026</h3>",
        ),
        (
            "<h2>For people in the EU</h2><p>Read this.</p><p>Effective 1 May 2025</p>",
            "<h2>For people in the US</h2><p>Read this.</p><p>Effective 1 March 2026</p>",
        ),
        ("<h2>Version A</h2>", "<h2>Version B</h2>"),
        ("<h2>New members (from 1 March 2027)</h2>", "<h2>Current members</h2>"),
    ],
    ids=[
        "countries",
        "dated countries",
        "two agreements",
        "appendix",
        "countries below",
        "dates below",
        "nothing tells",
        "members",
    ],
)
def test_what_only_looks_like_versions_is_read_whole(first: str, second: str) -> None:
    found = seen(versions(first, second))
    assert "30 days" in found.text
    assert "90 days" in found.text
    assert found.until is None


def test_a_list_of_changes_by_version_is_read_whole() -> None:
    log = "".join(
        f"<h2>Version {number}, effective 1 May 202{number}</h2><p>We changed section {number} for clarity.</p>"
        for number in range(2, 6)
    )
    assert seen(f"<main><h1>Terms of Service</h1>{terms()}<h2>History</h2>{log}</main>").text.count("for clarity") == 4


def test_what_stands_below_all_versions_is_read() -> None:
    annex = "<h1>Annex</h1><p>A list of the subprocessors that we engage at present.</p>"
    assert "subprocessors that we engage" in seen(BOTH.replace("</main>", f"{annex}</main>")).text


# ── What is told ─────────────────────────────────────────────────────────────────────────────────────────────────

WATCHED = Document(DocumentRef("halcyon", "terms"), "Halcyon", "Terms of Service", (MAIN,), DAILY)
PLAIN = f"<body><main>{TERMS}</main></body>"
ANNOUNCED = f"<body>{BANNER}<main>{TERMS}</main></body>"


@pytest.fixture
def world() -> World:
    return World({MAIN.url: PLAIN}, now=datetime(2027, 1, 10, 6, tzinfo=UTC))


@pytest.fixture
def archive(store_url: str, world: World) -> Iterator[Store]:
    opened = Store.open(store_url, clock=lambda: world.now)
    declare(opened, (WATCHED,), (), WEEKLY)
    yield opened
    opened.close()


def look(store: Store, world: World, html: str | None = None, days: int = 1) -> Outcome:
    """A later look, at a new page or at the one that was there."""
    world.now += timedelta(days=days)
    world.pages[MAIN.url] = html or world.pages[MAIN.url]
    taken = claim(store, lease_s=60, per_host=9, only=WATCHED.ref)
    assert taken is not None
    outcome = check(store, world, Here(), Policy(), taken)
    assert outcome is not None
    return outcome


def told(outcome: Outcome) -> list[tuple[EventKind, str]]:
    return [(event.kind, event.about) for event in outcome.events]


def test_a_banner_is_told_once_for_each_day_that_it_names(archive: Store, world: World) -> None:
    look(archive, world)
    banner = look(archive, world, ANNOUNCED)
    assert banner.result == Reread()  # no word of the terms, under what they had taught
    assert told(banner) == [(EventKind.ANNOUNCED, "2027-03-01")]
    assert told(look(archive, world)) == []
    assert told(look(archive, world, ANNOUNCED.replace("banner", "notice"))) == []
    assert told(look(archive, world, ANNOUNCED.replace("1 March", "1 April"))) == [(EventKind.ANNOUNCED, "2027-04-01")]
    assert told(look(archive, world, PLAIN)) == []
    assert told(look(archive, world, ANNOUNCED, days=90)) == []  # by then it is no news
    april, march = history.announcements(archive, WATCHED.ref)
    assert (march.announcement.quote, march.announcement.url) == (SAID, "https://legal.example.com/terms/next")
    assert april.announcement.takes_effect == date(2027, 4, 1)
    (evidence,) = snapshots(archive, (march.announcement.snapshot_id,))
    assert SAID in evidence.body.decode()


def test_a_link_that_leads_nowhere_is_passed_over(archive: Store, world: World) -> None:
    nowhere = "".join(f"<a href='{href}'>Here</a> " for href in ("http://[next", "javascript:void(0)"))
    look(archive, world)
    look(archive, world, ANNOUNCED.replace("<a href", f"{nowhere}<a href"))
    (told_of,) = history.announcements(archive, WATCHED.ref)
    assert told_of.announcement.url == "https://legal.example.com/terms/next"


def test_what_stands_in_a_changed_text_is_told_with_the_change_and_not_again(archive: Store, world: World) -> None:
    look(archive, world)
    changed = look(archive, world, PLAIN.replace("<h2>1.", f"<p>{SAID}</p><h2>1."))
    assert [event.kind for event in changed.events] == [EventKind.CHANGE]
    assert told(look(archive, world, ANNOUNCED.replace("<h2>1.", f"<p>{SAID}</p><h2>1."))) == []


def test_a_coming_version_on_the_page_is_announced_and_told_as_a_change_on_its_day(
    archive: Store, world: World
) -> None:
    look(archive, world, ALONE)
    both = look(archive, world, BOTH)
    assert both.result == Reread()
    assert told(both) == [(EventKind.ANNOUNCED, "2027-03-01")]
    assert isinstance(look(archive, world).result, NotModified)
    came = look(archive, world, days=60)  # the same bytes, read anew
    assert isinstance(came.result, Archived)
    assert [event.kind for event in came.events] == [EventKind.CHANGE]
    assert "90 days" in came.result.reading.text
    assert isinstance(look(archive, world).result, NotModified)


PAID = (Plan.PROFESSIONAL, Plan.WATCHER)
LETTERHEAD = Letterhead("Terms Monitor <monitor@example.org>", "ops@example.org")


def test_an_announcement_reaches_mailbox_digest_and_webhook(archive: Store, world: World) -> None:
    with Mailbox() as mailbox, Site() as site, httpx.Client() as client:
        site.on("/hook", page())
        hook = reader("ann@example.com", Plan.PROFESSIONAL, "halcyon", webhook=site.url("/hook"))
        followers = (hook, *(reader(f"{plan}@example.com", plan, "halcyon") for plan in (*PAID, Plan.FREE)))
        declare(archive, (WATCHED,), followers, WEEKLY)
        look(archive, world)
        look(archive, world, ANNOUNCED)
        notifiers = {
            ChannelKind.EMAIL: EmailNotifier(SmtpServer("localhost", mailbox.port, Security.NONE, timeout_s=5.0)),
            ChannelKind.WEBHOOK: WebhookNotifier(client, lambda channel: SECRET),
        }
        for days in (0.0, 0.3, 7.0):  # at once, the same day, and when a digest has come
            world.now += timedelta(days=days)
            spread(archive, Periods(same_day_s=21_600))
            seal(archive, LETTERHEAD, WEEKLY)
            send_due(archive, notifiers, DeliveryPolicy())
    mails = {mail.recipients[0].partition("@")[0]: mail for mail in reversed(mailbox.mails)}  # the first one of each
    subjects = {name: str(mail.message["Subject"]) for name, mail in mails.items()}
    subject = "Halcyon · Terms of Service: new version announced for 1 March 2027"
    assert subjects == {
        "professional": subject,
        "watcher": subject,
        "free": "Digest: 1 announcement in 1 document",
    }
    for mail in mails.values():
        assert f"“{SAID}”" in " ".join(mail.part("plain").split())
        assert "https://legal.example.com/terms/next" in mail.part("html")
    assert "The announcement stands in what https://legal.example.com/terms" in mails["watcher"].part("plain")
    (call,) = site.requests
    payload = json.loads(call.body)
    validator().validate(payload)
    assert payload["type"] == "terms.announced"
    assert payload["data"]["takes_effect"] == "2027-03-01"


def test_the_documented_call_is_the_one_that_is_made() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", (DOCS / "webhook.md").read_text(), re.DOTALL)
    documented = json.loads(example)
    validator().validate(documented)
    assert documented == json.loads(webhook.event(announcement()).payload)
