"""Mistakes in a configuration file and the one sentence that each must get, written out in full."""

from __future__ import annotations

from monitor.config.declared import URLS_PER_DOCUMENT_MAX
from tests.config_files import ANNA, EMAIL, HIDDEN

DOCUMENT = 'platforms[0] "Mistral AI" › documents[0] "Terms"'
SECOND = 'platforms[0] "Mistral AI" › documents[1] "Privacy"'
WHO = 'subscribers[0] "anna@example.org"'
LOCAL = 'channels = [{type = "webhook", url = "http://[::1]:9/", secret = {env = "X"}}]'

SECTIONS = {
    "unknown section": (
        "[fecth]\nworkers = 1",
        'fecth: expected a known key, found an unknown one. Did you mean "fetch"?',
    ),
    "unknown key": (
        '[fetch]\nconect_timeout = "3s"',
        'fetch.conect_timeout: expected a known key, found an unknown one. Did you mean "connect_timeout"?',
    ),
    "unknown key unlike any": (
        "[log]\ncolour = true",
        "log.colour: expected a known key, found an unknown one. Known are level, format.",
    ),
    "period without unit": (
        '[fetch]\nread_timeout = "3 parsecs"',
        'fetch.read_timeout: expected a time such as "10s" or "2m", or a number of seconds, found "3 parsecs".',
    ),
    "period of nothing": (
        "[schedule]\nsecond_look = 0",
        "schedule.second_look: expected one second or longer, found 0.",
    ),
    "negative period": (
        '[schedule]\nevery = "-6h"',
        'schedule.every: expected an interval such as "6h" or a cron expression such as "30 7 * * *", found "-6h".',
    ),
    "endless period": (
        "[schedule]\nsecond_look = inf",
        'schedule.second_look: expected a period such as "90s", "15m", "6h" or "7d", or a number of '
        "seconds, found inf.",
    ),
    "period of years": (
        '[delivery]\ngive_up_after = "999d"',
        'delivery.give_up_after: expected at most 366 days, found "999d".',
    ),
    "same-day in two": (
        '[schedule]\nsame_day = "13h"',
        'schedule.same_day: expected at most 12 hours, found "13h". Watchers are promised the same day.',
    ),
    "retries that shrink": (
        '[schedule]\nretry_first = "12h"',
        'schedule.retry_first: expected no more than retry_max, which is "6h", found "12h".',
    ),
    "truth for a number": (
        "[fetch]\nworkers = true",
        "fetch.workers: expected a whole number from 1 to 256, found true.",
    ),
    "text for a number": (
        '[fetch]\nper_host = "2"',
        'fetch.per_host: expected a whole number from 1 to 64, found "2".',
    ),
    "no worker": ("[fetch]\nworkers = 0", "fetch.workers: expected a whole number from 1 to 256, found 0."),
    "size": (
        '[fetch]\nbody_max = "20 MBs"',
        'fetch.body_max: expected a size such as "500kB" or "20MB", or a number of bytes, found "20 MBs".',
    ),
    "network with host bits": (
        '[fetch]\nallow_private = ["10.0.0.1/8"]',
        'fetch.allow_private[0]: expected a host, an IP address or a network such as "10.0.0.0/8", '
        'found "10.0.0.1/8". Did you mean "10.0.0.0/8"?',
    ),
    "list without brackets": (
        '[fetch]\nallow_private = "localhost"',
        "fetch.allow_private: expected a list in brackets, each item a host, an IP address or a network such as "
        '"10.0.0.0/8", found "localhost". Write ["localhost"].',
    ),
    "cron out of range": (
        '[schedule]\nevery = "61 * * * *"',
        "schedule.every: expected a cron expression of five fields (minute, hour, day, month, weekday), "
        'found "61 * * * *". Bad minute.',
    ),
    "cron of four fields": (
        '[schedule]\ndigest = "0 8 * *"',
        "schedule.digest: expected a cron expression of five fields (minute, hour, day, month, weekday), "
        'found "0 8 * *". 4 fields.',
    ),
    "time zone": (
        '[schedule]\ntime_zone = "Europe/Wien"',
        'schedule.time_zone: expected an IANA time zone such as "Europe/Vienna" or "UTC", found "Europe/Wien". '
        'Did you mean "Europe/Vienna"?',
    ),
    "no sender": (
        '[email]\nhost = "smtp.example.org"',
        'email.from: expected an e-mail address such as "Terms Monitor <terms@example.org>", found nothing. '
        "The key is required.",
    ),
    "misspelt word": (
        EMAIL + 'security = "startls"',
        'email.security: expected one of "tls", "starttls", "none", found "startls". Did you mean "starttls"?',
    ),
    "password without user": (
        EMAIL + 'password = {env = "X"}',
        "email.username: expected a username, because there is a password, found nothing.",
    ),
    "password in the file": (
        EMAIL + f'username = "a"\npassword = "{HIDDEN}"',
        'email.password: expected where the secret is kept, {env = "NAME"} or {file = "PATH"}, found a string (not '
        "shown). A secret doesn't stand in this file, because the file is copied, committed and shown.",
    ),
    "secret kept twice": (
        EMAIL + 'username = "a"\npassword = {env = "X", file = "y"}',
        'email.password: expected where the secret is kept, {env = "NAME"} or {file = "PATH"}, '
        "found a table with both.",
    ),
    "misspelt key of a secret": (
        EMAIL + 'username = "a"\npassword = {env = "X", fil = "y"}',
        'email.password.fil: expected a known key, found an unknown one. Did you mean "file"?',
    ),
    "secret for the name of its variable": (
        EMAIL + f'username = "a"\npassword = {{env = "{HIDDEN}"}}',
        "email.password.env: expected the name of an environment variable, in capitals, found something else (not "
        "shown).",
    ),
    "host with port": (
        '[email]\nhost = "smtp.example.org:25"\nfrom = "a@example.org"',
        'email.host: expected a host such as "smtp.example.org", found "smtp.example.org:25". '
        "Leave out scheme and port.",
    ),
    "header in an address": (
        '[email]\nhost = "smtp.example.org"\nfrom = "a@example.org\\nBcc: b@example.org"',
        'email.from: expected an e-mail address such as "Terms Monitor <terms@example.org>", '
        'found "a@example.org\\u000aBcc: b@example.org".',
    ),
    "database password": (
        f'[database]\nurl = "postgresql://me:{HIDDEN}@db/terms"',
        "database.url: expected a URL without a password, found a URL with a password inside (not shown). "
        'Name where it is kept: password = {env = "NAME"} or {file = "PATH"}.',
    ),
    "database password as a parameter": (
        f'[database]\nurl = "postgresql://me@db/terms?password={HIDDEN}"',
        "database.url: expected a URL without a password, found a URL with a password inside (not shown). "
        'Name where it is kept: password = {env = "NAME"} or {file = "PATH"}.',
    ),
    "unknown database": (
        '[database]\nurl = "postgres://me@db/terms"',
        'database.url: expected a URL such as "sqlite:///terms-monitor.db" or "postgresql://user@host/name", '
        'found one for postgres. Did you mean "postgresql"?',
    ),
    "database in memory": (
        '[database]\nurl = "sqlite://"',
        'database.url: expected a URL such as "sqlite:///terms-monitor.db" or "postgresql://user@host/name", '
        'found one that names no lasting file. Three slashes, then the path: "sqlite:///terms-monitor.db".',
    ),
    "a list of tables as a table": (
        "[subscribers]",
        "subscribers: expected a list in brackets, each item a table, found a table. "
        "Write [[subscribers]] with two pairs of brackets.",
    ),
}

DOCUMENTS = {
    "no name": (
        '[[platforms.documents]]\nurl = "https://example.org/p"',
        'platforms[0] "Mistral AI" › documents[1] › name: expected text in quotes, one line of at most 200 '
        "characters, found nothing. The key is required.",
    ),
    "cron instead of schedule": (
        'cron = "0 6 * * *"',
        DOCUMENT + ' › cron: expected a known key, found an unknown one. Did you mean "schedule"?',
    ),
    "never due": (
        'schedule = "0 0 31 2 *"',
        DOCUMENT + " › schedule: expected a cron expression of five fields (minute, hour, day, month, weekday), "
        'found "0 0 31 2 *". Bad day-of-month.',
    ),
    "language": (
        'language = "de_AT"',
        DOCUMENT + ' › language: expected a BCP 47 language tag such as "en", "de-AT" or "zh-Hant", found "de_AT". '
        'Did you mean "de-AT"?',
    ),
    "selector": (
        'select = ["main", "div[["]',
        DOCUMENT + ' › select[1]: expected a CSS selector such as "main" or ".cookie-note", found "div[[". '
        "Malformed attribute selector at position 3.",
    ),
    "range without an end": (
        'select = [{startBefore = "#a"}]',
        DOCUMENT + " › select[0]: expected one of startBefore and startAfter, and one of endBefore and endAfter, "
        "found startBefore.",
    ),
    "range with two starts": (
        'remove = [{startBefore = "#a", startAfter = "#b", endAfter = "#c"}]',
        DOCUMENT + " › remove[0]: expected one of startBefore and startAfter, and one of endBefore and endAfter, "
        "found startBefore and startAfter and endAfter.",
    ),
    "range with a misspelt key": (
        'select = [{startBefore = "#a", endBefor = "#b"}]',
        DOCUMENT + " › select[0]: expected one of startBefore and startAfter, and one of endBefore and endAfter, "
        'found the key "endBefor". Did you mean "endBefore"?',
    ),
    "range of a broken selector": (
        'select = [{startBefore = "#a", endBefore = "div[["}]',
        DOCUMENT + ' › select[0]: expected a CSS selector such as "main" or ".cookie-note", found "div[[". '
        "Malformed attribute selector at position 3.",
    ),
    "range of a number": (
        "select = [{startBefore = 1, endBefore = 2}]",
        DOCUMENT + " › select[0]: expected a CSS selector in startBefore, found 1.",
    ),
    "selector that is a number": (
        "select = [1]",
        DOCUMENT + ' › select[0]: expected a CSS selector such as "main" or ".cookie-note", or a range of two, '
        "found 1.",
    ),
    "name of two lines": (
        'section = "a\\nb"',
        DOCUMENT + " › section: expected text in quotes, one line of at most 200 characters, "
        "found text with a line break or control character in it.",
    ),
    "bad id": (
        'id = "My Terms"',
        DOCUMENT + ' › id: expected small letters, digits and single hyphens between them, found "My Terms". '
        'Did you mean "my-terms"?',
    ),
    "both url and urls": (
        'urls = ["https://example.org/2"]',
        DOCUMENT + " › urls: expected either url or urls, found both.",
    ),
    "same id": (
        '[[platforms.documents]]\nname = "Terms"\nurl = "https://example.org/2"',
        'platforms[0] "Mistral AI" › documents[1] "Terms" › id: expected an id of its own, found "terms", which is '
        "that of documents[0]. Write another id.",
    ),
    "same pages": (
        '[[platforms.documents]]\nname = "Privacy"\nurls = ["https://example.org/terms"]',
        SECOND + ": expected pages and a section of its own, found those of documents[0]. "
        "Take one of the two away, or give them different sections.",
    ),
    "page twice": (
        '[[platforms.documents]]\nname = "Privacy"\nurls = ["https://example.org/1", "https://example.org/1"]',
        SECOND + " › urls: expected every URL once, found one of them twice.",
    ),
    "too many pages": (
        '[[platforms.documents]]\nname = "Privacy"\nurls = '
        + str([f"https://example.org/{number}" for number in range(URLS_PER_DOCUMENT_MAX + 1)]),
        SECOND + " › urls: expected at most 20 entries, found 21.",
    ),
    "no page": ('[[platforms.documents]]\nname = "Privacy"', SECOND + " › url: expected url or urls, found neither."),
    "same platform": (
        '[[platforms]]\nname = "Mistral, AI"',
        'platforms[1] "Mistral, AI" › id: expected an id of its own, found "mistral-ai", which is that of '
        "platforms[0]. Write another id.",
    ),
    "name without letters": (
        '[[platforms]]\nname = "微信"',
        'platforms[1] "微信" › id: expected an id, found none, and none can be made from the name. '
        'Write one, such as id = "mistral".',
    ),
}

URLS = {
    "www.example.org/terms": 'found "www.example.org/terms". Did you mean "https://www.example.org/terms"?',
    "ftp://example.org/terms": 'found "ftp://example.org/terms".',
    "https:///terms": "found a URL without a host.",
    "https://example.org:99999/": "found a URL with a broken host or port.",
    "https://[::1/": "found a URL with a broken host or port.",
    "https://example.org/a b": "found a URL with a space or control character in it. Write a space as %20.",
    f"https://me:{HIDDEN}@example.org/": "found a URL with credentials inside (not shown). "
    "Credentials in a URL would end up in the archive and in every message.",
    f"ftp://me:{HIDDEN}@example.org/": 'found "ftp://…@example.org/".',
    "https://example.org/terms#top": "found a URL with a fragment. What follows # is never sent. "
    "To watch one part of a page, name its heading with section.",
}

PLATFORMS = "".join(f'[[platforms]]\nname = "P{number}"\n' for number in range(1, 11))
ELEVEN = ", ".join(f'"{name}"' for name in ["mistral-ai", *(f"p{number}" for number in range(1, 11))])

SUBSCRIBERS = {
    "unknown platform": (
        EMAIL + ANNA.replace('"mistral-ai"', '"mistral"'),
        WHO
        + ' › platforms[0]: expected the id of a platform in this file, found "mistral". Did you mean "mistral-ai"?',
    ),
    "name for an id": (
        EMAIL + ANNA.replace('"mistral-ai"', '"mistral", "mistral-ai"').replace('"mistral",', '"mistral-al",'),
        WHO
        + ' › platforms[0]: expected the id of a platform in this file, found "mistral-al". Did you mean "mistral-ai"?',
    ),
    "eleven platforms": (
        EMAIL + PLATFORMS + ANNA.replace('"mistral-ai"', ELEVEN),
        WHO + " › platforms: expected at most 10 platforms for one subscriber, found 11. "
        "Let a second address follow the others.",
    ),
    "free with two": (
        EMAIL + PLATFORMS + ANNA.replace("professional", "free").replace('"mistral-ai"', '"mistral-ai", "p1"'),
        WHO + " › platforms: expected one platform, as the free plan follows one, found 2. "
        'The plans "watcher" and "professional" follow up to ten.',
    ),
    "same platform twice": (
        EMAIL + ANNA.replace('"mistral-ai"', '"mistral-ai", "mistral-ai"'),
        WHO + ' › platforms[1]: expected every platform once, found "mistral-ai" a second time.',
    ),
    "no platform": (
        EMAIL + ANNA.replace('"mistral-ai"', ""),
        WHO + " › platforms: expected at least one platform, found an empty list.",
    ),
    "unknown plan": (
        EMAIL + ANNA.replace("professional", "profesional"),
        WHO + ' › plan: expected one of "free", "watcher", "professional", found "profesional". '
        'Did you mean "professional"?',
    ),
    "the operator's plan": (
        EMAIL + ANNA.replace("professional", "operator"),
        WHO + ' › plan: expected one of "free", "watcher", "professional", found "operator".',
    ),
    "same address": (
        EMAIL + ANNA + ANNA.replace("anna@", "Anna@"),
        'subscribers[1] "Anna@example.org" › address: expected an address of its own, found the address of '
        "subscribers[0]. One address is one subscriber.",
    ),
    "no way to be told": (
        ANNA,
        WHO + " › channels: expected a way to be told, found none. "
        "E-mail needs the section [email]; add it, or declare a webhook.",
    ),
    "mail without a server": (
        ANNA + 'channels = [{type = "email"}]',
        WHO + ' › channels[0] › type: expected a channel that can be used, found "email" without a mail server. '
        "E-mail needs the section [email]; add it, or declare a webhook.",
    ),
    "webhook without a secret": (
        ANNA + 'channels = [{type = "webhook", url = "https://example.org/hook"}]',
        WHO + " › channels[0] › secret: expected the secret that signs each call, found nothing. A webhook needs it.",
    ),
    "webhook with an e-mail address": (
        ANNA + LOCAL.replace("[::1]:9", "example.org").replace("secret", 'address = "a@example.org", secret'),
        WHO + ' › channels[0] "a@example.org" › address: expected no address for a webhook, found "a@example.org".',
    ),
    "private webhook": (
        ANNA + LOCAL,
        WHO + " › channels[0] › url: expected an address on the internet, found ::1, which is private. "
        'If it is meant, write allow_private = ["::1"] under [webhook].',
    ),
    "same channel": (
        EMAIL + ANNA + 'channels = [{type = "email"}, {type = "email", address = "anna@example.org"}]',
        WHO + ' › channels[1] "anna@example.org": expected every channel once, found the same one a second time.',
    ),
}

BAD = {
    f"{part}: {name}": case
    for part, cases in {"section": SECTIONS, "document": DOCUMENTS, "subscriber": SUBSCRIBERS}.items()
    for name, case in cases.items()
}
