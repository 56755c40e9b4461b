"""Receives a body in bounded memory: as it was sent, and undone from its content codings piece by piece.

A quarter of a megabyte of gzip can hold a quarter of a gigabyte. So every decoder here gives its output in pieces
of bounded size, each layer's output is counted against the cap as it comes, and nothing is decoded past it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import brotli
import httpx
import zstandard

from monitor.core.model import FailureKind
from monitor.fetch.reasons import Unfetchable

ACCEPTED = "gzip, deflate, br, zstd"
LAYERS_MAX = 2  # content codings on top of each other; a second is a server's mistake, a third an attack
PIECE_BYTES = 65_536
# The smallest zstd block has 4 bytes and becomes 128 kB, and its decoder can't be told to stop: 64 bytes make 2 MB.
ZSTD_SLICE_BYTES = 64
ZSTD_WINDOW_BYTES_MAX = 8 * 1024 * 1024  # RFC 9659


@dataclass(frozen=True, slots=True)
class Body:
    """What was received and decoded. `complete` is false where it ended before its announced or encoded end."""

    data: bytes
    complete: bool


def receive(chunks: Iterable[bytes], content_encoding: str | None, *, sent_max: int, decoded_max: int) -> Body:
    """The body of `chunks`, the bytes on the wire, undone from their codings, both sizes within their caps in bytes.

    A connection that breaks off gives what had come, incomplete. Raises Unfetchable for one that is too large or not
    coded as it says, and lets time-outs of `chunks` through.
    """
    stream = _capped(chunks, sent_max, "as sent")
    for coding in _codings(content_encoding):
        stream = _capped(_UNDO[coding](stream), decoded_max, "unpacked")
    data = bytearray()
    try:
        for piece in stream:
            data += piece
    except (_EndsEarly, httpx.RemoteProtocolError, httpx.ReadError):
        return Body(bytes(data), complete=False)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise Unfetchable(
            FailureKind.PROTOCOL, f"the body is not the {content_encoding} that its headers say it is"
        ) from error
    return Body(bytes(data), complete=True)


class _EndsEarly(Exception):
    """The encoded data stops before its own end."""


def _codings(content_encoding: str | None) -> list[str]:
    """The codings to undo, the last applied first."""
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    names = [name for name in names if name not in ("", "identity")]
    unknown = [name for name in names if name not in _UNDO]
    if unknown:
        raise Unfetchable(
            FailureKind.PROTOCOL, f"expected one of the content codings {ACCEPTED}, found {unknown[0][:40]!r}"
        )
    if len(names) > LAYERS_MAX:
        raise Unfetchable(
            FailureKind.PROTOCOL,
            f"expected at most {LAYERS_MAX} content codings on top of each other, found {len(names)}",
        )
    return names[::-1]


def _capped(chunks: Iterable[bytes], bytes_max: int, measured: str) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > bytes_max:
            raise Unfetchable(
                FailureKind.TOO_LARGE, f"the body is larger than the {bytes_max:,} bytes it may have {measured}"
            )
        yield chunk


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 1952: one or more members; what follows the last and isn't one is ignored, as browsers do."""
    decoder = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    started = False
    for chunk in chunks:
        data = chunk
        while data:
            if decoder.eof:
                if data[:1] != b"\x1f":
                    return
                decoder = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
            started = True
            yield decoder.decompress(data, PIECE_BYTES)
            data = decoder.unconsumed_tail or decoder.unused_data
    if started:
        yield from _rest(decoder)


def _inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 9110 means zlib's format by deflate; some servers send the bare stream, whose first byte differs."""
    decoder = None
    for chunk in chunks:
        data = chunk
        while data:
            if decoder is None:
                wrapped = data[0] & 0x0F == zlib.DEFLATED
                decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
            yield decoder.decompress(data, PIECE_BYTES)
            data = decoder.unconsumed_tail
    if decoder is not None:
        yield from _rest(decoder)


def _rest(decoder: zlib._Decompress) -> Iterator[bytes]:
    yield decoder.flush()  # at most a few hundred bytes: all input has been taken
    if not decoder.eof:
        raise _EndsEarly


def _unbrotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 7932. The decoder can hold output back though it has taken all input: it is asked until it has no more."""
    decoder = brotli.Decompressor()
    started = False
    for chunk in chunks:
        data = chunk
        while not decoder.is_finished():
            started = started or bool(data)
            piece = decoder.process(data, output_buffer_limit=PIECE_BYTES)
            yield piece
            data = b""
            if not piece and decoder.can_accept_more_data():
                break
    if started and not decoder.is_finished():
        raise _EndsEarly


def _unzstd(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 8878: one or more frames."""
    frames = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES_MAX)
    decoder = frames.decompressobj(write_size=PIECE_BYTES)
    started = False
    for chunk in chunks:
        for start in range(0, len(chunk), ZSTD_SLICE_BYTES):
            data = chunk[start : start + ZSTD_SLICE_BYTES]
            while data:
                if decoder.eof:
                    decoder = frames.decompressobj(write_size=PIECE_BYTES)
                started = True
                yield decoder.decompress(data)
                data = decoder.unused_data
    if started and not decoder.eof:
        raise _EndsEarly


_UNDO: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
