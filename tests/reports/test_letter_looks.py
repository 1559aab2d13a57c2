"""What mail programs lack, a letter does not use: every page of every kind of report is read tag by tag."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import templates
from config.wording import LANGUAGES
from tasks.adapters.pages import html_page
from tasks.domain.message import message
from tasks.domain.report import Report

VOID = {"meta", "img", "br"}
# No link, form, script, frame, drawing or sound: Gmail removes them, and a report must fetch nothing.
TAGS = VOID | {
    "html", "head", "title", "style", "body", "table", "thead", "tbody", "tr", "th", "td", "div", "span", "p",
    "h1", "h2", "h3",
}  # fmt: skip
# What Outlook for Windows, whose pages Word draws, and Gmail both follow. Not among them: position, float, flex, grid,
# transform, opacity, box-shadow, background-image (Word draws none of them; Gmail drops position).
FOLLOWED = {
    "background-color", "color", "border", "border-top", "border-bottom", "border-left", "border-top-color",
    "border-collapse", "border-spacing", "font-family", "font-size", "font-weight", "letter-spacing", "line-height",
    "margin", "margin-top", "padding", "padding-top", "text-align", "vertical-align", "white-space", "width", "display",
}  # fmt: skip
# What Word passes over; each has a way out that is asked for below, or only adds comfort where it is known.
PASSED_OVER = {
    "max-width", "min-width", "margin-right", "max-height", "height", "overflow", "overflow-x", "overflow-wrap",
    "word-break", "table-layout", "font-variant-numeric", "-webkit-text-size-adjust", "mso-hide",
}  # fmt: skip
# Word knows no flex, grid or inline-flex, and takes an inline block for a block.
DISPLAYS = {"none", "block", "inline-block"}
# Word reads no rgba(), hsl(), calc() or var() and no unit but px, pt, em and %; url() would fetch something.
UNREAD = re.compile(r"url\(|calc\(|var\(|rgba?\(|hsla?\(|\d(rem|vw|vh|ch|fr)\b|expression|!important", re.IGNORECASE)
# Gmail drops a style block of more than 8,192 characters, and one that holds a rule it cannot read.
STYLE_BLOCK_MAX = 8192
CONTRAST_MIN = 4.5


@dataclass(frozen=True, slots=True)
class Element:
    """One element as it stands: its attributes, its inlined style, and what stood right before it."""

    tag: str
    attributes: dict[str, str]
    style: dict[str, str]
    before: str

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attributes.get("class", "").split())


@dataclass
class Page(HTMLParser):
    """A page read element by element; `texts` are its texts with the elements they stand in."""

    elements: list[Element] = field(default_factory=list)
    texts: list[tuple[str, tuple[Element, ...]]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self._before = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        pairs = (part.partition(":") for part in attributes.get("style", "").split(";") if part.strip())
        style = {name.strip(): value.strip() for name, _, value in pairs}
        element = Element(tag, attributes, style, self._before)
        self.elements.append(element)
        self._before = f"<{tag}>"
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        self._before = f"</{tag}>"
        assert self._open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_comment(self, data: str) -> None:
        self._before = data

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].tag == "style":
            self.styles.append(data)
        elif data.strip() and self._open:
            self.texts.append((data.strip(), tuple(self._open)))


@pytest.fixture(params=LANGUAGES)
def page(report: Report, request: pytest.FixtureRequest) -> Page:
    """The page of a letter with a notice on top."""
    return _read(report, request.param)


@cache
def _read(report: Report, language: str) -> Page:
    page = Page()
    pictures = {chart.name: f"cid:{chart.name}@daybook" for chart in report.charts}
    page.feed(html_page(report, language, pictures, (message("letter.repeat"),)))
    page.close()
    return page


def test_only_plain_elements_are_used_and_nothing_leads_outside(page: Page) -> None:
    assert {one.tag for one in page.elements} <= TAGS
    names = {name for one in page.elements for name in one.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"href", "action", "background", "srcset", "poster", "id"}
    assert {one.attributes["src"] for one in page.elements if "src" in one.attributes} <= {"cid:trend@daybook"}


def test_every_style_is_one_that_mail_programs_follow_or_can_do_without(page: Page) -> None:
    used = {name for one in page.elements for name in one.style}
    assert used <= FOLLOWED | PASSED_OVER
    assert {one.style["display"] for one in page.elements if "display" in one.style} <= DISPLAYS
    assert not [one for one in page.elements if UNREAD.search(one.attributes.get("style", ""))]
    margins = [one.style[name] for one in page.elements for name in one.style if name.startswith(("margin", "padding"))]
    assert margins
    assert not [one for one in margins if "-" in one], "Word cuts off what a negative margin moves"


def test_outlook_gets_a_cell_where_others_get_a_block_beside_a_block(page: Page) -> None:
    blocks = [one for one in page.elements if one.tag == "div" and one.style.get("display") == "inline-block"]
    assert blocks
    for one in blocks:
        assert re.search(r"<td[^>]*><!\[endif\]$", one.before), f"{one.classes} would stand below, not beside"


def test_what_has_a_greatest_width_has_a_width_that_outlook_knows(page: Page) -> None:
    limited = [one for one in page.elements if "max-width" in one.style]
    assert limited
    for one in limited:
        assert "width" in one.attributes or re.search(r"<td[^>]*><!\[endif\]$", one.before), one


def test_nothing_can_be_wider_than_the_screen(page: Page) -> None:
    frames = [one for one in page.elements if one.classes & {"canvas", "paper"}]
    assert [one.style["table-layout"] for one in frames] == ["fixed", "fixed"]
    data = [one for one in page.elements if one.tag == "table" and "rows" in one.classes]
    scrolled = [one for one in page.elements if one.style.get("overflow-x") == "auto"]
    assert len(scrolled) == len(data), "each table scrolls in a box of its own"
    widths = [one.attributes.get("width", "0") for one in page.elements if one.tag in ("table", "td")]
    assert all(width.endswith("%") or int(width) <= 40 for width in widths)


def test_a_table_says_whether_it_holds_data_or_only_places(page: Page) -> None:
    for one in page.elements:
        if one.tag == "table":
            assert (one.attributes.get("role") == "presentation") != ("rows" in one.classes), one
        if one.tag == "th":
            assert one.attributes["scope"] == "col"
        if one.tag == "img":
            assert one.attributes["alt"]
            assert one.attributes["width"].isdigit()


def test_numbers_stand_to_the_right_under_their_heading(page: Page) -> None:
    headings: list[str] = []
    at = 0
    seen = 0
    for one in page.elements:
        if one.tag == "table" and "bar" not in one.classes:
            headings = []
        elif one.tag == "th":
            headings.append(one.attributes["align"])
        elif one.tag == "tr":
            at = 0
        elif one.tag == "td" and one.classes & {"c", "s"}:
            assert one.attributes.get("align", "left") == headings[at]
            seen += headings[at] == "right"
            at += 1
    assert seen or not headings


def test_every_tone_is_a_sign_as_well_as_a_colour(report: Report, page: Page) -> None:
    signs = {"good": "✓", "warn": "!", "bad": "✕"}
    shown = [text for text, inside in page.texts if any("sign-" in " ".join(one.classes) for one in inside)]
    assert shown == [signs[figure.tone] for figure in report.figures if figure.tone != "plain"]


def test_style_blocks_are_small_and_only_add_to_what_stands_inlined(page: Page) -> None:
    assert len(page.styles) == 3
    for block in page.styles:
        assert len(block) <= STYLE_BLOCK_MAX
        assert not re.search(r"url\(|@import|@font-face|::|\[|var\(", block)
    tags = [one for one in page.elements if "tag" in one.classes]
    assert all(one.style["display"] == "none" for one in tags), "a heading is said twice only where rows become cards"


def test_what_sets_a_background_sets_the_colour_upon_it(page: Page) -> None:
    for one in page.elements:
        assert "background-color" not in one.style or "color" in one.style, one


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_read_against_its_ground(page: Page, *, dark: bool) -> None:
    rules = _dark_rules() if dark else []
    assert dark == bool(rules)
    for text, inside in page.texts:
        if {one.tag for one in inside} & {"head", "title"} or any(one.style.get("display") == "none" for one in inside):
            continue
        ink, ground = "#000000", "#ffffff"
        for one in inside:
            style = one.style | {name: value for select, told in rules if _matches(select, one) for name, value in told}
            ink, ground = style.get("color", ink), style.get("background-color", ground)
        assert _contrast(ink, ground) >= CONTRAST_MIN, (text, ink, ground)


def _dark_rules() -> list[tuple[str, list[tuple[str, str]]]]:
    rules: list[tuple[str, list[tuple[str, str]]]] = []
    css = (Path(templates.__file__).parent / "dark.css").read_text(encoding="utf-8")
    for selectors, told in re.findall(r"^  ([^{@]+) \{([^}]*)\}", css, re.MULTILINE):
        pairs = [part.partition(":") for part in told.split(";") if part.strip()]
        style = [(name.strip(), value.replace("!important", "").strip()) for name, _, value in pairs]
        rules += [(selector.strip().rpartition(" ")[2], style) for selector in selectors.split(",")]
    return rules


def _matches(selector: str, one: Element) -> bool:
    return selector[1:] in one.classes if selector.startswith(".") else selector == one.tag


def _contrast(ink: str, ground: str) -> float:
    """The contrast of two colours by WCAG 2: 21 for black on white, 4.5 is the least for text."""
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    assert re.fullmatch("#[0-9a-f]{6}", colour), colour
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
