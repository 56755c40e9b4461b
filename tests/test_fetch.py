"""Fetching on real sockets: what becomes an answer, what a failure, and what it may cost."""

from __future__ import annotations

import gzip
import re
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import brotli
import httpx
import pytest
import zstandard
from hypothesis import example, given, strategies as st

from monitor import __version__
from monitor.core.headers import retry_after_s
from monitor.core.model import Answer, FailureKind, FetchFailure, Hop, Kept, KnownSource, Source
from monitor.fetch import Fetcher, FetchLimits
from monitor.fetch.body import receive
from monitor.net import Address, AddressPolicy
from tests.servers import Exchange, Reply, Site, authority, chunked, cut, drip, hung, page, raw, redirect

NOW = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)
LOCAL = AddressPolicy.allowing(["127.0.0.1"])
QUICK = FetchLimits(connect_s=2, read_s=2, deadline_s=0.6)


@contextmanager
def fetching(limits: FetchLimits | None = None, **options: object) -> Iterator[Fetcher]:
    settings = {"policy": LOCAL, "contact": "mailto:anna@example.org", "clock": lambda: NOW} | options
    fetcher = Fetcher(limits, **settings)  # type: ignore[arg-type]
    yield fetcher
    fetcher.close()


def look(fetcher: Fetcher, url: str, language: str | None = None, **known: object) -> Answer | FetchFailure:
    source = Source(url, language)
    return fetcher.fetch(source, KnownSource(source, **known))  # type: ignore[arg-type]


def answer(seen: Answer | FetchFailure) -> Answer:
    assert isinstance(seen, Answer), seen
    return seen


def failure(seen: Answer | FetchFailure) -> FetchFailure:
    assert isinstance(seen, FetchFailure), seen
    return seen


def test_an_answer_holds_what_was_received_as_it_was_received() -> None:
    body = "Größe".encode("latin-1")
    with Site() as site, fetching() as fetcher:
        site.on("/terms", page(body, content_type="text/html; charset=ISO-8859-1", etag='"v1"'))
        seen = answer(look(fetcher, site.url("/terms")))
        assert (seen.status, seen.body, seen.complete, seen.fetched_at) == (200, body, True, NOW)
        assert seen.chain == (Hop(site.url("/terms"), 200),)
        assert seen.header("content-type") == "text/html; charset=ISO-8859-1"
        assert ("Etag", '"v1"') in seen.headers


def test_two_fetches_ask_the_same_and_say_who_asks() -> None:
    with Site() as site, fetching() as fetcher:
        site.on("/", page("terms", set_cookie="seen=1; Path=/"))
        for _ in range(2):
            look(fetcher, site.url(), language="de")
        look(fetcher, site.url())
        first, second, third = (request.headers for request in site.requests)
        assert first == second
        assert "cookie" not in second
        assert first["user-agent"] == f"terms-monitor/{__version__} (+mailto:anna@example.org)"
        assert (first["accept-language"], third["accept-language"]) == ("de", "en")
        assert first["accept-encoding"] == "gzip, deflate, br, zstd"


def test_a_name_beyond_ascii_can_still_be_said() -> None:
    with Site() as site, fetching(name="Wächter/2 [x%y]", contact="anna@example.org") as fetcher:
        assert answer(look(fetcher, site.url())).status == 404
        assert site.requests[0].headers["user-agent"] == "W%C3%A4chter/2 [x%y] (+anna@example.org)"


def test_cookies_are_carried_along_the_redirects_of_one_fetch() -> None:
    with Site() as site, fetching() as fetcher:

        def gate(exchange: Exchange) -> None:
            passed = exchange.request.headers.get("cookie") == "passed=yes"
            (page("terms") if passed else redirect("/", set_cookie="passed=yes"))(exchange)

        site.on("/", gate)
        for _ in range(2):
            seen = answer(look(fetcher, site.url()))
            assert (seen.body, [hop.status for hop in seen.chain]) == (b"terms", [302, 200])


def test_every_hop_is_recorded_without_credentials() -> None:
    served, trusting = authority("127.0.0.1")
    with Site() as plain, Site(tls=served) as secure, fetching(ssl_context=trusting) as fetcher:
        secure.on("/a", redirect("b?x=1#part", 301))
        secure.on("/b", redirect(f"http://user:secret@127.0.0.1:{plain.port}/c", 307))
        plain.on("/c", page("terms"))
        seen = answer(look(fetcher, secure.url("/a")))
        assert seen.chain == (
            Hop(secure.url("/a"), 301),
            Hop(secure.url("/b?x=1"), 307),
            Hop(plain.url("/c"), 200),
        )
        assert "authorization" not in plain.requests[0].headers


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ({"/": redirect("/b"), "/b": redirect("/c"), "/c": redirect("/b")}, r"in a circle: \S+/b → \S+/c → \S+/b\.$"),
        ({"/": redirect("/")}, r"in a circle"),
        ({"/": redirect("ftp://127.0.0.1/x")}, r"redirects to ftp://127\.0\.0\.1/x: expected http or https"),
        ({"/": lambda e: redirect(f"/?{int(e.request.path[2:] or 0) + 1}")(e)}, r"more than 10 times, .*/\?11\.$"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_named(replies: dict[str, Reply], said: str) -> None:
    with Site() as site, fetching() as fetcher:
        for path, reply in replies.items():
            site.on(path, reply)
        seen = failure(look(fetcher, site.url()))
        assert seen.kind == FailureKind.REDIRECTS
        assert httpx.URL(site.url()).netloc.decode() in seen.reason
        assert re.search(said, seen.reason)


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:port/", "http://xn--/", "http:////[", "////[", "https:", "http://[::1"]
)
def test_a_redirect_to_what_is_no_address_is_named(location: str) -> None:
    with Site() as site, fetching() as fetcher:
        site.on("/", redirect(location))
        seen = failure(look(fetcher, site.url()))
        assert seen.kind == FailureKind.REDIRECTS
        assert seen.reason.startswith(f"{site.url()}: it redirects to ")


def test_a_cookie_beyond_ascii_is_sent_back() -> None:
    with Site() as site, fetching() as fetcher:
        site.on("/", redirect("/b", set_cookie="name=\xff"))
        site.on("/b", page("terms"))
        assert answer(look(fetcher, site.url())).body == b"terms"


def test_a_redirect_to_a_private_address_is_refused_and_not_called() -> None:
    with (
        Site() as site,
        Site() as inner,
        fetching(policy=AddressPolicy.allowing([f"127.0.0.1:{site.port}"])) as fetcher,
    ):
        site.on("/", redirect(inner.url("/secret")))
        seen = failure(look(fetcher, site.url()))
        assert seen.kind == FailureKind.REFUSED
        assert seen.reason == f"{inner.url('/secret')}: 127.0.0.1 may not be called: it is this machine."
        assert inner.requests == []


def test_a_page_that_refreshes_itself_is_taken_as_it_is() -> None:
    with Site() as site, fetching() as fetcher:
        site.on("/", page('<meta http-equiv="refresh" content="0; url=/b">', refresh="0; url=/b"))
        assert answer(look(fetcher, site.url())).url == site.url()


def test_it_is_asked_whether_the_page_changed_where_a_good_answer_is_kept() -> None:
    kept = Kept("snapshot", "hash", "fingerprint")
    validators = {"etag": '"v1"', "last_modified": "Wed, 01 Apr 2026 06:00:00 GMT"}
    with Site() as site, fetching() as fetcher:
        site.on("/", page("", 304, etag='"v1"'))
        site.on("/moved", redirect("/"))
        seen = answer(look(fetcher, site.url(), bears=kept, **validators))
        assert (seen.status, seen.body, seen.header("etag")) == (304, b"", '"v1"')
        look(fetcher, site.url(), **validators)
        look(fetcher, site.url(), bears=kept, etag='"\xff"')
        look(fetcher, site.url("/moved"), bears=kept, **validators)
        asked = [(r.headers.get("if-none-match"), r.headers.get("if-modified-since")) for r in site.requests]
        both = (validators["etag"], validators["last_modified"])
        assert asked == [both, (None, None), (None, None), both, (None, None)]


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500, 503])
def test_an_error_status_is_an_answer(status: int) -> None:
    with Site() as site, fetching() as fetcher:
        site.on("/", page("sorry", status))
        assert answer(look(fetcher, site.url())).status == status


PACKED = gzip.compress(b"terms " * 50_000, mtime=0)


@pytest.mark.parametrize(
    ("reply", "received"),
    [
        (cut(b"half of the te", announced=100), b"half of the te"),
        (chunked(b"half ", b"of the te", ends=False), b"half of the te"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense"), b"half"),
        (page(PACKED[:-8], content_encoding="gzip"), b"terms " * 50_000),
        (chunked(PACKED[: len(PACKED) // 2], content_encoding="gzip"), None),
    ],
)
def test_what_is_cut_short_is_kept_and_known_to_be_incomplete(reply: Reply, received: bytes | None) -> None:
    with Site() as site, fetching() as fetcher:
        site.on("/", reply)
        seen = answer(look(fetcher, site.url()))
        assert not seen.complete
        if received is None:
            assert seen.body
            assert (b"terms " * 50_000).startswith(seen.body)
        else:
            assert seen.body == received


def _deflate_bare(data: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(data) + packing.flush()


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def _twice(pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: pack(data[: len(data) // 2]) + pack(data[len(data) // 2 :])


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "old name": ("X-GZIP", gzip.compress),
    "two members": ("gzip", _twice(gzip.compress)),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", _deflate_bare),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", _zstd),
    "two frames": ("zstd", _twice(_zstd)),
    "layers": ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
    "identity": ("identity", bytes),
}


def _split(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield data[start : start + size]
        start += size
    yield data[start:]


@given(
    st.sampled_from(sorted(CODINGS)),
    st.binary(max_size=60),
    st.sampled_from([1, 5000]),
    st.lists(st.integers(0, 50), max_size=8),
)
@example("brotli", b"terms", 25_000, [])  # its decoder takes all input before it has given all output
def test_whatever_its_coding_and_its_pieces_a_body_is_what_was_sent(
    name: str, part: bytes, times: int, sizes: list[int]
) -> None:
    data = part * times
    encoding, pack = CODINGS[name]
    body = receive(_split(pack(data), sizes), encoding, sent_max=1_000_000, decoded_max=1_000_000)
    assert (body.data, body.complete) == (data, True)


@given(st.sampled_from(["gzip", "deflate", "brotli", "zstd", "layers"]), st.binary(min_size=1, max_size=300), st.data())
def test_a_part_of_a_packed_body_is_a_part_of_the_body_and_incomplete(
    name: str, data: bytes, draw: st.DataObject
) -> None:
    encoding, pack = CODINGS[name]
    packed = pack(data)
    part = packed[: draw.draw(st.integers(1, len(packed) - 1))]
    body = receive([part], encoding, sent_max=1_000_000, decoded_max=1_000_000)
    assert data.startswith(body.data)
    assert not body.complete


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (page("x", content_encoding="lzma"), FailureKind.PROTOCOL, "found 'lzma'"),
        (page("x", content_encoding="gzip, gzip, gzip"), FailureKind.PROTOCOL, "at most 2 content codings"),
        (page("x" * 50, content_encoding="gzip"), FailureKind.PROTOCOL, "is not the gzip"),
        (page("x" * 50, content_encoding="br"), FailureKind.PROTOCOL, "is not the br"),
        (page("x" * 50, content_encoding="zstd"), FailureKind.PROTOCOL, "is not the zstd"),
        (page("x" * 1001), FailureKind.TOO_LARGE, "1,000 bytes it may have as sent"),
        (chunked(*[b"x" * 90] * 12), FailureKind.TOO_LARGE, "1,000 bytes it may have as sent"),
        (page(PACKED[:990], content_encoding="gzip"), FailureKind.TOO_LARGE, "9,000 bytes it may have unpacked"),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), FailureKind.PROTOCOL, "did not answer in HTTP"),
        (raw(), FailureKind.PROTOCOL, "disconnected without sending a response"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000), FailureKind.PROTOCOL, "did not answer in HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\n: " + b"x" * 9_000 + b"\r\n\r\n"), FailureKind.PROTOCOL, "illegal header line"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_a_failure_with_its_reason(
    reply: Reply, kind: FailureKind, said: str
) -> None:
    with Site() as site, fetching(FetchLimits(sent_bytes_max=1000, body_bytes_max=9000)) as fetcher:
        site.on("/", reply)
        seen = failure(look(fetcher, site.url()))
        assert seen.kind == kind
        assert seen.reason.startswith(site.url())
        assert said in seen.reason
        assert len(seen.reason) < 400


def _gzip_bomb() -> bytes:
    """250 kB that become 256 MB: a megabyte of zeros, packed so that it can be said again and again."""
    packing = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    head = packing.compress(bytes(1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH)
    again = packing.compress(bytes(1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH)
    return head + again * ((250_000 - len(head)) // len(again))


def _brotli_bomb() -> bytes:
    packing = brotli.Compressor(quality=1)
    return b"".join(packing.process(bytes(1 << 24)) for _ in range(32)) + packing.finish()


def _zstd_bomb() -> bytes:
    """250 kB that become 8 GB: a frame header with a window of 8 MB, then blocks that say a byte 128 k times."""
    block = (131_072 << 3 | 1 << 1).to_bytes(3, "little") + b"x"
    return bytes.fromhex("28b52ffd0068") + block * (250_000 // len(block))


# The peak is read from /proc: what getrusage says of a child begins with its parent's peak.
MEASURE = """
import re, sys
from pathlib import Path
from monitor.core.model import KnownSource, Source
from monitor.fetch import Fetcher, FetchLimits
from monitor.net import AddressPolicy
fetcher = Fetcher(FetchLimits(body_bytes_max=4_000_000), policy=AddressPolicy.allowing(["127.0.0.1"]))
for url in sys.argv[1:]:
    source = Source(url)
    seen = fetcher.fetch(source, KnownSource(source))
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
    print(getattr(seen, "kind", "answer"), peak[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc to know a process's peak")
def test_a_bomb_of_a_quarter_of_a_megabyte_takes_no_more_memory_than_a_page_may() -> None:
    bombs = {"gzip": _gzip_bomb(), "br": _brotli_bomb(), "zstd": _zstd_bomb()}
    bombs["gzip, gzip"] = gzip.compress(bombs["gzip"])
    with Site() as site:
        site.on("/", page("x" * 3_900_000))
        for number, (coding, bomb) in enumerate(bombs.items()):
            assert len(bomb) <= 250_100
            site.on(f"/{number}", page(bomb, content_encoding=coding))
        urls = [site.url(), *(site.url(f"/{number}") for number in range(len(bombs)))]
        told = subprocess.run([sys.executable, "-c", MEASURE, *urls], capture_output=True, text=True, check=True)
    lines = [line.split() for line in told.stdout.splitlines()]
    assert [kind for kind, _ in lines] == ["answer"] + ["too_large"] * len(bombs)
    assert int(lines[-1][1]) - int(lines[0][1]) < 24_000  # kB: brotli and zstd have windows of up to 16 MB


@pytest.mark.parametrize("reply", [hung, drip(0.02), drip(0.02, head=b"")], ids=["hung", "slow body", "slow headers"])
def test_a_fetch_ends_by_its_deadline_however_the_server_stalls(reply: Reply) -> None:
    with Site() as site, fetching(QUICK) as fetcher:
        site.on("/", reply)
        began = time.monotonic()
        seen = failure(look(fetcher, site.url()))
        assert time.monotonic() - began < 5
        assert (seen.kind, seen.reason) == (
            FailureKind.TIMEOUT,
            f"{site.url()}: it took longer than the 0.6 s it may take altogether.",
        )


def test_redirects_share_one_deadline() -> None:
    def slowly(exchange: Exchange) -> None:
        exchange.ending.wait(0.4)
        redirect(f"/?{time.monotonic()}")(exchange)

    with Site() as site, fetching(FetchLimits(deadline_s=1.2)) as fetcher:
        site.on("/", slowly)
        assert failure(look(fetcher, site.url())).kind == FailureKind.TIMEOUT
        assert 2 <= len(site.requests) <= 4


def test_a_silent_server_is_given_up_before_the_deadline() -> None:
    with Site() as site, fetching(FetchLimits(read_s=0.3, deadline_s=30)) as fetcher:
        site.on("/", hung)
        seen = failure(look(fetcher, site.url()))
        assert (seen.kind, seen.reason) == (
            FailureKind.TIMEOUT,
            f"{site.url()}: it fell silent for longer than it may.",
        )


def test_a_tls_handshake_that_hangs_ends_by_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, fetching(QUICK) as fetcher:
        began = time.monotonic()
        seen = failure(look(fetcher, f"https://127.0.0.1:{mute.getsockname()[1]}/"))
        assert seen.kind == FailureKind.TIMEOUT
        assert time.monotonic() - began < 5


def test_a_hung_host_delays_no_other() -> None:
    with Site() as site, fetching(FetchLimits(read_s=60)) as fetcher, ThreadPoolExecutor(24) as pool:
        site.on("/", page("terms"))
        with Site() as stuck:
            stuck.on("/", hung)
            waiting = [pool.submit(look, fetcher, stuck.url()) for _ in range(20)]
            others = [pool.submit(look, fetcher, site.url()) for _ in range(20)]
            assert {answer(other.result(30)).body for other in others} == {b"terms"}
            assert not any(one.done() for one in waiting)
        assert {failure(one.result()).kind for one in waiting} == {FailureKind.PROTOCOL}


def test_each_failure_to_connect_has_its_kind_and_sentence() -> None:
    served, _ = authority("127.0.0.1")

    def resolve(host: str, port: int) -> tuple[Address, ...]:
        if host == "missing.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return (ip_address("127.0.0.1"),)

    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with Site(tls=served) as secure, Site() as plain, fetching(resolve=resolve) as fetcher:
        expected = {
            "http://missing.example/": (
                FailureKind.DNS,
                "the name missing.example has no address: Name or service not known",
            ),
            f"http://127.0.0.1:{port}/": (FailureKind.CONNECT, "no connection could be made: Connection refused"),
            secure.url(): (
                FailureKind.TLS,
                "its certificate can't be trusted: unable to get local issuer certificate",
            ),
            f"https://127.0.0.1:{plain.port}/": (FailureKind.TLS, "no secure connection could be agreed on: "),
            "http://user:secret@127.0.0.1:port/": (FailureKind.PROTOCOL, "this is not an address that can be called"),
        }
        for url, (kind, said) in expected.items():
            seen = failure(look(fetcher, url))
            assert (seen.kind, seen.at) == (kind, NOW)
            assert said in seen.reason
            assert "secret" not in seen.reason


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("99999999999", 604_800),
        ("Wed, 01 Apr 2026 06:10:00 GMT", 600),
        ("Wednesday, 01-Apr-26 06:10:00 GMT", 600),
        ("Wed Apr  1 06:10:00 2026", 600),
        ("Wed, 01 Apr 2026 05:00:00 GMT", 0),
        ("Wed, 01 Apr 2099 05:00:00 GMT", 604_800),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("Wed, 99 Apr 2026 99:00:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_bounded(value: str | None, seconds: float | None) -> None:
    headers = () if value is None else (("Retry-After", value),)
    asked = Answer(Source("http://a.example/"), (), 503, headers, b"", NOW)
    assert retry_after_s(asked, NOW) == seconds
