"""The fast parser, for what needs no tree of BeautifulSoup's."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, SelectolaxError


def parsed(html: str) -> LexborHTMLParser:
    """The tree of a page. Raises MemoryError where there is no room for it, the one reason for which it has none."""
    try:
        return LexborHTMLParser(html)
    except SelectolaxError as error:
        raise MemoryError("A page takes more memory to parse than there is.") from error
