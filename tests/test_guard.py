"""Who may be called: the decision by tables and properties, the guarded client on real sockets."""

from __future__ import annotations

import ssl
import threading
import time
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import httpx
import pytest
from hypothesis import given, strategies as st

from monitor.net import (
    Address,
    AddressPolicy,
    AddressRefused,
    DeadlinePassed,
    NameNotFound,
    TlsFailed,
    guarded_client,
    trusted_context,
)
from tests.servers import Site, authority, drip, hung, page, redirect

STRICT = AddressPolicy()
LOCAL = AddressPolicy.allowing(["127.0.0.0/8"])

PRIVATE = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
]
EMBEDDINGS = {
    "mapped": lambda v4: 0xFFFF << 32 | v4,
    "compatible": lambda v4: v4,
    "translated": lambda v4: 0xFFFF << 48 | v4,
    "nat64": lambda v4: 0x64FF9B << 96 | v4,
    "local nat64": lambda v4: 0x64FF9B0001 << 80 | v4,
    "6to4": lambda v4: 0x2002 << 112 | v4 << 80 | 1,
    "teredo server": lambda v4: 0x20010000 << 96 | v4 << 64 | 0x808080,
    "teredo client": lambda v4: 0x20010000 << 96 | 0x08080808 << 64 | v4 ^ 0xFFFFFFFF,
    "isatap": lambda v4: 0x2A001450 << 96 | 0x02005EFE << 32 | v4,
    "link-local isatap": lambda v4: 0xFE80 << 112 | 0x5EFE << 32 | v4,
}


@st.composite
def private_addresses(draw: st.DrawFn) -> IPv4Address:
    network = IPv4Network(draw(st.sampled_from(PRIVATE)))
    return network[draw(st.integers(0, network.num_addresses - 1))]


@given(private_addresses(), st.sampled_from(sorted(EMBEDDINGS)))
def test_a_private_address_is_refused_bare_and_in_every_embedding(address: IPv4Address, embedding: str) -> None:
    assert STRICT.refusal("name.example", 443, address)
    assert STRICT.refusal("name.example", 443, IPv6Address(EMBEDDINGS[embedding](int(address))))


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_of_ipv6_only_global_unicast_and_what_carries_global_ipv4_is_called(address: IPv6Address) -> None:
    if STRICT.refusal("name.example", 443, address) is None:
        carried = address.ipv4_mapped is not None or int(address) >> 32 == 0x64FF9B << 64
        assert carried or int(address) >> 125 == 0b001


@pytest.mark.parametrize("text", ["8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "192.0.1.1"])
def test_an_address_of_the_public_internet_is_called(text: str) -> None:
    assert STRICT.refusal("name.example", 443, ip_address(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "::",
            "::1",
            "fe80::1",
            "fe80::1%2",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
            "100::1",
            "2001:db8::1",
        ),
        *("3fff::1", "5f00::1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.88.99.1"),
        "255.255.255.255",
    ],
)
def test_a_special_address_is_refused(text: str) -> None:
    assert STRICT.refusal("name.example", 443, ip_address(text))


@pytest.mark.parametrize(
    ("entry", "host", "port", "address", "allowed"),
    [
        ("localhost", "LOCALHOST.", 80, "127.0.0.1", True),
        ("localhost", "other.example", 80, "127.0.0.1", False),
        ("localhost:8080", "localhost", 8080, "::1", True),
        ("localhost:8080", "localhost", 80, "::1", False),
        ("10.0.0.0/8", "any.example", 80, "10.1.2.3", True),
        ("10.0.0.0/8", "any.example", 80, "::ffff:10.1.2.3", True),
        ("10.0.0.0/8", "any.example", 80, "192.168.0.1", False),
        ("10.1.2.3:443", "10.1.2.3", 443, "10.1.2.3", True),
        ("[fd00::1]:8443", "name.example", 8443, "fd00::1", True),
        ("[fd00::1]:8443", "name.example", 443, "fd00::1", False),
        ("::1", "localhost", 80, "::1", True),
        ("fd00::/8", "name.example", 80, "fd12::1", True),
    ],
)
def test_an_exception_covers_its_host_network_and_port_only(
    entry: str, host: str, port: int, address: str, allowed: bool
) -> None:
    refusal = AddressPolicy.allowing([entry]).refusal(host, port, ip_address(address))
    assert (refusal is None) is allowed


@pytest.mark.parametrize("entry", ["", "10.0.0.0/99", "two words", "host:0", "host:99999", "host:http", "[::1", "a/b"])
def test_an_exception_that_cannot_be_understood_is_an_error_that_quotes_it(entry: str) -> None:
    with pytest.raises(ValueError, match="expected") as error:
        AddressPolicy.allowing([entry])
    assert repr(entry) in str(error.value)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "017700000001", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"]
)
def test_no_spelling_of_this_machine_is_called(host: str) -> None:
    with Site() as site, guarded_client(STRICT, deadline_s=5) as client:
        with pytest.raises(AddressRefused, match="may not be called"):
            client.get(site.url(host=host))
        assert site.requests == []


def test_a_second_answer_of_the_name_server_is_never_asked_for() -> None:
    answers: list[str] = ["127.0.0.1", "127.0.0.99"]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> tuple[Address, ...]:
        asked.append(host)
        return (ip_address(answers[len(asked) - 1]),)

    only_first = AddressPolicy.allowing(["127.0.0.1"])
    with Site() as site, guarded_client(only_first, deadline_s=5, resolve=rebinding) as client:
        site.on("/", page("here"))
        url = site.url(host="rebinding.example")
        assert client.get(url).text == "here"
        assert asked == ["rebinding.example"]
        assert site.requests[0].headers["host"] == f"rebinding.example:{site.port}"
        with pytest.raises(AddressRefused, match=r"rebinding.example \(127.0.0.99\)"):
            client.get(url)


def test_a_name_with_a_private_address_among_others_is_refused() -> None:
    def mixed(host: str, port: int) -> tuple[Address, ...]:
        return ip_address("8.8.8.8"), ip_address("10.0.0.1")

    refused = pytest.raises(AddressRefused, match=r"10\.0\.0\.1")
    with guarded_client(STRICT, deadline_s=5, resolve=mixed) as client, refused:
        client.get("http://mixed.example/")


def test_the_next_address_is_tried_when_the_first_refuses_the_connection() -> None:
    def two(host: str, port: int) -> tuple[Address, ...]:
        return ip_address("127.0.0.2"), ip_address("127.0.0.1")

    with Site() as site, guarded_client(LOCAL, deadline_s=5, resolve=two) as client:
        site.on("/", page("here"))
        assert client.get(site.url(host="two.example")).text == "here"


def test_a_redirect_is_not_followed_unchecked() -> None:
    with Site() as site, guarded_client(AddressPolicy.allowing([f"127.0.0.1:{site.port}"]), deadline_s=5) as client:
        site.on("/", redirect("http://127.0.0.2:1/"))
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.2"):
            client.get(site.url(), follow_redirects=True)


def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Site() as proxy, Site() as site, guarded_client(LOCAL, deadline_s=5) as client:
        monkeypatch.setenv("HTTP_PROXY", proxy.url())
        site.on("/", page("here"))
        assert client.get(site.url()).text == "here"
        assert proxy.requests == []


def test_a_body_is_posted_and_a_slow_answer_ends_by_the_deadline() -> None:
    with Site() as site, guarded_client(LOCAL, deadline_s=0.8) as client:
        site.on("/hook", page(status=204))
        site.on("/hung", hung)
        site.on("/drip", drip(0.02, head=b""))
        assert client.post(site.url("/hook"), content=b"{}" * 100_000).status_code == 204
        assert site.requests[0].body == b"{}" * 100_000
        for path in ("/hung", "/drip"):
            began = time.monotonic()
            with pytest.raises(DeadlinePassed, match=r"0\.8 s"):
                client.post(site.url(path), content=b"{}")
            assert 0.7 < time.monotonic() - began < 5


def test_the_certificate_must_be_of_the_name_and_trusted() -> None:
    served, trusting = authority("named.example")

    def here(host: str, port: int) -> tuple[Address, ...]:
        return (ip_address("127.0.0.1"),)

    with (
        Site(tls=served) as site,
        guarded_client(LOCAL, deadline_s=5, ssl_context=trusting, resolve=here) as client,
        guarded_client(LOCAL, deadline_s=5, resolve=here) as stranger,
    ):
        site.on("/", page("secure"))
        assert client.get(site.url(host="named.example")).text == "secure"
        with pytest.raises(TlsFailed, match=r"can't be trusted: Hostname mismatch"):
            client.get(site.url(host="other.example"))
        with pytest.raises(TlsFailed, match=r"can't be trusted: .*issuer"):
            stranger.get(site.url(host="named.example"))


def test_the_usual_context_verifies_whom_it_speaks_to() -> None:
    context = trusted_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.cert_store_stats()["x509_ca"] > 50


def test_a_name_server_that_does_not_answer_is_waited_for_no_longer_than_allowed() -> None:
    answering = threading.Event()

    def silent(host: str, port: int) -> tuple[Address, ...]:
        answering.wait(10)
        raise OSError("too late")

    with guarded_client(LOCAL, deadline_s=5, connect_s=0.3, resolve=silent) as client:
        began = time.monotonic()
        with pytest.raises(NameNotFound, match=r"silent\.example could not be looked up within 0\.3 s"):
            client.get("http://silent.example/")
        assert time.monotonic() - began < 5
    answering.set()


def test_only_http_is_spoken() -> None:
    with guarded_client(LOCAL, deadline_s=5) as client, pytest.raises(httpx.UnsupportedProtocol, match="found ftp"):
        client.get("ftp://127.0.0.1/")
