"""What goes wrong between two books: rows missing, differing, repeated, changed later, or whole ledgers away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from benchmarks.demo_company.nouns import (
    DAMAGED,
    DAMAGED_IN,
    GOOD,
    OWN_USE_OUT,
    PURCHASE_IN,
    REPAIRED_IN,
    RETURN_TO_STOCK,
)
from benchmarks.demo_company.scene import Scene


def not_posted(scene: Scene) -> None:
    """The clerk forgot to post a receipt."""
    scene.books.ledger(scene.row(PURCHASE_IN))
    scene.expect("MISSING_IN_ERP")


def not_in_ledger(scene: Scene) -> None:
    """The custodian forgot a row."""
    scene.books.erp(scene.row(REPAIRED_IN))
    scene.expect("MISSING_IN_LEDGER")


def other_quantity(scene: Scene) -> None:
    """The clerk posted less than was issued."""
    scene.stock()
    row = scene.books.ledger(scene.row(OWN_USE_OUT))
    scene.books.erp(row, quantity=row.quantity - 1)
    scene.expect("QUANTITY")


def posted_in_parts(scene: Scene) -> None:
    """Five hundred came, sixty were posted, four hundred on the next day: one break from its first day."""
    row = scene.books.ledger(scene.row(PURCHASE_IN, quantity=Decimal(500)))
    scene.books.erp(row, quantity=Decimal(60))
    scene.books.erp(row, quantity=Decimal(400), date=scene.after(1), audited_on=scene.after(1))
    scene.expect("QUANTITY")


def other_category(scene: Scene) -> None:
    """A purchase was posted as a repaired part."""
    row = scene.books.ledger(scene.row(PURCHASE_IN))
    scene.books.erp(row, category=REPAIRED_IN)
    scene.expect("CATEGORY")


def other_category_and_store(scene: Scene) -> None:
    """A purchase was posted as a damaged part, in the store of damaged goods with it."""
    row = scene.books.ledger(scene.row(PURCHASE_IN))
    scene.books.erp(row, category=DAMAGED_IN, warehouse=scene.site.warehouse(DAMAGED))
    scene.expect("CATEGORY")


def other_store(scene: Scene) -> None:
    """A purchase was posted in the store of damaged goods, which the category forbids."""
    row = scene.books.ledger(scene.row(PURCHASE_IN))
    scene.books.erp(row, warehouse=scene.site.warehouse(DAMAGED))
    scene.expect("WAREHOUSE")
    scene.expect("WRONG_QUALITY", DAMAGED)


def returned_from_other_store(scene: Scene) -> None:
    """A red return left the store of damaged goods and was posted from that of good ones; it may be either."""
    for quality in (GOOD, DAMAGED):
        scene.stock(quality)
    row = scene.books.ledger(scene.row(RETURN_TO_STOCK, DAMAGED, quantity=-scene.quantity))
    scene.books.erp(row, warehouse=scene.site.warehouse(GOOD))
    scene.expect("WAREHOUSE", DAMAGED)


def posted_next_day(scene: Scene) -> None:
    """The clerk dated a receipt one day late: missing on its day, a wrong date from the next day on."""
    row = scene.books.ledger(scene.row(PURCHASE_IN))
    scene.books.erp(row, date=scene.after(1), audited_on=scene.after(1))
    scene.expect("MISSING_IN_ERP")
    scene.expect("DATE", found=scene.after(1))


def twin_code(scene: Scene) -> None:
    """The thing stands in the master twice; the custodian used one code and the clerk the other."""
    scene.books.world.items.append(scene.twin)
    row = scene.books.ledger(scene.row(PURCHASE_IN))
    scene.books.erp(row, item=scene.twin)
    scene.expect("ITEM")


def mistyped_code(scene: Scene) -> None:
    """The custodian wrote the code of another thing beside the right name."""
    right = replace(
        scene.item, name="变桨后备电源充电器", specification=f"CT-{scene.quantity}-230V", code=scene.twin.code
    )
    scene.books.world.items.append(right)
    scene.books.erp(scene.row(PURCHASE_IN, item=right))
    scene.books.ledger(scene.row(PURCHASE_IN, item=replace(right, code=scene.item.code)))
    scene.expect("ITEM")
    scene.expect("NAME_MISMATCH")


def written_twice(scene: Scene) -> None:
    """A whole row stands twice in one ledger."""
    row = scene.books.both(scene.row(PURCHASE_IN))
    scene.books.ledger(row)
    scene.expect("DUPLICATE")


def amended_remark(scene: Scene) -> None:
    """Two days later the running workbook tells a row of an earlier day with another remark."""
    row = scene.books.both(scene.row(PURCHASE_IN, until=scene.after(2)))
    scene.books.ledger(replace(row, since=scene.after(2), until=row.date.max, remark="补记:发票已到"))
    scene.expect("AMENDED", found=scene.after(2))


def amended_quantity(scene: Scene) -> None:
    """A wrong quantity of the running workbook is put right two days later."""
    right = scene.row(PURCHASE_IN)
    scene.books.erp(right)
    scene.books.ledger(replace(right, quantity=right.quantity + 2, until=scene.after(2)))
    scene.books.ledger(replace(right, since=scene.after(2)))
    scene.expect("QUANTITY")
    scene.expect("AMENDED", found=scene.after(2))


def no_ledger(scene: Scene) -> None:
    """A day's ledger never comes."""
    scene.books.world.never_sent.add((scene.site.code, scene.day))
    scene.expect_of_site("LEDGER_MISSING")


def ledger_next_evening(scene: Scene) -> None:
    """A ledger comes a day late without a word."""
    scene.books.world.sent_later[scene.site.code, scene.day] = scene.after(1)
    scene.expect_of_site("LEDGER_MISSING")
    scene.expect_of_site("LEDGER_LATE", found=scene.after(1))


def ledger_with_notice(scene: Scene) -> None:
    """A notice stands in for a ledger that comes a day late."""
    world = scene.books.world
    world.sent_later[scene.site.code, scene.day] = scene.after(1)
    world.notices.append((scene.site.code, scene.day, "台风停电,现场网络中断"))
    scene.expect_of_site("LEDGER_LATE")
