"""The pieces of a sheet in the order in which a person reads them: columns one after the other, tables row by row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from monitor.core.reading.pdf_file import Piece, Sheet

_SAME_LINE_EMS = 0.35
_EDGE_PT = 3.0  # left edges that differ less are one edge
_EDGE_ROWS_MIN = 4  # an edge at which fewer pieces begin is no column
_GUTTER_PT_MIN = 6.0
_COLUMN_SHARE_MIN = 0.18  # of the width that is written on
_COLUMN_CHARS_MIN = 15
_LABEL_CHARS_MAX = 6
_BALANCE_MIN = 0.5
_BESIDE_SHARE_MIN = 0.5
_BREAK = 1.35  # of the usual distance of lines
_CUTS_MAX = 40  # a sheet that is cut more often is a chart


@dataclass(slots=True)
class Row:
    """One line of a column, or one row of a table, whose `cells` are then set.

    `flow` numbers the columns of all sheets in reading order; `flow_right` is where the column of the line ends.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    weight: int
    flow: int = 0
    flow_right: float = 0.0
    cells: tuple[str, ...] = ()
    label_gap: bool = False


def in_reading_order(sheets: tuple[Sheet, ...]) -> list[Row]:
    """The rows of all sheets."""
    order = _Order()
    return [row for sheet in sheets for row in order.sheet(sheet)]


def rows_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that stand on one line together, from top to bottom, each line from left to right."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.base):
        last = lines[-1] if lines else None
        if last and piece.base - last[0].base <= _SAME_LINE_EMS * max(piece.size, last[0].size):
            last.append(piece)
        else:
            lines.append([piece])
    for line in lines:
        line.sort(key=lambda piece: piece.left)
    return lines


class _Order:
    """Cuts a sheet at its gutters, again and again; `flow` counts what comes out."""

    def __init__(self) -> None:
        self._flow = 0
        self._cuts = 0

    def sheet(self, sheet: Sheet) -> list[Row]:
        self._cuts = 0
        return self.rows(list(sheet.pieces))

    def rows(self, pieces: list[Piece]) -> list[Row]:
        lines = rows_of(pieces)
        found = _widest_gutter(lines) if self._cuts < _CUTS_MAX else None
        if found is None:
            return self._plain(lines)
        self._cuts += 1
        inside = lines[found.first : found.last]
        left, right = _beside(inside, found.edge)
        middle = [*self.rows(left), *self.rows(right)] if found.columns else self._table(inside, found.edge)
        return [*self._rest(lines[: found.first]), *middle, *self._rest(lines[found.last :])]

    def _rest(self, lines: list[list[Piece]]) -> list[Row]:
        return self.rows([piece for line in lines for piece in line]) if lines else []

    def _plain(self, lines: list[list[Piece]]) -> list[Row]:
        self._flow += 1
        end = max((piece.right for line in lines for piece in line), default=0.0)
        return [_row(line, self._flow, end) for line in lines]

    def _table(self, lines: list[list[Piece]], edge: float) -> list[Row]:
        self._flow += 1
        edges = _free_edges(lines) or [edge]
        rows = []
        for group in _table_rows(lines, edges[0]):
            cells = [""] * (len(edges) + 1)
            for piece in (piece for line in group for piece in line):
                at = sum(1 for edge in edges if piece.left >= edge - _EDGE_PT)
                cells[at] = joined(cells[at], piece.text) if cells[at] else piece.text
            if sum(map(bool, cells)) < 2:  # a heading or note between rows
                rows.extend(self._plain(group))
                continue
            row = _row(group[0], self._flow, max(piece.right for line in group for piece in line))
            row.cells = tuple(cells)
            rows.append(row)
        return rows


def joined(before: str, after: str) -> str:
    """Two parts of a text, the first of which ends a line."""
    return before[:-1] + after if before.endswith("\u00ad") else f"{before} {after}"


def _row(line: list[Piece], flow: int, end: float) -> Row:
    first = line[0]
    longest = max(line, key=lambda piece: len(piece.text))
    text = " ".join(piece.text for piece in line)
    weight = min(piece.weight for piece in line)
    right = max(piece.right for piece in line)
    return Row(text, first.left, right, first.base, longest.size, weight, flow, end, label_gap=len(line) > 1)


# ── Gutters ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A white strip left of `edge` that nothing crosses in the lines from `first` to before `last`."""

    edge: float
    first: int
    last: int
    columns: bool
    parted: int


def _widest_gutter(lines: list[list[Piece]]) -> _Gutter | None:
    """The gutter that parts most, between columns or cells."""
    best: _Gutter | None = None
    for edge in _edges(lines):
        for first, last in _runs(lines, edge):
            left, right = _beside(lines[first:last], edge)
            parted = min(len(left), len(right))
            if parted < _EDGE_ROWS_MIN or (best is not None and parted <= best.parted):
                continue
            if median(len(piece.text) for piece in left) <= _LABEL_CHARS_MAX:
                continue
            columns = _are_columns(left, right)
            if columns or _are_cells(lines[first:last], edge):
                best = _Gutter(edge, first, last, columns, parted)
    return best


def _edges(lines: list[list[Piece]]) -> list[float]:
    """Where at least a few pieces begin, but for the leftmost place."""
    lefts = sorted(piece.left for line in lines for piece in line)
    edges: list[tuple[float, int]] = []
    for left in lefts:
        if edges and left - edges[-1][0] <= _EDGE_PT:
            edges[-1] = (edges[-1][0], edges[-1][1] + 1)
        else:
            edges.append((left, 1))
    return [edge for edge, count in edges[1:] if count >= _EDGE_ROWS_MIN]


def _runs(lines: list[list[Piece]], edge: float) -> list[tuple[int, int]]:
    """The longest stretches of lines in which no piece reaches over the gutter left of `edge`."""
    runs: list[tuple[int, int]] = []
    start = 0
    for index, line in enumerate(lines):
        if any(piece.left < edge - _EDGE_PT and piece.right > edge - _GUTTER_PT_MIN for piece in line):
            if index > start:
                runs.append((start, index))
            start = index + 1
    if start < len(lines):
        runs.append((start, len(lines)))
    return runs


def _beside(lines: list[list[Piece]], edge: float) -> tuple[list[Piece], list[Piece]]:
    pieces = [piece for line in lines for piece in line]
    return (
        [piece for piece in pieces if piece.left < edge - _EDGE_PT],
        [piece for piece in pieces if piece.left >= edge - _EDGE_PT],
    )


def _are_columns(left: list[Piece], right: list[Piece]) -> bool:
    """Whether two sides are columns of running text; else they are the cells of a table."""
    sides = (rows_of(left), rows_of(right))
    counts = sorted(len(side) for side in sides)
    if counts[0] < _BALANCE_MIN * counts[1]:
        return False
    written = max(piece.right for piece in right) - min(piece.left for piece in left)
    for side in sides:
        widths = [line[-1].right - line[0].left for line in side]
        chars = [sum(len(piece.text) for piece in line) for line in side]
        if median(widths) < _COLUMN_SHARE_MIN * written or median(chars) < _COLUMN_CHARS_MIN:
            return False
    breaks = [_breaks(side) for side in sides]
    shared = sum(1 for one in breaks[0] if any(abs(one - other) < _EDGE_PT for other in breaks[1]))
    return shared < 2 or shared * 2 < max(map(len, breaks))


def _are_cells(lines: list[list[Piece]], edge: float) -> bool:
    """Whether what stands left of the edge mostly has something beside it: cells of rows, and no indented text."""
    begun = [line for line in lines if line[0].left < edge - _EDGE_PT]
    beside = sum(1 for line in begun if line[-1].left >= edge - _EDGE_PT)
    return beside >= _EDGE_ROWS_MIN - 1 and beside >= _BESIDE_SHARE_MIN * len(begun)


def _breaks(lines: list[list[Piece]]) -> list[float]:
    """Where a line stands further below the one before it than usual."""
    usual = _usual_distance(lines)
    return [below[0].base for above, below in pairwise(lines) if below[0].base - above[0].base > _BREAK * usual]


def _usual_distance(lines: list[list[Piece]]) -> float:
    """The distance of lines of one paragraph or cell: a small one among those that are found, but no overlap."""
    distances = sorted(below[0].base - above[0].base for above, below in pairwise(lines))
    size = median(line[0].size for line in lines)
    return max(size, distances[len(distances) // 4]) if distances else size


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _free_edges(lines: list[list[Piece]]) -> list[float]:
    """The left edges of all columns but the first, that nothing in these lines reaches over."""
    return [edge for edge in _edges(lines) if _runs(lines, edge) == [(0, len(lines))]]


def _table_rows(lines: list[list[Piece]], edge: float) -> list[list[list[Piece]]]:
    """Lines together that are one row: a row begins with a first cell, after a wider distance or after lines without
    one."""
    begins = [line[0].left < edge - _EDGE_PT for line in lines]
    usual = _usual_distance(lines)
    is_dense = sum(begins) > 0.9 * len(lines) and not any(
        below[0].base - above[0].base > _BREAK * usual for above, below in pairwise(lines)
    )
    groups: list[list[list[Piece]]] = []
    for index, line in enumerate(lines):
        is_apart = index > 0 and line[0].base - lines[index - 1][0].base > _BREAK * usual
        if not groups or is_dense or (begins[index] and (is_apart or not begins[index - 1])):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups
