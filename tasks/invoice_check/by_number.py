"""Receipts and entries find their invoices by the numbers that they name (spec 04: look-alike numbers never match)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, Ints
from tasks.invoice_check.cited import numbers_in
from tasks.invoice_check.sides import Sides, allowed

_SPLIT = r"^([^0-9]*)0*([0-9]+)$"


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Who names whom: pairs of positions, and per other whether its cell names any number at all."""

    document: Ints
    other: Ints
    names: Flags


def named(sides: Sides) -> Named:
    """Every pair of a document that may be matched and a free other that names its number.

    A number is equal as `number_key` is, or with its prefix or the zeros after it left out where nobody else has it. A
    number that several invoices bear is settled by the code beside it, then by the customer, then by the amount; what
    stays undecided is in no pair, and is not matched otherwise either.
    """
    cells = sides.others["invoice"]
    tokens = numbers_in(cells)
    names = np.zeros(len(cells), dtype=np.bool_)
    names[tokens["at"].to_numpy()] = True
    tokens = tokens[sides.free[tokens["at"].to_numpy()]].reset_index(drop=True)
    at = np.flatnonzero(sides.counts).astype(np.int64)
    keys = sides.documents["number_key"].take(at)
    found = _equal(tokens, keys, at)
    missing = _missing(tokens, found)
    if len(missing):
        found = pd.concat([found, _without_prefix(sides, missing, keys, at)], ignore_index=True)
    pairs = _settled(sides, tokens, _whole_first(tokens, found))
    if tokens["at"].size > tokens["at"].nunique():
        pairs = pairs.drop_duplicates(["document", "at"])
    document, other = pairs["document"].to_numpy(dtype=np.int64), pairs["at"].to_numpy(dtype=np.int64)
    kept = allowed(sides, document, other)
    return Named(document[kept], other[kept], names)


def _equal(tokens: pd.DataFrame, keys: pd.Series[str], at: Ints) -> pd.DataFrame:
    """Tokens beside every document with that key: row (the token's), at, document."""
    blank = pd.Series([""], dtype="str")
    number, _ = pd.factorize(pd.concat([blank, keys, tokens["key"]], ignore_index=True))
    mine, asked = number[1 : 1 + len(keys)], number[1 + len(keys) :]
    order = np.argsort(mine, kind="stable")
    size = np.bincount(mine, minlength=int(number.max(initial=0)) + 1)
    start = np.cumsum(size) - size
    many = np.where(asked > 0, size[asked], 0)
    row = np.repeat(np.arange(len(asked)), many)
    step = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    document = at[order[start[asked[row]] + step]]
    rows, cells = tokens.index.to_numpy()[row], tokens["at"].to_numpy()[row]
    return pd.DataFrame({"row": rows, "at": cells, "document": document}, copy=False)


def _missing(tokens: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The tokens of which no level has found anything."""
    hit = np.zeros(len(tokens), dtype=np.bool_)
    hit[found["row"].to_numpy()] = True
    split = tokens[_in_parts(tokens)]
    if len(split):
        some = pd.Series(hit[split.index], index=split.index)
        hit[split.index] = some.groupby([split["at"], split["token"]]).transform("any")
    return tokens[~hit]


def _in_parts(tokens: pd.DataFrame) -> Flags:
    """The tokens of cells in which a number has parts."""
    cells = np.zeros(int(tokens["at"].max()) + 1 if len(tokens) else 0, dtype=np.bool_)
    cells[tokens.loc[tokens["level"] > 0, "at"].to_numpy()] = True
    flags: Flags = cells[tokens["at"].to_numpy()]
    return flags


def _without_prefix(sides: Sides, missing: pd.DataFrame, keys: pd.Series[str], at: Ints) -> pd.DataFrame:
    """What is found when a prefix is written on one side only, or zeros stand between it and the digits.

    A prefix that the documents lack is a word before the number; it is passed over only where customer or amount agree,
    and never when it is the prefix of other documents: C536365 is not 536365.
    """
    lettered = ~keys.str.fullmatch("[0-9]+").to_numpy(dtype=np.bool_)
    known = keys[lettered].str.extract(_SPLIT)
    split = missing["key"].str.extract(_SPLIT)
    readable = split[1].notna()
    missing, split = missing[readable], split[readable]
    whole = known[0] + known[1]
    asked = missing.assign(key=split[0] + split[1])
    same = _equal(asked, whole.fillna(""), at[lettered])
    bare = split[0] == ""
    unwritten = _equal(missing[bare].assign(key=split.loc[bare, 1]), known[1].fillna(""), at[lettered])
    foreign = ~bare & ~split[0].isin(known[0].unique())
    over = _equal(missing[foreign].assign(key=split.loc[foreign, 1]), keys[~lettered], at[~lettered])
    over = over[_agrees(sides, over)]
    return pd.concat([same, unwritten, over], ignore_index=True)


def _agrees(sides: Sides, found: pd.DataFrame) -> Flags:
    document, other = found["document"].to_numpy(dtype=np.int64), found["at"].to_numpy(dtype=np.int64)
    party = sides.party[0][document]
    agreed: Flags = ((party > 0) & (party == sides.party[1][other])) | (sides.wanted[document] == sides.brought[other])
    return agreed


def _whole_first(tokens: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Without the parts of numbers that somebody has as a whole."""
    parts = tokens["level"].to_numpy()[found["row"].to_numpy()] > 0
    if not parts.any():
        return found
    whole = tokens.loc[found["row"][~parts], ["at", "token"]].drop_duplicates()
    asked = tokens.loc[found["row"][parts], ["at", "token"]]
    had = asked.merge(whole.assign(had=True), on=["at", "token"], how="left")["had"].notna().to_numpy()
    parts[np.flatnonzero(parts)[~had]] = False
    whole_first: pd.DataFrame = found[~parts]
    return whole_first


def _settled(sides: Sides, tokens: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """What is found without choice, and what code, customer or amount have chosen among several."""
    several = found["row"].duplicated(keep=False).to_numpy()
    if not several.any():
        return found
    rows = found[several]
    code = pd.DataFrame({"at": rows["at"].to_numpy()})
    code["key"] = sides.documents["code_key"].take(rows["document"].to_numpy()).to_numpy()
    beside = tokens.loc[tokens["at"].isin(code["at"]), ["at", "key"]].drop_duplicates()
    written = code.merge(beside.assign(there=True), on=["at", "key"], how="left")["there"].notna().to_numpy()
    rows = _narrowed(rows, written)
    theirs, party = sides.party[1][rows["at"]], sides.party[0][rows["document"]]
    # A customer who is named and has none of them settles that there is none.
    rows = rows[(theirs == 0) | (party == theirs) | ~rows["row"].duplicated(keep=False).to_numpy()]
    rows = _narrowed(rows, sides.wanted[rows["document"]] == sides.brought[rows["at"]])
    return pd.concat([found[~several], rows[~rows["row"].duplicated(keep=False)]], ignore_index=True)


def _narrowed(rows: pd.DataFrame, wanted: Flags) -> pd.DataFrame:
    """The rows that are wanted where a number has any such, else all of them."""
    keep = pd.Series(wanted, index=rows.index)
    narrowed: pd.DataFrame = rows[keep | ~keep.groupby(rows["row"]).transform("any")]
    return narrowed
