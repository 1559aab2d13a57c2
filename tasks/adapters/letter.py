"""A report as a mail: the bytes that an SMTP server takes, the same bytes however often they are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from pathlib import PurePosixPath

from config.wording import in_every_language
from tasks.adapters.charts import chart_png
from tasks.adapters.letter_head import (
    UnableToWriteLetter,
    file_name,
    header,
    mailbox,
    message_id,
    named_disposition,
    named_type,
)
from tasks.adapters.pages import html_page, text_page
from tasks.adapters.report_workbook import workbook_bytes
from tasks.adapters.speech import spoken
from tasks.domain.message import Message, message
from tasks.domain.report import Report, Table
from tasks.domain.report_json import content_digest

MIB = 1024 * 1024
# Gmail cuts a page of more than 102 KB and hides the rest behind a link; the rows shown give way before that.
HTML_BYTES_MAX = 98_000
_SHOWN_MIN, _PICTURED_MIN = 3, 12
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Headers stay as they were made: the letter's own file names are folded where mail programs expect it.
_POLICY = SMTP.clone(cte_type="7bit", refold_source="none")
_BODIES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom one mail goes and what makes it this mail; a retry with the same envelope is the same bytes.

    `date` is the aware moment at which the mail was queued, `lies_at` the folder below the home in which the report
    lies, `repeat` whether the reader may have got this very mail already. `enclosed` is the content of the workbook
    that the report names to go with it.
    """

    message_id: str
    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    subject: str
    date: dt.datetime
    lies_at: str
    repeat: bool = False
    enclosed: bytes = b""


def letter(report: Report, language: str, envelope: Envelope, *, attachment_mib_max: int) -> bytes:
    """The mail as SMTP's DATA wants it, 7 bits and CRLF: mixed( alternative( text, related( html, pngs ) ), xlsx ).

    A report with tables or sheets brings its workbook, or the one that it names, unless that is larger than
    `attachment_mib_max` in base64; then the mail says where it lies. The page stays below HTML_BYTES_MAX: it shows
    fewer rows and says so. The same input gives the same bytes. Raises UnableToWriteLetter for an address, name or
    subject that no header can hold.
    """
    return _head(language, envelope).encode("ascii") + _body(
        _Content(content_digest(report), report, envelope.enclosed),
        language,
        envelope.lies_at,
        attachment_mib_max,
        repeat=envelope.repeat,
    )


def _head(language: str, envelope: Envelope) -> str:
    if envelope.date.tzinfo is None:
        raise UnableToWriteLetter(in_every_language("letter.unable.zone", date=envelope.date.isoformat()))
    lines = (
        f"Date: {format_datetime(envelope.date.replace(microsecond=0))}\r\n",
        mailbox("From", envelope.sender_name, envelope.sender),
        mailbox("To", envelope.recipient_name, envelope.recipient),
        header("Subject", envelope.subject),
        message_id(envelope.message_id),
        # No holiday reply shall answer a machine (RFC 3834; the second is what Exchange reads).
        "Auto-Submitted: auto-generated\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        f"Content-Language: {language.replace('_', '-')}\r\n",
        "X-Daybook-Repeat: possibly-delivered\r\n" if envelope.repeat else "",
    )
    return "".join(lines)


@dataclass(frozen=True, slots=True)
class _Content:
    """A report that is known by its digest, and the workbook that it names, if any."""

    digest: str
    report: Report = field(compare=False)
    enclosed: bytes = b""


# A thousand mails of one report differ in their heads alone.
@lru_cache(maxsize=_BODIES_KEPT)
def _body(content: _Content, language: str, lies_at: str, attachment_mib_max: int, *, repeat: bool) -> bytes:
    report = content.report
    workbook = content.enclosed
    if not report.enclosed and (report.tables or report.sheets):
        workbook = workbook_bytes(report, language)
    carried = bool(workbook) and _in_base64(workbook) <= attachment_mib_max * MIB
    notices = tuple(_notices(repeat=repeat, too_large=0 if carried else len(workbook), lies_at=lies_at))
    names = {chart.name: f"{place}.{content.digest[:20]}@daybook" for place, chart in enumerate(report.charts, start=1)}
    page = _page(report, language, {name: f"cid:{cid}" for name, cid in names.items()}, notices)
    whole = EmailMessage(policy=_POLICY)
    whole.set_content(text_page(report, language, notices))
    whole.add_alternative(page, subtype="html")
    related = list(whole.iter_parts())[-1]
    related.make_related()
    for place, chart in enumerate(report.charts, start=1):
        cid = f"<{names[chart.name]}>"
        name = f"chart-{place}.png"
        related.add_related(chart_png(chart), "image", "png", cid=cid, disposition="inline", filename=name)
    whole.make_mixed()
    if carried:
        named = file_name(spoken(report.title, language), report.period, report.audience) + ".xlsx"
        _attach(whole, workbook, PurePosixPath(report.enclosed).name or named)
    related.set_param("type", "text/html")
    for place, part in enumerate(part for part in whole.walk() if part.is_multipart()):
        # Neither base64 nor quoted-printable can hold "=_", and no 7-bit text knows the digest of itself.
        part.set_boundary(f"=_{place}_{content.digest[:40]}")
    return bytes(whole)


def _in_base64(content: bytes) -> int:
    """How many bytes `content` takes in a mail: four for three, and a line end after each 76."""
    characters = -(-len(content) // 3) * 4
    return characters + -(-characters // 76) * 2


def _notices(*, repeat: bool, too_large: int, lies_at: str) -> Iterator[Message]:
    if repeat:
        yield message("letter.repeat")
    if too_large:
        mib = f"{too_large / MIB:.1f}"
        yield message("letter.too_large", mib=mib, folder=lies_at)


def _page(report: Report, language: str, pictures: dict[str, str], notices: tuple[Message, ...]) -> str:
    """The page as far as a mail may hold it: tables show fewer rows, the last tables none, sheets to sign go last."""
    page = html_page(report, language, pictures, notices)
    for fewer in _with_fewer_rows(report):
        if len(page.encode()) <= HTML_BYTES_MAX:
            return page
        report = replace(report, tables=fewer)
        page = html_page(report, language, pictures, notices)
    if len(page.encode()) > HTML_BYTES_MAX and report.sheets:
        left_out = (*notices, message("letter.sheets_left_out"))
        page = html_page(replace(report, sheets=()), language, pictures, left_out)
    return page


def _with_fewer_rows(report: Report) -> Iterator[tuple[Table, ...]]:
    """The tables of a report with ever fewer rows to show: lists give way before what is pictured.

    Where no sheets to sign could go instead, the last lists then show none at all. What matters most stands first, so
    the first table keeps some rows whatever comes.
    """
    tables = report.tables
    for pictured, least in ((False, _SHOWN_MIN), (True, _PICTURED_MIN)):
        for fewer in _halved(tables, least, pictured=pictured):
            tables = fewer
            yield tables
    if not report.sheets:
        for place in range(len(tables) - 1, 0, -1):
            if tables[place].rows and tables[place].bars is None:
                tables = (*tables[:place], replace(tables[place], shown=0), *tables[place + 1 :])
                yield tables
    yield from _halved(tables, _SHOWN_MIN, pictured=True)


def _halved(tables: tuple[Table, ...], least: int, *, pictured: bool) -> Iterator[tuple[Table, ...]]:
    """The tables with half of the rows again and again, down to `least`: only those with pictures, or without."""
    most = max((one.shown for one in tables if (one.bars is not None) == pictured), default=0)
    while most > least:
        most = max(least, most // 2)
        tables = tuple(
            replace(one, shown=min(one.shown, most)) if (one.bars is not None) == pictured else one for one in tables
        )
        yield tables


def _attach(whole: EmailMessage, workbook: bytes, name: str) -> None:
    whole.add_attachment(workbook, "application", "octet-stream")
    part = list(whole.iter_parts())[-1]
    del part["Content-Type"]
    del part["Content-Disposition"]
    # As they stand: the email package would cut the name into pieces that some programs do not join.
    part.set_raw("Content-Type", named_type(_WORKBOOK, name))
    part.set_raw("Content-Disposition", named_disposition("attachment", name))
