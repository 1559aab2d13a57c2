"""Every way of doing it wrong that spec 01 names, each with all of its consequences stated."""

from __future__ import annotations

from benchmarks.demo_company import wrong_books, wrong_goods
from benchmarks.demo_company.books import movement
from benchmarks.demo_company.calendar import working_days_after
from benchmarks.demo_company.nouns import PURCHASE_IN
from benchmarks.demo_company.scene import Recipe, Scene


def _unreadable(column: str, written: str, *, posted: bool) -> Recipe:
    """A ledger row with one unreadable cell; its ERP line, where there is one, then has no row."""

    def act(scene: Scene) -> None:
        row = scene.row(PURCHASE_IN, written=((column, written),))
        scene.books.ledger(row)
        scene.expect_quarantined("ledger", column, written)
        if posted:
            scene.books.erp(row)
            scene.expect("MISSING_IN_LEDGER")

    return Recipe(f"unreadable {column}", act, sites="plain")


def unreadable_in_erp(scene: Scene) -> None:
    """A line that somebody typed into the export by hand; nothing moved. Audited later, it is exported once more."""
    row = movement(scene.site, scene.day, PURCHASE_IN, scene.item, scene.quantity)
    line = scene.books.erp(row, moves=False, written=(("quantity", "待定"),))
    for day in sorted({scene.day, line.audited_on or scene.day}):
        scene.expect_quarantined("erp_documents", "quantity", "待定", found=day)


_ANYWHERE = (
    wrong_books.not_posted,
    wrong_books.not_in_ledger,
    wrong_books.other_quantity,
    wrong_books.other_category,
    wrong_books.other_category_and_store,
    wrong_books.other_store,
    wrong_books.returned_from_other_store,
    wrong_books.twin_code,
    wrong_goods.unknown_item,
    wrong_goods.other_name,
    wrong_goods.wrong_store_on_both_sides,
    wrong_goods.class_one_to_repair,
    wrong_goods.positive_return,
    wrong_goods.no_packing_list,
    wrong_goods.no_order_number,
    wrong_goods.unauthorised,
    wrong_goods.arrived_short,
    wrong_goods.more_than_there_is,
    wrong_goods.issued_before_received,
    wrong_goods.stock_jumped,
    unreadable_in_erp,
)


def recipes() -> tuple[Recipe, ...]:
    """All recipes; those that take whole ledgers away stand first, so that the others can keep clear of those days."""
    return (
        Recipe("no ledger", wrong_books.no_ledger, sites="plain"),
        Recipe("ledger next evening", wrong_books.ledger_next_evening, sites="plain", span=1),
        Recipe("ledger with notice", wrong_books.ledger_with_notice, sites="plain", span=1),
        Recipe(
            "never arrived",
            wrong_goods.never_arrived,
            found=lambda day: working_days_after(day, wrong_goods.TRANSFER_LIMIT),
        ),
        Recipe("no part came back", wrong_goods.no_part_came_back, things="repairable", span=wrong_goods.SWAP_DAYS),
        Recipe("never audited", wrong_goods.never_audited, found=lambda day: working_days_after(day, 1)),
        Recipe("amended remark", wrong_books.amended_remark, sites="running", span=2, same_month=True),
        Recipe("amended quantity", wrong_books.amended_quantity, sites="running", span=2, same_month=True),
        Recipe("posted next day", wrong_books.posted_next_day, span=1),
        Recipe("posted in parts", wrong_books.posted_in_parts, span=1),
        *(Recipe(act.__name__.replace("_", " "), act) for act in _ANYWHERE),
        *(
            Recipe(act.__name__.replace("_", " "), act, sites="plain")
            for act in (wrong_books.written_twice, wrong_goods.negative_issue, wrong_books.mistyped_code)
        ),
        Recipe("wrong balance stated", wrong_goods.wrong_balance_stated, sites="stating"),
        _unreadable("date", "2026-02-30", posted=True),
        _unreadable("category", "临时借用", posted=True),
        _unreadable("quantity", "若干", posted=True),
        _unreadable("warehouse", "三号库", posted=False),
        _unreadable("quantity", "", posted=False),
    )
