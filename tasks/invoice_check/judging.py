"""All that the invoice check finds on one day: the register, the money, and the agreement with revenue (spec 04).

A check whose dataset was never delivered is not made, and said once to be so (spec 00).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.shaping import BLANK, DAY, WHOLE, empty, shaped
from tasks.invoice_check.booking import booking_findings
from tasks.invoice_check.bridge import Bridge, bridge, carried, period_total, roll_forward
from tasks.invoice_check.chasing import chase_list, pre_issued_findings
from tasks.invoice_check.decisions import decided_by, reopened_told, standing
from tasks.invoice_check.documents import documents_of
from tasks.invoice_check.matching import match_receipts, match_revenue
from tasks.invoice_check.material import Material
from tasks.invoice_check.of_register import Money, RegisterJudged, judge_register
from tasks.invoice_check.payments import payment_findings
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.receivables import open_items
from tasks.invoice_check.shapes import DOCUMENTS, ENTRIES, INVOICES, OPEN_ITEMS, RECEIPTS

_ALWAYS = ["invoiced", "unexplained"]
MONTHS = {"month": DAY, "invoiced": WHOLE, "revenue": BLANK}


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a day's judgement is: findings, and the frames that the report shows; `notes` say what was not checked.

    `bridge` is that of all months up to the day, None without a revenue ledger; `known_documents` and `known_entries`
    are what it was made of. `decisions` are those that count.
    """

    documents: pd.DataFrame
    findings: tuple[Finding, ...]
    notes: tuple[Message, ...]
    register: RegisterJudged
    items: pd.DataFrame
    chase: pd.DataFrame
    bridge: Bridge | None
    decisions: pd.DataFrame
    known_documents: pd.DataFrame
    known_entries: pd.DataFrame | None


def judged(material: Material, policy: Policy, as_of: dt.date, agreed: tuple[dt.date, ...]) -> Judged:
    """Everything as of `as_of`; invoices and revenue are held against one another up to the last day of `agreed`.

    `agreed` are the last days of the periods whose end was run, oldest first. At a period's end, when `as_of` is the
    last of them, what was booked and invoiced later tells why a month disagrees, as far as it was delivered.
    """
    documents = _documents(material.invoices, policy)
    ended = agreed[-1:] == (as_of,)
    known = _documents(material.known_invoices, policy) if ended and _later(material) else documents
    entries = material.known_entries if ended else material.entries
    contents = {"documents": documents}
    contents |= {
        name: frame
        for name, frame in (("receipts", material.receipts), ("entries", material.entries))
        if frame is not None
    }
    decisions = standing(material.decisions, contents, as_of)
    decided = decided_by(decisions.counts)
    received = material.receipts if material.receipts is not None else empty(RECEIPTS)
    paid = match_receipts(documents, received, decisions.counts, policy)
    links = None if entries is None else match_revenue(known, entries, decisions.counts, policy)
    register = judge_register(material, documents, Money(paid, links, decided.ignored), policy, as_of)
    findings = [*register.findings]
    items, unpaid = empty(OPEN_ITEMS), frozenset[str]()
    # Without a register every receipt and every entry would be one too many: nothing is held against it.
    if material.invoices is not None and material.receipts is not None:
        items = open_items(documents, received, paid, as_of)
        unpaid = frozenset(items.loc[items["paid"] == 0, "document"])
        findings += payment_findings(documents, received, paid, as_of, decided)
        findings += pre_issued_findings(items, as_of, policy, decided.ignored)
    made = None
    if material.invoices is not None and entries is not None and links is not None:
        made = bridge(known, entries, links, decided.ignored, unpaid, as_of)
        findings += [one for period in agreed for one in period_total(made, period)]
        if agreed:
            findings += booking_findings(known, entries, links, decided, unpaid, agreed[-1])
    notes = (*_not_checked(material), *_not_agreed(material, agreed, as_of), *_closing(material.entries, as_of))
    return Judged(
        documents=documents,
        findings=tuple(findings),
        notes=(*notes, *reopened_told(decisions.reopened)),
        register=register,
        items=items,
        chase=chase_list(items, as_of, policy),
        bridge=made,
        decisions=decisions.counts,
        known_documents=known,
        known_entries=entries,
    )


def _documents(invoices: pd.DataFrame | None, policy: Policy) -> pd.DataFrame:
    lines = invoices if invoices is not None else empty(INVOICES)
    return documents_of(lines, policy.terms_days) if len(lines) else empty(DOCUMENTS)


def _later(material: Material) -> bool:
    """Whether invoices of later days were delivered than those that are judged."""
    known, own = material.known_invoices, material.invoices
    return known is not None and own is not None and len(known) > len(own)


def _closing(entries: pd.DataFrame | None, as_of: dt.date) -> Iterable[Message]:
    """That entries which carry the month's revenue to the year's profit were left out: how many, and how much."""
    if entries is None:
        return
    first = pd.Timestamp(as_of.replace(day=1))
    own = entries[entries["closing"] & (entries["date"] >= first)]
    if len(own):
        yield message("invoice_money.note.closing", number=len(own), amount=money_text(int(own["amount"].sum())))


def _not_agreed(material: Material, agreed: tuple[dt.date, ...], as_of: dt.date) -> Iterable[Message]:
    """That what was booked lately is not held against the invoices yet: that is done at a period's end."""
    if material.entries is not None and not agreed:
        yield message("invoice_check.note.never_agreed")
    elif material.entries is not None and agreed[-1] < as_of:
        yield message("invoice_check.note.not_agreed", until=agreed[-1].isoformat())


def _not_checked(material: Material) -> Iterable[Message]:
    delivered = {
        "invoices": material.invoices,
        "invoice_books": material.books,
        "tax_download": material.platform,
        "receipts": material.receipts,
        "revenue_entries": material.entries,
    }
    return (message(f"invoice_check.note.not_checked.{name}") for name, frame in delivered.items() if frame is None)


def months_of(documents: pd.DataFrame, entries: pd.DataFrame | None, as_of: dt.date) -> pd.DataFrame:
    """Invoiced and revenue in cents by month (its first day) up to that of `as_of`, without a hole, oldest first.

    Revenue is blank where no revenue ledger was ever delivered.
    """
    counted = documents[documents["state"] != "void"]
    sums = {"invoiced": _by_month(counted["issued_on"], counted["net"])}
    revenue = entries[entries["revenue"]] if entries is not None else empty(ENTRIES)
    sums["revenue"] = _by_month(revenue["date"], revenue["amount"])
    known = pd.concat(sums, axis=1)
    if known.empty:
        return empty(MONTHS)
    span = pd.date_range(known.index.min(), pd.Timestamp(as_of.replace(day=1)), freq="MS", unit="s")
    filled = known.reindex(span).fillna(0).astype("int64")
    months = shaped(MONTHS, filled.rename_axis("month").reset_index())
    return months if entries is not None else months.assign(revenue=empty(MONTHS)["revenue"])


def _by_month(days: pd.Series, cents: pd.Series[int]) -> pd.Series[int]:
    month = days.dt.to_period("M").dt.start_time.astype(DAY)
    return cents.groupby(month).sum()


def lines_of(made: Bridge, documents: pd.DataFrame, entries: pd.DataFrame, period: dt.date) -> pd.DataFrame:
    """The lines of the bridge of the month that ends on `period`: line, amount, refs; together they are its revenue.

    Lines of nothing are left out, but for what was invoiced and what is unexplained, which stand also in a month of
    which nothing is known. `refs` names the invoices and
    vouchers that stand in a line, an invoice by its number, a voucher with its month.
    """
    lines = made.lines[(made.lines["period"] == pd.Timestamp(period)) & (made.lines["line"] != "revenue")]
    lines = lines[(lines["amount"] != 0) | lines["line"].isin(_ALWAYS)]
    if lines.empty:
        return pd.DataFrame({"line": _ALWAYS, "amount": 0, "refs": ""}).astype({"line": "str", "refs": "str"})
    names = short_names(documents, None, entries)
    refs = [" ".join(names.get(name, name) for name in text.split()) for text in lines["refs"]]
    return lines[["line", "amount"]].assign(refs=pd.Series(refs, index=lines.index, dtype="str")).reset_index(drop=True)


def carried_items(made: Bridge, documents: pd.DataFrame, entries: pd.DataFrame, period: dt.date) -> pd.DataFrame:
    """What waits for the other book at the beginning or end of the month that ends on `period`, oldest first.

    Columns document, other (as people call them), since, opening, change, closing (cents); see `bridge.carried`.
    """
    rows, names = carried(made, period), short_names(documents, None, entries)
    return rows.assign(**{side: [names.get(one, one) for one in rows[side]] for side in ("document", "other")})


def short_names(documents: pd.DataFrame, receipts: pd.DataFrame | None, entries: pd.DataFrame | None) -> dict[str, str]:
    """What people call each document, receipt and entry, by the names under which links and decisions keep them."""
    names = dict(zip(documents["document"], documents["number"].str.replace(" ", ""), strict=True))
    if receipts is not None:
        names |= dict(zip(receipts["ref"], receipts["number"], strict=True))
    if entries is not None:
        names |= dict(zip(entries["ref"], voucher_names(entries), strict=True))
    return names


def voucher_names(entries: pd.DataFrame) -> pd.Series[str]:
    """How a bridge names vouchers, whose numbers begin anew each month: `记-3(2026-11)`."""
    month = entries["date"].dt.strftime("%Y-%m").astype("str")
    names: pd.Series[str] = entries["voucher"].str.replace(" ", "") + "(" + month + ")"
    return names


def carried_forward(made: Bridge, period: dt.date) -> tuple[int, int]:
    """What waits for the other book at the beginning and at the end of the month that ends on `period`, in cents."""
    rows = roll_forward(made)
    own = rows[rows["period"] == pd.Timestamp(period)]
    return (int(own["opening"].sum()), int(own["closing"].sum())) if len(own) else (0, 0)
