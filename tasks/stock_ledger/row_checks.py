"""What every row must satisfy by itself: item, name, quality, class, sign and named documents (spec 01: checks).

Signatures: row_checks(ledger, erp, pairs, items) -> list[Finding].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.categories import CATEGORIES, UNDIRECTED, Quality
from tasks.domain.finding import Finding
from tasks.domain.keys import name_keys
from tasks.domain.message import Message, message
from tasks.stock_ledger.cases import Fault, Side, breaks_of_cases
from tasks.stock_ledger.references import named_orders, packing_lists_named

Mask = npt.NDArray[np.bool_]
_QUALITY_OF: dict[str, Quality] = {code: one.quality for code, one in CATEGORIES.items() if one.quality} | {
    "GOOD_TRANSFER": "good",
    "DAMAGED_TRANSFER": "damaged",
}
_TRANSFERS = {code for code, one in CATEGORIES.items() if one.transfer} | set(UNDIRECTED)
_OUTGOING = {code for code, one in CATEGORIES.items() if one.outgoing_reference}
_CLASS_TWO_ONLY = {code for code, one in CATEGORIES.items() if one.class_two_only}


def row_checks(ledger: pd.DataFrame, erp: pd.DataFrame, pairs: pd.DataFrame, items: pd.DataFrame) -> list[Finding]:
    """Every UNKNOWN_ITEM, NAME_MISMATCH, WRONG_QUALITY, NOT_REPAIRABLE, SIGN and TRANSFER_REFERENCE of the lines.

    `ledger` and `erp` are the frames of the day's lines, `pairs` what matching put together (ledger_line, erp_line,
    stage), `items` the master (item_key, item_name, specification, item_class); an empty master checks no item. A
    matched pair makes one finding with both references even if both its rows fail. The order of rows has no effect.
    """
    ledger, erp = ledger.reset_index(drop=True), erp.reset_index(drop=True)
    paired = set(pairs["ledger_line"].tolist())
    sides: tuple[tuple[Side, pd.DataFrame], ...] = (("ledger", ledger), ("erp", erp))
    checks: list[tuple[str, Callable[[Side, pd.DataFrame], Iterable[Fault]]]] = [
        ("WRONG_QUALITY", _wrong_quality),
        ("SIGN", _sign),
        ("TRANSFER_REFERENCE", _transfer_reference),
    ]
    if len(items):
        master = _master(items)
        checks += [
            ("UNKNOWN_ITEM", lambda side, lines: _unknown_item(side, lines, master, paired)),
            ("NAME_MISMATCH", lambda side, lines: _name_mismatch(side, lines, master)),
            ("NOT_REPAIRABLE", lambda side, lines: _not_repairable(side, lines, master)),
        ]
    faults = {kind: [fault for side, lines in sides for fault in check(side, lines)] for kind, check in checks}
    return breaks_of_cases(faults, ledger, erp, pairs)


def _master(items: pd.DataFrame) -> pd.DataFrame:
    names = ["item_name", "specification", "item_class"]
    master = items.drop_duplicates("item_key").set_index("item_key")[names]
    return master.assign(name_key=name_keys(master["item_name"]), specification_key=name_keys(master["specification"]))


def _faults(
    side: Side,
    lines: pd.DataFrame,
    failing: Mask,
    columns: tuple[str, ...],
    told: Callable[..., tuple[str, str, Message]],
) -> list[Fault]:
    """One fault for every failing line; `told` gets the values of `columns` and says expected, found and why."""
    wrong = lines[failing]
    values = zip(*(wrong[name].tolist() for name in columns), strict=True)
    return [
        Fault(side, int(line), site, *told(*value))
        for line, site, value in zip(wrong["line"], wrong["site"], values, strict=True)
    ]


def _unknown_item(side: Side, lines: pd.DataFrame, master: pd.DataFrame, paired: set[int]) -> list[Fault]:
    unknown = master.index.get_indexer(pd.Index(lines["item"])) < 0
    if side == "ledger":
        # A blank code that found its partner by name is an ITEM break already, which tells the code.
        unknown = unknown & ~((lines["item"] == "") & lines["line"].isin(paired)).to_numpy(dtype=bool)

    def told(item: str, name: str, category: str) -> tuple[str, str, Message]:
        if category == "PETTY_IN":
            return "", item, message("checks.UNKNOWN_ITEM.petty", item=item, name=name)
        if not item:
            return "", "", message("checks.UNKNOWN_ITEM.blank", name=name)
        return "", item, message("checks.UNKNOWN_ITEM.code", item=item, name=name)

    return _faults(side, lines, unknown, ("item", "item_name", "category"), told)


def _name_mismatch(side: Side, lines: pd.DataFrame, master: pd.DataFrame) -> list[Fault]:
    place = master.index.get_indexer(pd.Index(lines["item"]))
    known = place >= 0
    differs = {}
    for column, key in (("item_name", "name_key"), ("specification", "specification_key")):
        own = name_keys(lines[column]).to_numpy(dtype=object)
        right = master[key].to_numpy(dtype=object)[place]
        differs[column] = known & (own != "") & (right != "") & (own != right)
    wrong = lines.assign(
        wrong=np.select(
            [differs["item_name"] & differs["specification"], differs["item_name"]], ["both", "name"], "specification"
        ),
        right_name=master["item_name"].to_numpy(dtype=object)[place],
        right_specification=master["specification"].to_numpy(dtype=object)[place],
    )
    columns = ("wrong", "item_name", "specification", "right_name", "right_specification")
    return _faults(side, wrong, differs["item_name"] | differs["specification"], columns, _told_name)


def _told_name(
    wrong: str,
    name: str,
    specification: str,
    right_name: str,
    right_specification: str,
) -> tuple[str, str, Message]:
    if wrong == "both":
        expected, found = f"{right_name} {right_specification}", f"{name} {specification}"
        return expected, found, message("checks.NAME_MISMATCH.both", expected=expected, found=found)
    if wrong == "name":
        return right_name, name, message("checks.NAME_MISMATCH.name", expected=right_name, found=name)
    told = message("checks.NAME_MISMATCH.specification", expected=right_specification, found=specification)
    return right_specification, specification, told


def _wrong_quality(side: Side, lines: pd.DataFrame) -> list[Fault]:
    needed = lines["category"].map(_QUALITY_OF).fillna("")
    lines = lines.assign(needed=needed)
    failing = ((needed != "") & (lines["quality"] != "") & (needed != lines["quality"])).to_numpy(dtype=bool)

    def told(needed: str, quality: str, warehouse: str) -> tuple[str, str, Message]:
        words = {code: message(f"checks.quality.{code}") for code in ("good", "damaged")}
        said = message("checks.WRONG_QUALITY", needed=words[needed], quality=words[quality], warehouse=warehouse)
        return needed, quality, said

    return _faults(side, lines, failing, ("needed", "quality", "warehouse"), told)


def _not_repairable(side: Side, lines: pd.DataFrame, master: pd.DataFrame) -> list[Fault]:
    class_one = master.index[master["item_class"] == "I"]
    failing = lines["category"].isin(_CLASS_TWO_ONLY) & lines["item"].isin(class_one)

    def told(item: str) -> tuple[str, str, Message]:
        return "II", "I", message("checks.NOT_REPAIRABLE", item=item)

    return _faults(side, lines, failing.to_numpy(dtype=bool), ("item",), told)


def _sign(side: Side, lines: pd.DataFrame) -> list[Fault]:
    """A return to stock and a red ERP document are written negative, everything else positive; zero is always wrong."""
    red = (lines["category"] == "RETURN_TO_STOCK").to_numpy(dtype=bool)
    if side == "erp":
        red = red | lines["red"].astype("boolean").fillna(value=False).to_numpy(dtype=bool)
    quantity = lines["quantity"].to_numpy(dtype=np.int64)
    failing = np.where(red, quantity >= 0, quantity <= 0)

    def told(way: str, scaled: int) -> tuple[str, str, Message]:
        found = quantity_text(scaled)
        if scaled == 0:
            return way, found, message("checks.SIGN.zero")
        if way == "<0":
            return way, found, message("checks.SIGN.red", found=found)
        return way, found, message("checks.SIGN.positive", found=found)

    return _faults(side, lines.assign(way=np.where(red, "<0", ">0")), failing, ("way", "quantity"), told)


def _transfer_reference(side: Side, lines: pd.DataFrame) -> list[Fault]:
    """Transfers name their order; in the ledger, what goes out names its packing list too.

    An ERP transfer order is its own order, so only its receipts and issues can lack one.
    """
    transfer = lines["category"].isin(_TRANSFERS)
    if side == "erp":
        transfer = transfer & (lines["document_type"] != "transfer_order")
    outgoing = lines["category"].isin(_OUTGOING if side == "ledger" else ())
    concerned = lines[transfer | outgoing]
    orders = named_orders(concerned["order"], concerned["remark"])
    without_order = transfer[concerned.index].to_numpy(dtype=bool) & (orders == "").to_numpy(dtype=bool)
    without_list = outgoing[concerned.index].to_numpy(dtype=bool) & ~packing_lists_named(orders, concerned["remark"])
    lacking = np.select([without_order & without_list, without_order], ["order_and_list", "order"], "list")

    def told(lacking: str, remark: str) -> tuple[str, str, Message]:
        return "", remark, message(f"checks.TRANSFER_REFERENCE.{side}_{lacking}")

    return _faults(side, concerned.assign(lacking=lacking), without_order | without_list, ("lacking", "remark"), told)
