"""BeautifulSoup over lxml, without the work that no reader of an HTML page has a use for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import Tag

# Ends of the page: what follows them stands on it all the same, in whatever is still open, but lxml would put it
# elsewhere.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_SHADOW = re.compile(r"<template(?=\s[^<>]*\bshadowrootmode\b)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*>", re.IGNORECASE)  # BeautifulSoup would warn of it


def soup_of(html: str) -> BeautifulSoup:
    """The tree of a text that is already decoded: given bytes, BeautifulSoup would guess, at many times the cost.

    It is the one that `BeautifulSoup(html, "lxml")` makes, but for attributes: of those with several values only
    `class` is a list.
    """
    declared = _XML_DECLARATION.match(html)
    page = _ENDS.sub("", with_shadows(html[declared.end() :] if declared else html))
    return _Soup(page, builder=_HtmlBuilder, multi_valued_attributes=None, attribute_dict_class=dict)


class _Soup(BeautifulSoup):
    """A tree made from its first element to its last: what comes is always the last of it."""

    def _linkage_fixer(self, el: Tag) -> None:
        """BeautifulSoup asks every element around a text for what stands after it, which is nothing yet: on nested
        elements that takes the square of their number."""


def with_shadows(html: str) -> str:
    """The page with its shadow trees shown, as browsers do. A parser drops the end tags that are left over, and what
    opens here ends with the element around it."""
    return _SHADOW.sub("<div", html) if "shadowrootmode" in html else html


class _HtmlBuilder(LXMLTreeBuilder):
    """What lxml calls for each tag. BeautifulSoup's own keeps the namespaces of XML, which HTML doesn't have, and
    copies the attributes three times: a third of what a page costs."""

    def start(self, tag: str | bytes, attrib: Mapping[Any, Any], nsmap: Mapping[Any, Any] | None = None) -> None:
        """Begin an element."""
        assert self.soup is not None
        assert isinstance(tag, str)
        given = dict(attrib)
        if "class" in given:
            given["class"] = given["class"].split()
        self.soup.handle_starttag(tag, None, None, given)

    def end(self, tag: str | bytes) -> None:
        """End an element."""
        assert self.soup is not None
        assert isinstance(tag, str)
        self.soup.handle_endtag(tag)
