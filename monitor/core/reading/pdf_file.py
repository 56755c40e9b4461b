"""A PDF file to sheets: what stands where on each page, in which size and weight.

The file is hostile until shown otherwise: what it may hold is bounded here, time and memory by the pool around it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from ctypes import addressof, byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from monitor.core.model import SuspectKind, Unreadable

PAGES_MAX = 1_000
SIGNS_MAX = 5_000_000

_SIGNATURE_WITHIN = 1_024  # readers accept rubbish before it
_END_WITHIN = 2_048
_LINEARIZED = re.compile(rb"/Linearized\s+[\d.]+[^>]{0,200}?/L\s+(\d{1,12})|/L\s+(\d{1,12})[^>]{0,200}?/Linearized")
_NAMED_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_BOLD = 700
_GAP_EMS = 1.5  # a wider gap parts two columns or a label from its text
_WIDE_SPACE_EMS = 0.6
_SHIFT_EMS = 0.6  # a smaller shift is a raised or lowered sign
_SLANT_MAX = 0.1  # of the sine: what is steeper is a watermark or stands on its side
_HYPHENS = frozenset({0x02, 0xFFFE})  # as the library marks one that ends a line


@dataclass(slots=True)
class Piece:
    """Text on one line without a wide gap. `base` is its distance from the top of the sheet, in points like the rest;
    `weight` is the least of its signs', grows with boldness and is comparable within a file only."""

    text: str
    left: float
    right: float
    base: float
    size: float
    weight: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it is shown: upright, `width` by `height` points."""

    width: float
    height: float
    pieces: tuple[Piece, ...]


def is_pdf(body: bytes) -> bool:
    """Whether the bytes are a PDF file, by its signature."""
    head = body[:_SIGNATURE_WITHIN]
    return b"%PDF-" in head and not head.lstrip().startswith(b"<")  # a page may speak of it


def sheets_of(body: bytes) -> tuple[Sheet, ...] | Unreadable:
    """The sheets of a file, or why it can't be read: locked, broken, cut short, too large."""
    if _is_cut_short(body):
        return Unreadable(SuspectKind.CUT_SHORT, "A whole PDF file was expected, but its end is missing.")
    # Loaded where it is first needed: most workers never see a PDF, and no hostile page reaches what isn't loaded.
    import pypdfium2
    from pypdfium2 import raw

    try:
        with pypdfium2.PdfDocument(body) as file:
            if len(file) > PAGES_MAX:
                return _unreadable(f"has {len(file):,} pages, of which at most {PAGES_MAX:,} are read")
            return _sheets(file, raw)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            return _unreadable("opens with a password only")
        return _unreadable("is broken and can't be opened")


def _unreadable(what: str) -> Unreadable:
    return Unreadable(SuspectKind.BINARY, f"A document was expected, but the PDF file {what}.")


def _is_cut_short(body: bytes) -> bool:
    """Whether the end of the file is missing. The library would mend it, and show fewer pages."""
    if b"%%EOF" not in body[-_END_WITHIN:]:
        return True
    announced = _LINEARIZED.search(body[:_SIGNATURE_WITHIN])
    return announced is not None and int(announced[1] or announced[2]) > len(body)


def _sheets(file: Any, raw: ModuleType) -> tuple[Sheet, ...] | Unreadable:
    sheets: list[Sheet] = []
    count = 0
    for page in file:
        width, height = page.get_size()
        text = page.get_textpage()
        count += text.count_chars()
        if count > SIGNS_MAX:
            return _unreadable(f"has more than the {SIGNS_MAX:,} signs that are read")
        reader = _SheetReader(raw, text, page.get_rotation(), width, height)
        sheets.append(Sheet(width, height, tuple(reader.pieces())))
        text.close()
        page.close()
    return tuple(sheets)


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    weight: int
    upright: bool


@dataclass(slots=True)
class _Sign:
    """One sign where it stands on the sheet as shown."""

    text: str
    left: float
    right: float
    base: float
    style: _Style


class _SheetReader:
    """Reads the signs of one page through the library's C interface and gathers them to pieces."""

    def __init__(self, raw: ModuleType, text: Any, rotation: int, width: float, height: float) -> None:
        self._raw = raw
        self._text = text
        self._rotation = rotation
        self._width = width
        self._height = height
        self._styles: dict[int, _Style] = {}
        self._box = (c_double(), c_double(), c_double(), c_double())
        self._origin = (c_double(), c_double())

    def pieces(self) -> Iterator[Piece]:
        """The pieces in the order in which the file writes them."""
        piece: Piece | None = None
        parted = False  # a space since the last sign
        for index in range(self._text.count_chars()):
            sign = self._sign(index)
            if sign is None or not sign.text.strip():
                parted = parted or sign is not None
                continue
            if piece is not None and _goes_on(piece, sign):
                piece.text += _space(piece, sign) + sign.text if parted else sign.text
                piece.right = max(piece.right, sign.right)
                piece.weight = min(piece.weight, sign.style.weight)
                if sign.style.size > piece.size:
                    piece.size, piece.base = sign.style.size, sign.base
            else:
                if piece is not None:
                    yield piece
                style = sign.style
                piece = Piece(sign.text, sign.left, sign.right, sign.base, style.size, style.weight)
            parted = False
        if piece is not None:
            yield piece

    def _sign(self, index: int) -> _Sign | None:
        """The sign at `index`; None for what isn't read: control signs, text that stands on its side."""
        code = self._raw.FPDFText_GetUnicode(self._text, index)
        if self._raw.FPDFText_IsGenerated(self._text, index) == 1 and code not in _HYPHENS:
            return _SPACE
        style = self._style(index)
        if code == 0 or not style.upright:
            return None
        left, right, base = self._place(index)
        return _Sign("\u00ad" if code in _HYPHENS else chr(code), left, right, base, style)

    def _place(self, index: int) -> tuple[float, float, float]:
        left, right, bottom, top = self._box
        self._raw.FPDFText_GetCharBox(self._text, index, byref(left), byref(right), byref(bottom), byref(top))
        x, y = self._origin
        self._raw.FPDFText_GetCharOrigin(self._text, index, byref(x), byref(y))
        match self._rotation:
            case 90:
                return bottom.value, top.value, x.value
            case 180:
                return self._width - right.value, self._width - left.value, y.value
            case 270:
                return self._width - top.value, self._width - bottom.value, self._height - x.value
            case _:
                return left.value, right.value, self._height - y.value

    def _style(self, index: int) -> _Style:
        """The style of a sign, looked up once for each object of the page."""
        written = self._raw.FPDFText_GetTextObject(self._text, index)
        key = addressof(written.contents) if written else 0
        if key not in self._styles or not key:
            self._styles[key] = self._look_up_style(index)
        return self._styles[key]

    def _look_up_style(self, index: int) -> _Style:
        matrix = self._raw.FS_MATRIX()
        self._raw.FPDFText_GetMatrix(self._text, index, byref(matrix))
        turned = math.radians(self._rotation)
        along_x = matrix.a * math.cos(turned) + matrix.b * math.sin(turned)
        along_y = matrix.b * math.cos(turned) - matrix.a * math.sin(turned)
        length = math.hypot(matrix.a, matrix.b)
        size = self._raw.FPDFText_GetFontSize(self._text, index) * math.hypot(matrix.c, matrix.d)
        upright = length > 0 and along_x > 0 and abs(along_y) <= _SLANT_MAX * length
        name = create_string_buffer(128)
        self._raw.FPDFText_GetFontInfo(self._text, index, name, 128, byref(c_int()))
        weight = max(0, self._raw.FPDFText_GetFontWeight(self._text, index))
        if _NAMED_BOLD.search(name.value.decode("utf-8", "replace")):
            weight = max(weight, _BOLD)
        return _Style(round(size, 1), weight, upright and size > 0)


_SPACE = _Sign(" ", 0, 0, 0, _Style(0, 0, True))


def _space(piece: Piece, sign: _Sign) -> str:
    """The space before a sign, a double one where it is wide: l e t t e r s set apart need it to be words."""
    return "  " if sign.left - piece.right > _WIDE_SPACE_EMS * piece.size else " "


def _goes_on(piece: Piece, sign: _Sign) -> bool:
    """Whether a sign continues the line and isn't a column away."""
    em = max(piece.size, sign.style.size)
    if abs(sign.base - piece.base) > _SHIFT_EMS * em * (0.5 if sign.style.size == piece.size else 1.0):
        return False
    return -em <= sign.left - piece.right <= _GAP_EMS * em
