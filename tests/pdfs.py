"""PDF files made by hand, sign by sign where it matters: text at places, in sizes and weights, on pages."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842


@dataclass(frozen=True)
class Text:
    """A line of text: `x` and `y` in points from the top left corner of the page."""

    x: float
    y: float
    text: str
    size: float = 11
    bold: bool = False
    turned: bool = False


def paragraph(x: float, y: float, *lines: str, leading: float = 14, size: float = 11, bold: bool = False) -> list[Text]:
    """Lines one below the other."""
    return [Text(x, y + leading * index, line, size, bold) for index, line in enumerate(lines)]


def pdf(*pages: list[Text], rotate: int = 0, trailer: bytes = b"") -> bytes:
    """A PDF 1.4 file with these pages, in Helvetica."""
    return _file(_objects([_written(page) for page in pages], rotate), trailer)


def bomb(times: int) -> bytes:
    """A small PDF file whose one page unpacks to `times` MB of text."""
    packer = zlib.compressobj(9)
    line = b"(abc def ghi) Tj " * (1_000_000 // 17)
    packed = packer.compress(b"BT /F1 11 Tf 1 0 0 1 70 700 Tm ") + b"".join(packer.compress(line) for _ in range(times))
    return _file(_objects([packed + packer.flush()], 0), b"")


def locked() -> bytes:
    """A PDF file that wants a password."""
    wrong = b"<" + b"5A" * 32 + b">"
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >> /ID [<%s> <%s>] "
    return pdf([Text(70, 80, "secret")], trailer=lock % (wrong, wrong, b"AB" * 16, b"AB" * 16))


def _written(page: list[Text]) -> bytes:
    return zlib.compress("\n".join(_drawn(text) for text in page).encode("cp1252"))


def _objects(pages: list[bytes], rotate: int) -> list[bytes]:
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for index, written in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Rotate {rotate} "
            f"/Contents {6 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(written), written))
    return objects


def _drawn(text: Text) -> str:
    escaped = text.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    across = "0 1 -1 0" if text.turned else "1 0 0 1"
    font = "F2" if text.bold else "F1"
    return f"BT /{font} {text.size} Tf {across} {text.x} {HEIGHT - text.y} Tm ({escaped}) Tj ET"


def _file(objects: list[bytes], trailer: bytes) -> bytes:
    body = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        body += b"%010d 00000 n \n" % place
    body += b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(body)
