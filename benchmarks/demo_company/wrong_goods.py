"""What goes wrong though the books agree: names, stores, classes, signs, transfers, audits, swaps and balances."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from benchmarks.demo_company.books import received, sent
from benchmarks.demo_company.calendar import working_days_after
from benchmarks.demo_company.nouns import (
    DAMAGED,
    GOOD,
    OWN_USE_OUT,
    PETTY_IN,
    PURCHASE_IN,
    REPAIR_OUT,
    RETURN_TO_STOCK,
    LedgerRow,
)
from benchmarks.demo_company.scene import Scene

TRANSFER_LIMIT = 5
SWAP_DAYS = 3


def unknown_item(scene: Scene) -> None:
    """A petty purchase under a code that the master does not know."""
    world = scene.books.world
    world.items[:] = [item for item in world.items if item.code != scene.item.code]
    scene.books.both(scene.row(PETTY_IN))
    scene.expect("UNKNOWN_ITEM")


def other_name(scene: Scene) -> None:
    """The custodian writes a name that the master does not have for the code."""
    row = scene.row(PURCHASE_IN)
    scene.books.erp(row)
    scene.books.ledger(replace(row, item=replace(row.item, name=f"旧款{row.item.name}")))
    scene.expect("NAME_MISMATCH")


def wrong_store_on_both_sides(scene: Scene) -> None:
    """Both books put a purchase into the store of damaged goods."""
    scene.books.both(scene.row(PURCHASE_IN, DAMAGED))
    scene.expect("WRONG_QUALITY", DAMAGED)


def class_one_to_repair(scene: Scene) -> None:
    """A class I thing is sent to repair."""
    scene.stock(DAMAGED)
    packing = scene.books.paper("ZX", scene.day)
    scene.books.both(scene.row(REPAIR_OUT, DAMAGED, remark=f"装箱单{packing}"))
    scene.expect("NOT_REPAIRABLE", DAMAGED)


def positive_return(scene: Scene) -> None:
    """A red return is written with a positive quantity in both books."""
    scene.stock()
    scene.books.both(scene.row(RETURN_TO_STOCK))
    scene.expect("SIGN")


def negative_issue(scene: Scene) -> None:
    """The custodian writes an issue with a minus: a wrong sign, and a quantity that the ERP does not have."""
    scene.stock()
    row = scene.row(OWN_USE_OUT)
    scene.books.erp(row)
    scene.books.ledger(replace(row, quantity=-row.quantity))
    scene.expect("SIGN")
    scene.expect("QUANTITY")


def _legs(scene: Scene) -> tuple[LedgerRow, LedgerRow]:
    """A transfer to the neighbour of the same department on the scene's day: the way out and the way in."""
    scene.stock()
    papers = scene.books.paper("DB", scene.day), scene.books.paper("ZX", scene.day)
    out = sent(scene.site, scene.item, scene.quantity, papers, scene.day)
    return out, received(out, scene.neighbour, scene.day)


def no_packing_list(scene: Scene) -> None:
    """Goods leave on a transfer order without a packing list."""
    out, coming = _legs(scene)
    scene.books.both(replace(out, remark="已装车发出"))
    scene.books.both(coming)
    scene.expect("TRANSFER_REFERENCE")


def no_order_number(scene: Scene) -> None:
    """The neighbour books arriving goods without naming the transfer order."""
    out, coming = _legs(scene)
    scene.books.both(out)
    scene.books.erp(coming)
    scene.books.ledger(replace(coming, order=""))
    scene.expect("TRANSFER_REFERENCE", site=scene.neighbour)


def unauthorised(scene: Scene) -> None:
    """A department's clerk makes a transfer to another department and no manager agreed."""
    out, _ = _legs(scene)
    scene.books.both(out)
    coming = received(out, scene.stranger, scene.day)
    scene.books.erp(coming, made_by=scene.site.department.made_by)
    scene.books.ledger(coming)
    scene.expect("UNAUTHORISED_TRANSFER")


def never_arrived(scene: Scene) -> None:
    """Goods leave and nobody receives them."""
    out, _ = _legs(scene)
    scene.books.both(out)
    scene.expect("OPEN_TRANSFER", found=working_days_after(scene.day, TRANSFER_LIMIT))


def arrived_short(scene: Scene) -> None:
    """Fewer pieces arrive than left."""
    out, coming = _legs(scene)
    scene.books.both(out)
    scene.books.both(replace(coming, quantity=coming.quantity - 1))
    scene.expect("TRANSFER_QUANTITY")


def never_audited(scene: Scene) -> None:
    """Nobody audits a document."""
    row = scene.books.ledger(scene.row(PURCHASE_IN))
    scene.books.erp(row, audited_by="", audited_on=None)
    scene.expect("UNAUDITED", found=working_days_after(scene.day, 1))


def no_part_came_back(scene: Scene) -> None:
    """A spare goes into a turbine and the broken one never comes back."""
    scene.stock()
    scene.books.both(scene.row(OWN_USE_OUT, turbine="17#"))
    scene.expect("SWAP_INCOMPLETE", found=scene.after(SWAP_DAYS))


def more_than_there_is(scene: Scene) -> None:
    """More is issued than the store holds."""
    scene.stock(GOOD, Decimal(7))
    scene.books.both(scene.row(OWN_USE_OUT, quantity=scene.quantity + 500))
    scene.expect("NEGATIVE_BALANCE")


def issued_before_received(scene: Scene) -> None:
    """The ledger tells an issue before the receipt that made it possible; the next day all is well again."""
    scene.stock(GOOD, Decimal(1))
    scene.books.both(scene.row(OWN_USE_OUT))
    scene.books.both(scene.row(PURCHASE_IN, quantity=scene.quantity + 4))
    scene.expect("NEGATIVE_BALANCE")


def stock_jumped(scene: Scene) -> None:
    """The on-hand figure changes although no document says so."""
    scene.stock()
    scene.books.world.jumps.append((scene.site.warehouse(GOOD), scene.item.code, scene.day, -scene.quantity))
    scene.expect("BALANCE")


def wrong_balance_stated(scene: Scene) -> None:
    """The custodian writes a 结存 that the rows do not give."""
    scene.stock()
    scene.books.both(scene.row(OWN_USE_OUT, balance_off=Decimal(3)))
    scene.expect("STATED_BALANCE")
