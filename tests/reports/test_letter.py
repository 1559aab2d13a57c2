"""A report as a mail: its structure, its names, its size, and the same bytes each time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parseaddr
from io import BytesIO
from typing import Any, Literal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.wording import LANGUAGES, wording
from tasks.adapters import letter as letters
from tasks.adapters.letter import HTML_BYTES_MAX, Envelope, letter
from tasks.adapters.letter_head import UnableToWriteLetter
from tasks.adapters.pages import text_page
from tasks.adapters.speech import printable, spoken
from tasks.domain.report import Report
from tests.reports.sample import a_day, a_day_with_nothing_to_report, a_ledger_to_sign

QUEUED = dt.datetime(2026, 11, 20, 21, 34, 5, tzinfo=dt.timezone(dt.timedelta(hours=8)))
ENVELOPE = Envelope(
    message_id="<2026-11-20.0123456789abcdef@daybook.example>",
    sender="daybook@example.com",
    sender_name="Daybook 流水账",
    recipient="wang@example.com",
    recipient_name="王建国",
    subject="[流水账] 库存流水日核对 2026-11-20：23 项差异未消，涉及金额 48,210.50，最久已 9 个工作日",
    date=QUEUED,
    lies_at="reports/stock-ledger/2026-11-20",
)


def _mail(report: Report, language: str = "zh_CN", envelope: Envelope = ENVELOPE, mib: int = 10) -> EmailMessage:
    return message_from_bytes(
        letter(report, language, envelope, attachment_mib_max=mib), _class=EmailMessage, policy=policy.SMTP
    )


def _shape(part: Message) -> str:
    if not part.is_multipart():
        return part.get_content_type()
    inside = ", ".join(_shape(one) for one in part.get_payload() if isinstance(one, Message))
    return f"{part.get_content_subtype()}({inside})"


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_the_parts_of_a_mail_stand_as_agreed() -> None:
    assert _shape(_mail(a_day())) == f"mixed(alternative(text/plain, related(text/html, image/png)), {XLSX})"
    assert not _mail(a_day()).defects


def test_a_report_without_tables_brings_no_workbook() -> None:
    told = replace(a_day(), tables=(), charts=())
    assert _shape(_mail(told)) == "mixed(alternative(text/plain, related(text/html)))"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_byte_travels_through_any_server(report: Report, language: str) -> None:
    raw = letter(report, language, ENVELOPE, attachment_mib_max=10)
    assert raw.isascii()
    assert b"\0" not in raw
    lines = raw.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines), "a line ends with CR and LF together"
    assert max(map(len, lines)) <= 998
    assert raw.endswith(b"\r\n")


def test_the_head_says_who_what_and_that_a_machine_wrote() -> None:
    mail = _mail(a_day())
    assert mail["From"] == "Daybook 流水账 <daybook@example.com>"
    assert mail["To"] == "王建国 <wang@example.com>"
    assert mail["Subject"] == ENVELOPE.subject
    assert mail["Message-ID"] == ENVELOPE.message_id
    assert mail["Date"] == "Fri, 20 Nov 2026 21:34:05 +0800"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Content-Language"] == "zh-CN"
    assert mail["X-Daybook-Repeat"] is None


def _decoded(text: str) -> str:
    return str(make_header(decode_header(text)))


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=90))
def test_any_subject_and_any_name_arrive_as_they_were_written(text: str) -> None:
    raw = letters._head("zh_CN", replace(ENVELOPE, subject=text, recipient_name=text, sender_name=text))
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split("\r\n"))
    # The newer parser splits some names at a blank that is none; every mail program decodes as the older one does.
    mail = message_from_bytes(raw.encode(), policy=policy.compat32)
    seen = re.sub(" {2,}", " ", printable(text)).strip()
    assert _decoded(mail["Subject"]) == seen
    name, address = parseaddr(" ".join(str(mail["To"]).split("\r\n ")))
    assert address == "wang@example.com"
    assert _decoded(name) == seen


@pytest.mark.parametrize("text", ["a\r\nBcc: x@example.com", "a\nb", "a\rb", "a\0b", "a\u2028b", "a\x85b", "\x1b[2J"])
@pytest.mark.parametrize("part", ["subject", "sender_name", "recipient_name", "sender", "recipient", "message_id"])
def test_no_text_becomes_a_header_of_its_own(part: str, text: str) -> None:
    hostile: dict[str, Any] = {part: text}
    with pytest.raises(UnableToWriteLetter):
        letter(a_day(), "zh_CN", replace(ENVELOPE, **hostile), attachment_mib_max=10)


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b@c", "a b@example.com", "a@example.com, b@example.com", "<a@example.com>", "王@example.com"],
)
def test_only_one_plain_address_is_written_to(address: str) -> None:
    with pytest.raises(UnableToWriteLetter, match="no mail address"):
        letter(a_day(), "zh_CN", replace(ENVELOPE, recipient=address), attachment_mib_max=10)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(UnableToWriteLetter, match="time zone"):
        letter(a_day(), "zh_CN", replace(ENVELOPE, date=QUEUED.replace(tzinfo=None)), attachment_mib_max=10)


@pytest.mark.parametrize(
    ("language", "audience", "name"),
    [
        ("zh_CN", "第一业务部", "出入库流水账核对 2026-11-20 第一业务部.xlsx"),
        ("zh_CN", "", "出入库流水账核对 2026-11-20.xlsx"),
        ("zh_CN", 'DF01/一期:"东"', "出入库流水账核对 2026-11-20 DF01 一期 东.xlsx"),
        ("en", "Finance", "Stock-ledger reconciliation 2026-11-20 Finance.xlsx"),
    ],
)
def test_the_workbook_has_a_readable_name_in_both_ways_of_writing(language: str, audience: str, name: str) -> None:
    told = replace(a_day(), audience=audience)
    (workbook,) = _mail(told, language).iter_attachments()
    assert workbook.get_filename() == name
    raw = letter(told, language, ENVELOPE, attachment_mib_max=10).decode("ascii")
    encoded = re.search(r'name="((?:=\?[^"]+\?=)|[^"]+)"', raw[raw.index(f"Content-Type: {XLSX}") :])
    assert encoded is not None
    assert _decoded(encoded[1]) == name
    book = openpyxl.load_workbook(BytesIO(workbook.get_content()))
    assert len(book.sheetnames) >= 4


def test_every_picture_of_the_page_is_a_part_with_words_beside_it() -> None:
    mail = _mail(a_day())
    page = mail.get_body(("html",))
    assert page is not None
    sources = re.findall(r'<img src="cid:([^"]+)"[^>]*alt="([^"]+)"', page.get_content())
    pictures = {str(part["Content-ID"]): part for part in mail.walk() if part.get_content_maintype() == "image"}
    assert [f"<{cid}>" for cid, _ in sources] == list(pictures)
    assert all(alt for _, alt in sources)
    assert {part.get_content_disposition() for part in pictures.values()} == {"inline"}
    assert "data:" not in page.get_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plain_text_is_that_of_the_report(report: Report, language: str) -> None:
    plain = _mail(report, language).get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines() == text_page(report, language).splitlines()


def test_a_workbook_beyond_the_limit_stays_at_home_and_the_mail_says_where() -> None:
    mail = _mail(a_day(), mib=0)
    assert _shape(mail) == "mixed(alternative(text/plain, related(text/html, image/png)))"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert ENVELOPE.lies_at in body.get_content()


def test_the_limit_counts_the_workbook_as_it_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = letter(a_day(), "zh_CN", ENVELOPE, attachment_mib_max=1)
    travels = whole[whole.index(XLSX.encode()) :].split(b"\r\n\r\n")[1]
    (workbook,) = _mail(a_day(), mib=1).iter_attachments()
    counted = letters._in_base64(workbook.get_content())
    assert len(travels.split(b"\r\n--")[0]) in (counted, counted - 2)
    monkeypatch.setattr(letters, "MIB", counted)
    letters._body.cache_clear()
    assert list(_mail(a_day(), mib=1).iter_attachments())
    monkeypatch.setattr(letters, "MIB", counted - 1)
    letters._body.cache_clear()
    assert not list(_mail(a_day(), mib=1).iter_attachments())
    letters._body.cache_clear()


def test_a_report_may_name_the_workbook_that_goes_with_it() -> None:
    named = replace(a_day(), enclosed="reports/stocktake/2026-11/sheets/PD-2026-11-DF01.xlsx")
    (given,) = _mail(named, envelope=replace(ENVELOPE, enclosed=b"as it was printed")).iter_attachments()
    assert (given.get_filename(), given.get_content()) == ("PD-2026-11-DF01.xlsx", b"as it was printed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_that_may_have_arrived_says_so_first_and_is_else_the_same(language: str) -> None:
    again = _mail(a_day(), language, replace(ENVELOPE, repeat=True))
    assert again["X-Daybook-Repeat"] == "possibly-delivered"
    once = _mail(a_day(), language)
    for kind in ("plain", "html"):
        bodies = [one.get_body((kind,)) for one in (once, again)]
        before, after = (body.get_content().splitlines() for body in bodies if body)
        assert set(before) <= set(after)
        assert len(set(after) - set(before)) == 1


def test_the_same_mail_is_the_same_bytes_however_often_it_is_made() -> None:
    raw = letter(a_day(), "zh_CN", ENVELOPE, attachment_mib_max=10)
    letters._body.cache_clear()
    assert letter(a_day(), "zh_CN", ENVELOPE, attachment_mib_max=10) == raw


def test_many_mails_of_one_report_are_drawn_once() -> None:
    letters._body.cache_clear()
    for place in range(50):
        letter(
            a_day_with_nothing_to_report(),
            "en",
            replace(ENVELOPE, recipient=f"r{place}@example.com"),
            attachment_mib_max=10,
        )
    assert letters._body.cache_info().misses == 1


def test_reports_that_differ_in_one_digit_are_drawn_apart() -> None:
    figures = (replace(a_day().figures[0], value=12), *a_day().figures[1:])
    one, other = (_mail(told).get_body(("plain",)) for told in (a_day(), replace(a_day(), figures=figures)))
    assert one is not None
    assert other is not None
    assert one.get_content() != other.get_content()


def test_a_page_too_large_for_gmail_shows_fewer_rows_and_says_so() -> None:
    breaks = a_day().tables[0]
    many = replace(breaks, rows=breaks.rows * 20, shown=400)
    mail = _mail(replace(a_day(), tables=(many,)))
    page = mail.get_body(("html",))
    assert page is not None
    assert len(page.get_content().encode()) <= HTML_BYTES_MAX
    assert "行未列出" in page.get_content()


def test_of_many_tables_the_last_lists_give_way_first_and_pictures_last() -> None:
    breaks, _, _, ratings, _ = a_day().tables
    lists = tuple(replace(breaks, name=f"list_{place}", shown=40) for place in range(16))
    pictured = replace(ratings, rows=ratings.rows * 6, shown=24)
    page = _mail(replace(a_day(), tables=(*lists, pictured))).get_body(("html",))
    assert page is not None
    shown = page.get_content()
    assert len(shown.encode()) <= HTML_BYTES_MAX
    assert shown.count('class="bar"') == 9, "three of each four rows have answers, and twelve rows are left"
    parts = shown.split("<h2")
    assert '<table class="rows' not in parts[-3], "the last list shows no row"
    assert "另有 23 行未列出" in parts[-3]
    assert "另有 20 行未列出" in shown, "the first lists show three rows each"


def test_sheets_too_long_for_a_mail_stand_in_its_workbook_and_text_alone() -> None:
    told = a_ledger_to_sign()
    (sheet,) = told.sheets
    long = replace(sheet, table=replace(sheet.table, rows=sheet.table.rows * 60))
    mail = _mail(replace(told, sheets=(long,)), "en")
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    page, text = (body.get_content() for body in (bodies["html"], bodies["plain"]) if body)
    assert len(page.encode()) <= HTML_BYTES_MAX
    assert "print them from the workbook" in page
    assert text.count("010203000040") >= 60 * 3
    assert list(mail.iter_attachments())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_to_the_owner_is_a_letter_like_any_other(language: str) -> None:
    told = replace(a_day(), flow="mail-dispatch", figures=(), charts=(), tables=(), definitions=(), inputs=())
    page = _mail(told, language).get_body(("html",))
    assert page is not None
    assert spoken(told.headline, language) in page.get_content()
    small = _mail(replace(told, definitions=(told.headline,)), language).get_body(("plain",))
    assert small is not None
    assert wording(language, "report.section.definitions") not in small.get_content()
    assert wording(language, "mail_dispatch.section") in small.get_content()


@pytest.mark.parametrize("tone", ["good", "warn"])
def test_the_banner_looks_as_what_was_found(tone: Literal["good", "warn"]) -> None:
    page = _mail(replace(a_day(), tone=tone), "en").get_body(("html",))
    assert page is not None
    assert set(re.findall(r"mark mark-\w+|mark \w+ mark-(\w+)", page.get_content())) == {tone}
