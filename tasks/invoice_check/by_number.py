"""Receipts and entries find their invoices by the numbers that they name (spec 04: look-alike numbers never match)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, Ints
from tasks.invoice_check.cited import numbers_in
from tasks.invoice_check.sides import Sides, allowed, codes, combined

# So many documents with one number are a crowd: books that all begin at 00000001.
CROWD_MIN = 16
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
    found = _equal(sides, tokens, keys, at)
    missing = _missing(tokens, found)
    if len(missing):
        found = pd.concat([found, _without_prefix(sides, missing, keys, at)], ignore_index=True)
    pairs = _settled(sides, tokens, _whole_first(tokens, found))
    if tokens["at"].size > tokens["at"].nunique():
        pairs = pairs.drop_duplicates(["document", "at"])
    document, other = pairs["document"].to_numpy(dtype=np.int64), pairs["at"].to_numpy(dtype=np.int64)
    kept = allowed(sides, document, other)
    return Named(document[kept], other[kept], names)


def _equal(sides: Sides, tokens: pd.DataFrame, keys: pd.Series[str], at: Ints) -> pd.DataFrame:
    """Tokens beside every document with that key: row (the token's), at, document.

    Of a number that a crowd of documents bears only those are taken that its code, customer or amount may choose.
    """
    number, asked = codes(keys, tokens["key"])
    size = np.bincount(number, minlength=int(asked.max(initial=0)) + 1)
    crowd = (asked > 0) & (size[asked] > CROWD_MIN)
    rows, places = _joined(number, np.where(crowd, 0, asked))
    if crowd.any():
        of_crowd, documents = _of_crowd(sides, tokens, (number, asked), np.flatnonzero(crowd), at)
        rows, places = np.concatenate([rows, of_crowd]), np.concatenate([places, documents])
    columns = {"row": tokens.index.to_numpy()[rows], "at": tokens["at"].to_numpy()[rows], "document": at[places]}
    return pd.DataFrame(columns, copy=False)


def _joined(mine: Ints, asked: Ints) -> tuple[Ints, Ints]:
    """Positions of every pair of equal codes, those of `asked` first; 0 is equal to nothing."""
    order = np.argsort(mine, kind="stable")
    size = np.bincount(mine, minlength=int(asked.max(initial=0)) + 1)
    start = np.cumsum(size) - size
    many = np.where(asked > 0, size[asked], 0)
    row = np.repeat(np.arange(len(asked)), many)
    step = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    return row, order[start[asked[row]] + step]


def _of_crowd(
    sides: Sides, tokens: pd.DataFrame, numbers: tuple[Ints, Ints], crowd: Ints, at: Ints
) -> tuple[Ints, Ints]:
    """Pairs of tokens and documents with equal numbers and an equal customer, or code; the amount if no customer is."""
    number, asked = numbers
    other = tokens["at"].to_numpy()[crowd]
    party = sides.party[1][other]
    known, unknown = crowd[party > 0], crowd[party == 0]
    cells = tokens["at"].to_numpy()
    beside = pd.DataFrame({"at": other, "row": crowd}).merge(tokens[["at", "key"]].drop_duplicates(), on="at")
    code = codes(sides.documents["code_key"].take(at), beside["key"])
    coded = beside["row"].to_numpy()
    found = []
    for rows, mine, theirs in (
        (known, sides.party[0][at], sides.party[1][cells[known]]),
        (unknown, sides.wanted[at], sides.brought[cells[unknown]]),
        (coded[code[1] > 0], code[0], code[1][code[1] > 0]),
    ):
        one, two = combined([(number, asked[rows]), (mine, theirs)])
        places, documents = _joined(one + 1, two + 1)
        found.append(pd.DataFrame({"row": rows[places], "document": documents}))
    both = pd.concat(found).drop_duplicates()
    return both["row"].to_numpy(dtype=np.int64), both["document"].to_numpy(dtype=np.int64)


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
    same = _equal(sides, asked, whole.fillna(""), at[lettered])
    bare = split[0] == ""
    unwritten = _equal(sides, missing[bare].assign(key=split.loc[bare, 1]), known[1].fillna(""), at[lettered])
    foreign = ~bare & ~split[0].isin(known[0].unique())
    over = _equal(sides, missing[foreign].assign(key=split.loc[foreign, 1]), keys[~lettered], at[~lettered])
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
