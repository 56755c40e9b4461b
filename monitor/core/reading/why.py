"""Why something on a page isn't read. Reading itself decides by these reasons; `explain` only shows them."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The reason for which an element or a line is left out."""

    NAVIGATION = "navigation"
    HEADER = "header"
    FOOTER = "footer"
    ASIDE = "aside"
    COOKIES = "cookies"
    DIALOG = "dialog"
    FORM = "form"
    EXTRA = "extra"
    PICKER = "picker"
    CONTROL = "control"
    SCREEN_READER = "screen_reader"
    OUTSIDE = "outside"
    FURNITURE = "furniture"
    HIDDEN_COPY = "hidden_copy"
    SECOND_COPY = "second_copy"
    CONTENTS = "contents"
    COMING_VERSION = "coming_version"
    EARLIER_VERSION = "earlier_version"
    REPEATED_HEADING = "repeated_heading"
    LINK_LIST = "link_list"
    THANKED = "thanked"
    SELECT = "select"
    REMOVE = "remove"
    SECTION = "section"
    REMEMBERED = "remembered"
    RESTLESS = "restless"


WORDS: dict[Why, str] = {
    Why.NAVIGATION: "navigation",
    Why.HEADER: "page header",
    Why.FOOTER: "page footer",
    Why.ASIDE: "sidebar or aside",
    Why.COOKIES: "cookie notice",
    Why.DIALOG: "dialog",
    Why.FORM: "form or search",
    Why.EXTRA: "sharing, feedback, promotion",
    Why.PICKER: "language or version picker",
    Why.CONTROL: "button or field",
    Why.SCREEN_READER: "for screen readers only",
    Why.OUTSIDE: "outside the main region",
    Why.FURNITURE: "button, counter or sign",
    Why.HIDDEN_COPY: "hidden copy of what is shown",
    Why.SECOND_COPY: "second copy of the whole text",
    Why.CONTENTS: "table of contents",
    Why.COMING_VERSION: "version that isn't in force yet",
    Why.EARLIER_VERSION: "version that is no longer in force",
    Why.REPEATED_HEADING: "heading repeated from below",
    Why.LINK_LIST: "list of links around the text",
    Why.THANKED: "names of people who are thanked",
    Why.SELECT: "not chosen by select",
    Why.REMOVE: "taken out by remove",
    Why.SECTION: "outside the section",
    Why.REMEMBERED: "left out before, only moved",
    Why.RESTLESS: "keeps changing while the text stands still",
}
