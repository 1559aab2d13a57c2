"""What every row must satisfy by itself: item, name, quality, class, sign and named documents (spec 01: checks).

Signatures: row_checks(ledger, erp, pairs, items) -> list[Finding].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.categories import CATEGORIES, UNDIRECTED, Quality
from tasks.domain.finding import Finding
from tasks.domain.keys import name_key
from tasks.domain.message import Message, message
from tasks.domain.texts import Texts, distinct, equal_numbers
from tasks.stock_ledger.cases import Fault, Side, breaks_of_cases
from tasks.stock_ledger.lines import Flags, Ints
from tasks.stock_ledger.naming import category_words
from tasks.stock_ledger.references import named_orders, packing_lists_named

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
    sides = _of_side("ledger", ledger), _of_side("erp", erp)
    checks: dict[str, Callable[[_Lines], Iterable[Fault]]] = {
        "WRONG_QUALITY": _wrong_quality,
        "SIGN": _sign,
        "TRANSFER_REFERENCE": _transfer_reference,
    }
    if len(items):
        master = _master(items, {*sides[0].item.texts, *sides[1].item.texts})
        checks["UNKNOWN_ITEM"] = lambda one: _unknown_item(one, master, pairs)
        checks["NAME_MISMATCH"] = lambda one: _name_mismatch(one, master)
        checks["NOT_REPAIRABLE"] = lambda one: _not_repairable(one, master)
    faults = {kind: [fault for one in sides for fault in check(one)] for kind, check in checks.items()}
    return breaks_of_cases(faults, ledger, erp, pairs)


@dataclass(frozen=True, slots=True)
class _Lines:
    """One side's lines with the two columns that most checks ask, by their distinct texts."""

    side: Side
    frame: pd.DataFrame
    category: Texts
    item: Texts


def _of_side(side: Side, frame: pd.DataFrame) -> _Lines:
    return _Lines(side, frame, distinct(frame["category"]), distinct(frame["item"]))


@dataclass(frozen=True, slots=True)
class _Item:
    item_name: str
    specification: str
    item_class: str


_NO_ITEM = _Item("", "", "")


def _master(items: pd.DataFrame, wanted: set[str]) -> dict[str, _Item]:
    """The items of the master that the lines name, by key; of several with one key the first."""
    used = items[items["item_key"].isin(wanted)].drop_duplicates("item_key")
    names = ("item_key", "item_name", "specification", "item_class")
    return {key: _Item(*texts) for key, *texts in zip(*(used[name].fillna("").tolist() for name in names), strict=True)}


def _faults(
    lines: _Lines, failing: Ints, values: Sequence[Iterable[object]], told: Callable[..., tuple[str, str, Message]]
) -> list[Fault]:
    """One fault for every failing line; `told` gets its `values` and says expected, found and why."""
    own = (lines.frame[name].iloc[failing].tolist() for name in ("line", "site"))
    return [Fault(lines.side, line, site, *told(*value)) for line, site, *value in zip(*own, *values, strict=True)]


def _texts(lines: _Lines, failing: Ints, *names: str) -> list[list[object]]:
    return [lines.frame[name].iloc[failing].tolist() for name in names]


def _unknown_item(lines: _Lines, master: Mapping[str, _Item], pairs: pd.DataFrame) -> list[Fault]:
    failing = np.flatnonzero(lines.item.flags(text not in master for text in lines.item.texts))
    if lines.side == "ledger" and len(failing):
        # A blank code that found its partner by name is an ITEM break already, which tells the code.
        blank = (lines.frame["item"].iloc[failing] == "").to_numpy(dtype=np.bool_)
        line = lines.frame["line"].to_numpy(dtype=np.int64)[failing]
        failing = failing[~(blank & np.isin(line, pairs["ledger_line"].to_numpy(dtype=np.int64)))]

    def told(item: str, name: str, category: str) -> tuple[str, str, Message]:
        if category == "PETTY_IN":
            return "", item, message("checks.UNKNOWN_ITEM.petty", item=item, name=name)
        if not item:
            return "", "", message("checks.UNKNOWN_ITEM.blank", name=name)
        return "", item, message("checks.UNKNOWN_ITEM.code", item=item, name=name)

    return _faults(lines, failing, _texts(lines, failing, "item", "item_name", "category"), told)


def _name_mismatch(lines: _Lines, master: Mapping[str, _Item]) -> list[Fault]:
    of_items = [master.get(text, _NO_ITEM) for text in lines.item.texts]
    names = _differing(distinct(lines.frame["item_name"]), lines.item, [one.item_name for one in of_items])
    specifications = _differing(
        distinct(lines.frame["specification"]), lines.item, [one.specification for one in of_items]
    )
    failing = np.flatnonzero(names | specifications)
    wrong = np.select([names[failing] & specifications[failing], names[failing]], ["both", "name"], "specification")
    values = [
        wrong.tolist(),
        *_texts(lines, failing, "item_name", "specification"),
        [of_items[code] for code in lines.item.codes[failing].tolist()],
    ]
    return _faults(lines, failing, values, _told_name)


def _differing(own: Texts, item: Texts, right: Sequence[str]) -> Flags:
    """Per row whether its own text and the one of its item (`right`, by item text) are both given and not the same."""
    ours, masters = equal_numbers([name_key(text) for text in own.texts], [name_key(text) for text in right])
    mine, wanted = ours[own.codes], masters[item.codes]
    return np.asarray((mine > 0) & (wanted > 0) & (mine != wanted), dtype=np.bool_)


def _told_name(wrong: str, name: str, specification: str, right: _Item) -> tuple[str, str, Message]:
    if wrong == "both":
        expected, found = f"{right.item_name} {right.specification}", f"{name} {specification}"
        return expected, found, message("checks.NAME_MISMATCH.both", expected=expected, found=found)
    if wrong == "name":
        expected, found = right.item_name, name
        return expected, found, message("checks.NAME_MISMATCH.name", expected=expected, found=found)
    expected, found = right.specification, specification
    return expected, found, message("checks.NAME_MISMATCH.specification", expected=expected, found=found)


def _wrong_quality(lines: _Lines) -> list[Fault]:
    quality = distinct(lines.frame["quality"])
    wanted = [str(_QUALITY_OF.get(code, "")) for code in lines.category.texts]
    needs, has = equal_numbers(wanted, quality.texts)
    need, own = needs[lines.category.codes], has[quality.codes]
    failing = np.flatnonzero((need > 0) & (own > 0) & (need != own))
    words = {code: message(f"checks.quality.{code}") for code in ("good", "damaged")}

    def told(needed: str, quality: str, warehouse: str) -> tuple[str, str, Message]:
        said = message("checks.WRONG_QUALITY", needed=words[needed], quality=words[quality], warehouse=warehouse)
        return needed, quality, said

    needed = [wanted[code] for code in lines.category.codes[failing].tolist()]
    return _faults(lines, failing, [needed, *_texts(lines, failing, "quality", "warehouse")], told)


def _not_repairable(lines: _Lines, master: Mapping[str, _Item]) -> list[Fault]:
    class_one = lines.item.flags(master.get(text, _NO_ITEM).item_class == "I" for text in lines.item.texts)
    failing = np.flatnonzero(lines.category.within(_CLASS_TWO_ONLY) & class_one)

    def told(item: str) -> tuple[str, str, Message]:
        return "II", "I", message("checks.NOT_REPAIRABLE", item=item)

    return _faults(lines, failing, _texts(lines, failing, "item"), told)


def _sign(lines: _Lines) -> list[Fault]:
    """A return to stock and a red ERP document are written negative, everything else positive; zero is always wrong."""
    red = lines.category.within({"RETURN_TO_STOCK"})
    if lines.side == "erp":
        red = red | lines.frame["red"].astype("boolean").fillna(value=False).to_numpy(dtype=np.bool_)
    quantity = lines.frame["quantity"].to_numpy(dtype=np.int64)
    failing = np.flatnonzero(np.where(red, quantity >= 0, quantity <= 0))

    def told(way: str, scaled: int, category: str) -> tuple[str, str, Message]:
        found, words = quantity_text(scaled), category_words(category)
        if scaled == 0:
            return way, found, message("checks.SIGN.zero")
        if way == "<0":
            return way, found, message("checks.SIGN.red", category=words, found=found)
        return way, found, message("checks.SIGN.positive", category=words, found=found)

    ways = np.where(red[failing], "<0", ">0").tolist()
    return _faults(lines, failing, [ways, quantity[failing].tolist(), *_texts(lines, failing, "category")], told)


def _transfer_reference(lines: _Lines) -> list[Fault]:
    """Transfers name their order; in the ledger, what goes out names its packing list too.

    An ERP transfer order is its own order, so only its receipts and issues can lack one.
    """
    transfer = lines.category.within(_TRANSFERS)
    outgoing = lines.category.within(_OUTGOING if lines.side == "ledger" else ())
    at = np.flatnonzero(transfer | outgoing)
    if lines.side == "erp":
        at = at[(lines.frame["document_type"].iloc[at] != "transfer_order").to_numpy(dtype=np.bool_)]
    remark = lines.frame["remark"].iloc[at]
    orders = named_orders(lines.frame["order"].iloc[at], remark)
    no_order = transfer[at] & (orders == "").to_numpy(dtype=np.bool_)
    no_list = outgoing[at]
    no_list[no_list] = ~packing_lists_named(orders[no_list], remark[no_list])
    lacks = no_order | no_list
    lacking = np.select([no_order & no_list, no_order], ["order_and_list", "order"], "list")[lacks].tolist()

    def told(lacking: str, remark: str) -> tuple[str, str, Message]:
        return "", remark, message(f"checks.TRANSFER_REFERENCE.{lines.side}_{lacking}")

    return _faults(lines, at[lacks], [lacking, remark[lacks].tolist()], told)
