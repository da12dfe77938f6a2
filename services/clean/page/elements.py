"""What the elements of a page do to its lines: break them, link them, tell captions and chrome from text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from services.clean.page import markup

NAME = re.compile(r'\b(?:class|id)="([^"]*)"')
CENTRED = re.compile(r"text-align:\s*center|center[\"\s]", re.IGNORECASE)
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
BREAKING = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "center",
        "form",
        "fieldset",
        "address",
        "hr",
        "br",
        "option",
        "caption",
        "details",
        "summary",
        "footer",
        "aside",
        "nav",
    ]
)
CELLS = frozenset({"td", "th"})
DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "iframe",
        "svg",
        "button",
        "select",
        "textarea",
        "template",
        "object",
        "video",
        "audio",
        "nav",
    ]
)
ENDING = frozenset({"footer"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BOXES = frozenset({"div", "section", "aside", "form"})


class Part(StrEnum):
    """Where on the page a line stands."""

    TITLE = "title"
    BODY = "body"
    CAPTION = "caption"
    CHROME = "chrome"
    AFTER = "after"  # no part of the article, but it tells of it: who edited it, who runs the site


REGIONS = {"": "", "chrome": Part.CHROME, "telling": Part.AFTER, "caption": Part.CAPTION, "title": ""}
REGION_TAGS = (
    dict.fromkeys(DROPPED, "drop")
    | dict.fromkeys(ENDING, Part.AFTER)
    | dict.fromkeys(HEADINGS, "heading")
    | {"h1": Part.TITLE, "figcaption": Part.CAPTION, "caption": Part.CAPTION}
)
TITLES = HEADINGS | {"center"}
REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Element:
    """What a tag with its attributes does to the lines."""

    breaks: bool = False
    region: str = ""
    link: bool = False
    centred: bool = False
    cell: bool = False
    row: bool = False
    box: bool = False
    button: bool = False
    picture: bool = False
    verbatim: bool = False
    void: bool = False
    weak: str = ""  # its attributes, where its region is told by a weak name alone


INLINE = Element()


@lru_cache(REMEMBERED)
def in_body(tag: str, attributes: str) -> Element:
    """Return what the tag does within the body; `INLINE` itself where that is nothing."""
    return _element(tag, attributes, titles=False)


@lru_cache(REMEMBERED)
def by_tag(tag: str, attributes: str) -> Element:
    """Return what the tag does where its names mislead."""
    return _element(tag, attributes if tag == "a" else "", titles=False)


@lru_cache(REMEMBERED)
def above_body(tag: str, attributes: str) -> Element:
    """Return what the tag does above the body, where every heading is a title."""
    return _element(tag, attributes, titles=True)


def _element(tag: str, attributes: str, *, titles: bool) -> Element:
    void = tag in VOID
    region = "" if void else _region(tag, attributes, titles=titles)
    element = Element(
        breaks=tag in BREAKING or tag == "img",
        region=region,
        link=tag == "a" and "href=" in attributes,
        centred=not void and CENTRED.search(attributes) is not None,
        cell=tag in CELLS,
        row=tag == "tr",
        box=tag in BOXES,
        button=tag == "button" and not titles,
        picture=tag == "img",
        verbatim=tag == "pre",
        void=void,
        weak=attributes if region and tag not in REGION_TAGS and _is_weak(attributes) else "",
    )
    return INLINE if element == INLINE else element


def _is_weak(attributes: str) -> bool:
    return markup.is_weak(" ".join(NAME.findall(attributes)))


def _region(tag: str, attributes: str, *, titles: bool) -> str:
    """Return the region that an element opens, nothing where it opens none."""
    if titles and tag in TITLES:
        return Part.TITLE
    if tag in REGION_TAGS:
        return REGION_TAGS[tag]
    names = NAME.findall(attributes)
    hint = markup.hint(" ".join(names)) if names else ""
    return Part.TITLE if hint == "title" and titles else REGIONS[hint]
