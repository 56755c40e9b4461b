"""The configuration: what a file means, how secrets are kept, and that the documentation is that of the code."""

from __future__ import annotations

import json
import pickle
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from monitor.config import example, json_schema, load, reference_markdown
from monitor.config.declared import PLATFORMS_PER_SUBSCRIBER
from monitor.config.values import parse_period, parse_slug, slugify
from monitor.core.errors import ConfigError, NotFound
from monitor.core.model import Channel, ChannelKind, DocumentRef, Plan, Policy, Range, Schedule, Source
from monitor.store.tables import SLOTS
from tests.config_files import ANNA, BASE, EMAIL, HIDDEN, complaints, configured, every_key, uncommented

ROOT = Path(__file__).parents[1]
KEY = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
WHO = 'subscribers[0] "anna@example.org"'


# ── What a file means ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_short_file_gets_every_default(tmp_path: Path) -> None:
    settings = configured(tmp_path, BASE)

    (document,) = settings.documents
    assert document.ref == DocumentRef("mistral-ai", "terms")
    assert document.platform_name == "Mistral AI"
    assert document.sources == (Source("https://example.org/terms"),)
    assert document.schedule == Schedule(every_s=21_600.0)
    assert settings.policy == Policy()
    assert settings.digest == Schedule(cron="0 8 * * mon")
    assert (settings.fetch.workers, settings.fetch.per_host, settings.fetch.body_max) == (8, 2, 20_000_000)
    assert settings.subscribers == ()
    assert settings.path == tmp_path / "config.toml"


def test_a_document_has_what_it_declares_and_the_rest_from_the_schedule(tmp_path: Path) -> None:
    settings = configured(
        tmp_path,
        BASE
        + """
        language = "de-AT"
        section = "Subprocessors"
        select = ["main"]
        remove = [".note", {startAfter = "#a", endAfter = '[id="b"]'}]
        schedule = "30 7 * * mon-fri"

        [[platforms.documents]]
        id = "dpa"
        name = "Data Processing Addendum"
        urls = ["https://example.org/dpa/1", "https://example.org/dpa/2"]
        schedule = 90
        time_zone = "Asia/Tokyo"

        [schedule]
        time_zone = "Europe/Vienna"
        digest = "7d"
        """,
    )

    first, second = settings.documents
    assert first.schedule == Schedule(cron="30 7 * * mon-fri", time_zone="Europe/Vienna")
    assert (first.reading.section, first.reading.select, first.reading.remove) == (
        "Subprocessors",
        ("main",),
        (".note", Range("#a", '[id="b"]', with_start=False, with_end=True)),
    )
    assert str(first.reading.remove[1]) == '{startAfter = "#a", endAfter = "[id=\\"b\\"]"}'
    assert first.reading.language == first.sources[0].language == "de-AT"
    assert str(second.ref) == "mistral-ai/dpa"
    assert [source.url for source in second.sources] == ["https://example.org/dpa/1", "https://example.org/dpa/2"]
    assert second.schedule == Schedule(every_s=90.0, time_zone="Asia/Tokyo")
    assert settings.digest == Schedule(every_s=604_800.0, time_zone="Europe/Vienna")


def test_a_subscriber_is_told_by_mail_unless_the_file_says_how(tmp_path: Path) -> None:
    settings = configured(
        tmp_path,
        BASE
        + EMAIL
        + ANNA
        + """
        [[subscribers]]
        address = "bert@example.org"
        plan = "free"
        platforms = ["mistral-ai"]
        time_zone = "Europe/Berlin"
        channels = [
          {type = "email", address = "legal@example.org"},
          {type = "webhook", url = "https://hooks.example.org/1", secret = {env = "HOOK"}},
        ]
        """,
    )

    anna, bert, operator = settings.subscribers
    assert anna.plan is Plan.PROFESSIONAL
    assert anna.channels == (Channel(ChannelKind.EMAIL, "anna@example.org", "anna@example.org"),)
    assert bert.time_zone == "Europe/Berlin"
    assert [(channel.kind, channel.target) for channel in bert.channels] == [
        (ChannelKind.EMAIL, "legal@example.org"),
        (ChannelKind.WEBHOOK, "https://hooks.example.org/1"),
    ]
    assert (operator.plan, operator.platforms) == (Plan.OPERATOR, ())
    assert [channel.target for channel in operator.channels] == ["ops@example.org"]


def test_the_operator_may_follow_platforms_under_the_same_address(tmp_path: Path) -> None:
    settings = configured(tmp_path, BASE + EMAIL + ANNA.replace("anna@", "ops@"))

    subscriber, operator = settings.subscribers
    assert subscriber.address != operator.address
    assert subscriber.channels[0].target == operator.channels[0].target == "ops@example.org"
    assert subscriber.channels[0].id != operator.channels[0].id


def test_without_a_mail_server_the_operator_is_told_nothing_and_a_warning_says_so(tmp_path: Path) -> None:
    settings = configured(tmp_path, BASE)

    assert settings.subscribers == ()
    assert settings.warnings == (
        "Nobody is told when a document can't be seen: that needs operator.address and [email], or a channel.",
    )


def test_what_works_but_may_not_be_meant_is_a_warning(tmp_path: Path) -> None:
    settings = configured(
        tmp_path,
        """
        fetch.contact = "https://example.org/contact"
        [operator]
        channels = [{type = "webhook", url = "http://hooks.example.org/", secret = {env = "HOOK"}}]
        [email]
        host = "smtp.example.org"
        from = "terms@example.org"
        security = "none"
        username = "terms"
        password = {env = "MAIL"}
        """,
    )

    assert settings.warnings == (
        "Nothing is watched: there is no [[platforms.documents]].",
        'The password of the mail server is sent in clear: email.security is "none".',
        "A webhook is called without encryption: its URL begins with http://hooks.example.org.",
    )


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    files = '[database]\nurl = "sqlite:///data/terms.db"\n[webhook]\nca_file = "ca.pem"'
    settings = configured(tmp_path, BASE + files)

    assert settings.database.full_url() == f"sqlite:///{tmp_path}/data/terms.db"
    assert settings.webhook.ca_file == tmp_path / "ca.pem"


@pytest.mark.parametrize(
    ("security", "port"), [("tls", 465), ("starttls", 587), ("none", 25)], ids=["tls", "starttls", "none"]
)
def test_the_mail_port_follows_from_the_security(tmp_path: Path, security: str, port: int) -> None:
    settings = configured(tmp_path, BASE + EMAIL + f'security = "{security}"')

    assert settings.email is not None
    assert settings.email.server_port == port


def test_settings_of_the_same_file_are_equal_and_cannot_be_changed(tmp_path: Path) -> None:
    settings = configured(tmp_path, BASE + EMAIL + ANNA)

    assert settings == load(settings.path)
    with pytest.raises(ValidationError):
        settings.fetch.workers = 9
    with pytest.raises(AttributeError):
        settings.documents = ()  # type: ignore[misc]


def test_a_heading_pasted_with_a_hard_space_or_joiner_is_text_like_any_other(tmp_path: Path) -> None:
    settings = configured(tmp_path, BASE + 'section = "9.\u00a0شرایط\u200cها"')

    assert settings.documents[0].reading.section == "9.\u00a0شرایط\u200cها"


def test_a_byte_order_mark_and_carriage_returns_do_no_harm(tmp_path: Path) -> None:
    assert configured(tmp_path, b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode()).documents


@pytest.mark.parametrize(
    ("written", "period_s"),
    [("90s", 90), ("15m", 900), ("6h", 21_600), ("7d", 604_800), ("1.5h", 5_400), ("2 m", 120), (1, 1), (2.5, 2.5)],
)
def test_a_period_is_text_with_a_unit_or_a_number_of_seconds(written: object, period_s: float) -> None:
    assert parse_period(written) == period_s


def test_a_name_gives_a_readable_id() -> None:
    assert slugify("Mistral AI") == "mistral-ai"
    assert slugify("  Société Générale – CGU (2024) ") == "societe-generale-cgu-2024"


@given(st.text(max_size=300))
def test_whatever_the_name_its_id_is_one_or_there_is_none(name: str) -> None:
    slug = slugify(name)
    if slug:
        assert parse_slug(slug) == slugify(slug) == slug


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────

SECRETS = (
    BASE
    + EMAIL
    + """
    username = "terms"
    password = {env = "TEST_MAIL_PASSWORD"}
    [database]
    url = "postgresql://me@db/terms"
    password = {file = "database-password"}
    """
    + ANNA
    + """
    channels = [{type = "webhook", url = "https://example.org/hook", secret = {file = "hook-secret"}}]
    """
)


def test_secrets_are_read_when_used_and_shown_by_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_MAIL_PASSWORD", HIDDEN)
    (tmp_path / "database-password").write_text(f"{HIDDEN}/2\n")
    (tmp_path / "hook-secret").write_text(KEY + "\r\n")
    settings = configured(tmp_path, SECRETS, check_secrets=True)
    channel = settings.subscribers[0].channels[0]

    assert settings.email is not None
    assert settings.email.password is not None
    assert settings.email.password.reveal() == HIDDEN
    assert settings.database.full_url() == f"postgresql://me:{HIDDEN}%2F2@db/terms"
    assert settings.secret_of(channel.id) == KEY
    for shown in (repr(settings), str(settings.email), settings.email.model_dump_json(), str(pickle.dumps(settings))):
        assert HIDDEN not in shown
        assert KEY not in shown


def test_a_webhook_that_left_the_file_has_no_secret(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="The configuration has no webhook with the id 0123"):
        configured(tmp_path, BASE).secret_of("0123")


def test_missing_secrets_are_found_at_the_start_and_not_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_MAIL_PASSWORD", raising=False)
    (tmp_path / "hook-secret").write_text(HIDDEN)

    settings = configured(tmp_path, SECRETS)
    with pytest.raises(ConfigError, match="the environment variable TEST_MAIL_PASSWORD to hold the secret, found none"):
        settings.email.password.reveal()  # type: ignore[union-attr]
    assert complaints(tmp_path, SECRETS, check_secrets=True) == [
        "email.password: expected the environment variable TEST_MAIL_PASSWORD to hold the secret, "
        "found none of that name.",
        f"database.password: expected the file {tmp_path}/database-password to hold the secret, found none.",
        WHO + " › channels[0] › secret: expected a Standard Webhooks secret (whsec_ and the base64 of 24 to 64 bytes), "
        'found one of another form (not shown). "openssl rand -base64 32" makes one.',
    ]


def test_a_missing_certificate_file_is_found_at_the_start(tmp_path: Path) -> None:
    text = BASE + '[webhook]\nca_file = "ca.pem"'

    assert complaints(tmp_path, text, check_secrets=True) == [
        f"webhook.ca_file: expected a file of certificates, found none at {tmp_path}/ca.pem."
    ]


# ── Example, schema and reference ────────────────────────────────────────────────────────────────────────────────


def test_the_example_can_be_used_as_it_is_and_with_every_setting_in_force(tmp_path: Path) -> None:
    assert len(configured(tmp_path, example(), check_secrets=True).documents) == 2

    settings = configured(tmp_path, uncommented(example()))
    assert [subscriber.plan for subscriber in settings.subscribers] == [Plan.PROFESSIONAL, Plan.OPERATOR]
    assert settings.warnings == ()


def test_the_example_beside_the_readme_is_the_one_that_init_writes() -> None:
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == example()


def test_the_reference_and_the_schema_in_docs_are_those_of_the_code() -> None:
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == reference_markdown()
    assert json.loads((ROOT / "docs/schemas/config.json").read_text(encoding="utf-8")) == json_schema()


def test_the_reference_has_every_key_with_its_meaning() -> None:
    rows = [line for line in reference_markdown().splitlines() if line.startswith("| `")]
    named = {way[-1] for way in every_key() if len(way) > 1 and way[-1] not in {"env", "file"}}  # those of a secret

    assert {row.split("`")[1] for row in rows} == named
    assert all(row.removesuffix(" |").endswith(".") for row in rows)


def test_the_schema_is_one_and_agrees_with_us_about_files(tmp_path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    validator = jsonschema.Draft202012Validator(json_schema())

    for good in (example(), uncommented(example()), BASE + EMAIL + ANNA, SECRETS):
        assert configured(tmp_path, good)
        assert list(validator.iter_errors(tomllib.loads(good))) == []
    one_sided = 'remove = [{startBefore = "#a", endBefore = "#b", endAfter = "#c"}]'
    for bad in (
        one_sided,
        "[fetch]\nworkers = true",
        "[fetch]\nworker = 1",
        '[[platforms.documents]]\nname = "No page"',
    ):
        assert list(validator.iter_errors(tomllib.loads(BASE + bad)))


def test_the_limit_of_platforms_is_the_one_of_the_database() -> None:
    assert PLATFORMS_PER_SUBSCRIBER == SLOTS
