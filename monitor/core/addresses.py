"""Which addresses may be called: by default only those the whole internet can reach.

A page or webhook whose name leads to this machine or its neighbours would let a stranger read them through us
(server-side request forgery). The decision is pure and is made about the address that is then connected to.
Networks are those that the IANA special-purpose address registries call not globally reachable, kept here because
what Python's `is_global` knows of them differs between its patch releases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_CLOSED_4: tuple[tuple[IPv4Network, str], ...] = (
    (IPv4Network("0.0.0.0/8"), "it stands for this machine"),
    (IPv4Network("10.0.0.0/8"), "it is private"),
    (IPv4Network("100.64.0.0/10"), "it is a provider's shared address"),
    (IPv4Network("127.0.0.0/8"), "it is this machine"),
    (IPv4Network("169.254.0.0/16"), "it is link-local, where clouds keep their metadata"),
    (IPv4Network("172.16.0.0/12"), "it is private"),
    (IPv4Network("192.0.0.0/24"), "it is reserved for protocols"),
    (IPv4Network("192.0.2.0/24"), "it is reserved for documentation"),
    (IPv4Network("192.88.99.0/24"), "it is a relay of 6to4"),
    (IPv4Network("192.168.0.0/16"), "it is private"),
    (IPv4Network("198.18.0.0/15"), "it is reserved for benchmarks"),
    (IPv4Network("198.51.100.0/24"), "it is reserved for documentation"),
    (IPv4Network("203.0.113.0/24"), "it is reserved for documentation"),
    (IPv4Network("168.63.129.16/32"), "it is a cloud's metadata service"),
    (IPv4Network("224.0.0.0/4"), "it is multicast"),
    (IPv4Network("240.0.0.0/4"), "it is reserved"),
)
_OPEN_6 = IPv6Network("2000::/3")  # the only global unicast there is; all else is loopback, private, link-local, …
_CLOSED_6: tuple[tuple[IPv6Network, str], ...] = (
    (IPv6Network("2001::/23"), "it is reserved for protocols and tunnels"),  # Teredo among them
    (IPv6Network("2001:db8::/32"), "it is reserved for documentation"),
    (IPv6Network("2002::/16"), "it is a 6to4 tunnel"),
    (IPv6Network("3fff::/20"), "it is reserved for documentation"),
)
# The last 32 bits of an address in these networks are an IPv4 address, and that is where a connection ends.
_CARRIERS = (
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped: the kernel itself connects to the IPv4 address
    IPv6Network("64:ff9b::/96"),  # NAT64 (RFC 6052), how a host without IPv4 reaches it
)
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the interface part that announces an IPv4 address


@dataclass(frozen=True, slots=True)
class Allowed:
    """One exception: a host by name or a network, at every port or at one."""

    host: str | None = None
    network: Network | None = None
    port: int | None = None

    @classmethod
    def parse(cls, entry: str) -> Allowed:
        """From `localhost`, `intranet.example:8443`, `10.1.2.3`, `10.0.0.0/8`, `[::1]:8080`.

        Raises ValueError with a sentence where the entry is none of these.
        """
        name, port = _split_port(entry.strip())
        if not name:
            raise ValueError(f"expected a host, an address or a network, found {entry!r}")
        try:
            return cls(network=ip_network(name, strict=False), port=port)
        except ValueError:
            pass
        if "/" in name or ":" in name or any(character.isspace() for character in name):
            raise ValueError(f"expected a host, an address or a network (10.0.0.0/8), found {entry!r}")
        return cls(host=_plain(name), port=port)

    def covers(self, host: str, port: int, address: Address) -> bool:
        """Whether this exception is about that address, reached by that name and port."""
        if self.port is not None and self.port != port:
            return False
        if self.network is not None:
            return address.version == self.network.version and address in self.network
        return self.host == _plain(host)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Who may be called. Without exceptions: only addresses that the whole internet can reach."""

    allowed: tuple[Allowed, ...] = ()

    @classmethod
    def allowing(cls, entries: Iterable[str]) -> AddressPolicy:
        """The policy with these exceptions; raises ValueError with a sentence for one that can't be understood."""
        return cls(tuple(Allowed.parse(entry) for entry in entries))

    def refusal(self, host: str, port: int, address: Address) -> str | None:
        """Why that address may not be called, as the end of a sentence ("it is private"); None where it may."""
        if any(exception.covers(host, port, address) for exception in self.allowed):
            return None
        for reached in _reached(address):
            why = _why_closed(reached)
            if why and not any(exception.covers(host, port, reached) for exception in self.allowed):
                return why
        return None


def _reached(address: Address) -> tuple[Address, ...]:
    """The addresses that a connection to this one may end at."""
    if isinstance(address, IPv4Address):
        return (address,)
    number = int(address)
    last = IPv4Address(number & 0xFFFFFFFF)
    if any(address in carrier for carrier in _CARRIERS):
        return (last,)
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return (address, last)
    return (address,)


def _why_closed(address: Address) -> str | None:
    if isinstance(address, IPv4Address):
        return next((why for network, why in _CLOSED_4 if address in network), None)
    if address not in _OPEN_6:
        return "it is this machine" if address.is_loopback else "it is not an address of the public internet"
    return next((why for network, why in _CLOSED_6 if address in network), None)


def _split_port(entry: str) -> tuple[str, int | None]:
    """Host and port; a bare IPv6 address has colons and no port, one in brackets may have one."""
    if entry.startswith("["):
        name, closed, rest = entry[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            return "", None
        return name, _port(rest[1:], entry) if rest else None
    if entry.count(":") == 1:
        name, _, port = entry.partition(":")
        return name, _port(port, entry)
    return entry, None


def _port(text: str, entry: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise ValueError(f"expected a port from 1 to 65535 after the colon, found {entry!r}")
    return int(text)


def _plain(host: str) -> str:
    return host.rstrip(".").lower()
