"""The seal of a closed date: a digest of every row that the close rests on, and a hash that chains date to date.

Source: spec 06, step 13 (hash-chained to the day before; a changed closed day is found and named).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import repeat
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

from tasks.night_audit.books import grouped
from tasks.night_audit.rows import Balance

FIRST = "0" * 64
# What a sealed date says of its seal, among its own texts: the kinds of rows covered, and each ledger's total. A date
# that does not say it (before migration 0014) kept all of its balances, later ones those that they changed.
COVERS, LEDGERS = "covers", "ledgers"
Holder = tuple[str, str]


class Digest(NamedTuple):
    """The digest of one row: `kind` is its dataset, `number` the row as people know it."""

    kind: str
    number: str
    digest: str


class Standing(NamedTuple):
    """What a holder of a ledger has after the last close; `since` is the date that left it."""

    account: str
    balance: int
    since: dt.date


@dataclass(frozen=True, slots=True)
class Broken:
    """One way in which a closed date no longer is what was sealed.

    `row` is the number of the row as people know it, blank where the date's own hash was changed; `how` is changed,
    missing, added, hash or chain.
    """

    business_date: dt.date
    kind: str
    row: str
    how: str


def row_digests(kind: str, columns: Sequence[str], rows: Iterable[Sequence[object]], number: str) -> list[Digest]:
    """The digest of each row, sorted by number; `columns` names its values, `number` the one by which people know it.

    A digest covers the name and the exact value of every column, whatever their order: integers and texts as they
    stand, days and moments in ISO form to the second, a missing value as such, so that blank and missing differ.
    """
    by_column = list(zip(*rows, strict=True))
    if not by_column:
        return []
    order = sorted(range(len(columns)), key=columns.__getitem__)
    # What json.dumps makes of [kind, names, values], written out because all but the values is the same every time.
    head = f"{json.dumps([kind, [columns[place] for place in order]])[:-1]}, ["
    values = zip(*(list(map(_encoded, by_column[place])) for place in order), strict=True)
    digests = (sha256(f"{head}{', '.join(own)}]]".encode()).hexdigest() for own in values)
    return sorted(map(Digest, repeat(kind), map(str, by_column[columns.index(number)]), digests))


def day_hash(previous: str, business_date: dt.date, digests: Iterable[Digest], sealed: Mapping[str, str]) -> str:
    """The hash of a closed date: of the hash of the date before (`FIRST` for the first), its rows and its own texts.

    `digests` come in any order; `sealed` are the other texts that the close keeps, by name.
    """
    return _digest([previous, business_date.isoformat(), sorted(sealed.items()), sorted(digests)])


def broken_rows(business_date: dt.date, sealed: Iterable[Digest], present: Iterable[Digest]) -> tuple[Broken, ...]:
    """Every row that changed, vanished or was added since the close.

    Rows of one number (a shift has one a payment method) are compared as a set.
    """
    before, now = _by_row(sealed), _by_row(present)
    told = []
    for kind, number in sorted(before.keys() | now.keys()):
        was, is_now = before.get((kind, number)), now.get((kind, number))
        if was != is_now:
            how = "missing" if is_now is None else "added" if was is None else "changed"
            told.append(Broken(business_date, kind, number, how))
    return tuple(told)


def broken_chain(closed: Sequence[tuple[dt.date, str, str]]) -> tuple[Broken, ...]:
    """Where the chain breaks: `closed` are (business date, previous hash, hash) in the order of their dates.

    A date that is not the day after the one before it is a gap in the chain.
    """
    told = []
    expected, day_before = FIRST, None
    for business_date, previous, own in closed:
        gap = day_before is not None and business_date - day_before != dt.timedelta(days=1)
        if previous != expected or gap:
            told.append(Broken(business_date, "night_closes", "", "chain"))
        expected, day_before = own, business_date
    return tuple(told)


def standing_after(
    before: Mapping[Holder, Standing], rows: Iterable[Balance], date: dt.date, *, whole: bool
) -> dict[Holder, Standing]:
    """What stands after the close of `date`, by ledger and account_key: `rows` are the balances that it kept.

    They are all that are not nothing where it kept its balances `whole`, else those that it changed.
    """
    after = {} if whole else dict(before)
    after |= {row[:2]: Standing(row.account, row.balance, date) for row in rows}
    return {holder: one for holder, one in after.items() if one.balance}


def broken_standing(expected: Mapping[Holder, Standing], found: Mapping[Holder, Standing]) -> tuple[Broken, ...]:
    """Every balance that stands otherwise than the closed dates left it, by ledger and account."""
    told = []
    for one in sorted(holder for holder in expected.keys() | found.keys() if expected.get(holder) != found.get(holder)):
        left, stands = expected.get(one), found.get(one)
        how = "missing" if stands is None else "added" if left is None else "changed"
        known = left or stands
        assert known is not None
        told.append(Broken(known.since, "standing_balances", known.account, how))
    return tuple(told)


def _by_row(digests: Iterable[Digest]) -> Mapping[tuple[str, str], list[Digest]]:
    return grouped(sorted(digests), lambda one: (one.kind, one.number))


def _digest(content: object) -> str:
    # JSON keeps apart what plain joining would run together: a text may hold any separator.
    return sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


def _encoded(value: object) -> str:
    """The exact text of a value as a JSON string, null for a missing one; a day is its first second."""
    if value is None:
        return "null"
    if isinstance(value, dt.date):
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        return f'"{moment.isoformat(timespec="seconds")}"'
    return encode_basestring_ascii(str(value))
