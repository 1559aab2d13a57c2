"""How one movement gets into the books: a ledger row, an ERP line, or both, with their numbers and names."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from benchmarks.demo_company.calendar import working_days_after
from benchmarks.demo_company.nouns import (
    GOOD,
    GOOD_TRANSFER,
    ISSUE,
    MANAGEMENT,
    RECEIPT,
    RECEIPTS,
    TRANSFER_ORDER,
    ErpLine,
    Item,
    LedgerRow,
    Quality,
    Site,
    World,
)

DOCUMENT_LETTERS = {RECEIPT: "QTRK", ISSUE: "QTCK", TRANSFER_ORDER: "DBD"}
AUDITED_NEXT_DAY_EVERY = 7
LINES_OF_A_DOCUMENT = 5


class Books:
    """The pen: writes into a World and counts document, order and packing-list numbers."""

    def __init__(self, world: World) -> None:
        """A pen for `world` whose numbers start at 1."""
        self.world = world
        self._site_of = {site.code: site for site in world.sites}
        self._documents = 0
        self._open: dict[tuple[object, ...], tuple[int, int]] = {}
        self._papers = 0

    def paper(self, letters: str, day: dt.date) -> str:
        """The next number of a transfer order (`DB`) or packing list (`ZX`)."""
        self._papers += 1
        return f"{letters}{day:%Y%m%d}-{self._papers:04d}"

    def ledger(self, row: LedgerRow) -> LedgerRow:
        """A copy of `row`, written into its site's ledger: two equal rows stay two."""
        self.world.ledger.append(replace(row))
        return row

    def erp(self, row: LedgerRow, **changed: Any) -> ErpLine:
        """The ERP line that posts `row`, with single fields `changed` (as in ErpLine)."""
        site = self._site_of[row.site]
        line = ErpLine(
            document="",
            line=1,
            date=row.date,
            type=RECEIPT if row.incoming else ISSUE,
            category=row.category,
            warehouse=site.warehouse(row.quality),
            item=row.item,
            quantity=row.quantity,
            made_by=site.department.made_by,
            audited_by=site.department.manager,
            audited_on=row.date,
            order=row.order,
        )
        return self.post(replace(line, **changed))

    def post(self, line: ErpLine) -> ErpLine:
        """`line` on its document; every seventh document is audited only on the next working day."""
        alike = (line.date, line.type, line.category, line.warehouse, line.made_by, line.order, line.audited_on)
        if alike not in self._open or self._open[alike][1] == LINES_OF_A_DOCUMENT:
            self._documents += 1
            self._open[alike] = (self._documents, 0)
        number, lines = self._open[alike]
        self._open[alike] = (number, lines + 1)
        audited_on = line.audited_on
        if audited_on is not None and number % AUDITED_NEXT_DAY_EVERY == 0:
            audited_on = working_days_after(line.date, 1)
        document = f"{DOCUMENT_LETTERS[line.type]}{line.date:%Y%m}{number:05d}"
        posted = replace(line, document=document, line=lines + 1, audited_on=audited_on)
        self.world.erp.append(posted)
        return posted

    def both(self, row: LedgerRow) -> LedgerRow:
        """`row` in the ledger and posted in the ERP as it stands."""
        self.erp(row)
        return self.ledger(row)

    def transfer_order(
        self, row: LedgerRow, to_warehouse: str, *, made_by: str, moves: bool, remark: str = ""
    ) -> ErpLine:
        """The 调拨单 line of the outgoing `row`; its goods move by it (`moves`) or by legs of their own."""
        site = self._site_of[row.site]
        source = site.warehouse(row.quality)
        return self.erp(
            row,
            type=TRANSFER_ORDER,
            from_warehouse=source,
            to_warehouse=to_warehouse,
            made_by=made_by,
            remark=remark,
            moves=moves,
        )


def movement(
    site: Site, day: dt.date, category: str, item: Item, quantity: Decimal | int, quality: Quality = GOOD
) -> LedgerRow:
    """A row of one category (a transfer: its way out); papers that an outgoing one needs are added by the caller."""
    return LedgerRow(site.code, day, category, category in RECEIPTS, item, Decimal(quantity), quality)


def sent(site: Site, item: Item, quantity: Decimal | int, papers: tuple[str, str], day: dt.date) -> LedgerRow:
    """The outgoing row of a transfer of good stock; `papers` are its order and its packing list."""
    row = movement(site, day, GOOD_TRANSFER, item, quantity)
    return replace(row, order=papers[0], remark=f"装箱单{papers[1]}")


def received(out: LedgerRow, site: Site, day: dt.date) -> LedgerRow:
    """The incoming row at `site` of what left by `out`."""
    return replace(out, site=site.code, date=day, incoming=True, remark="")


def maker_between(one: Site, other: Site, management_clerk: str) -> str:
    """Who may make a transfer between two sites: their clerk within a department, else the management department."""
    if one.department == other.department:
        return one.department.made_by
    return f"{MANAGEMENT} {management_clerk}"
