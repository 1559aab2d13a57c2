"""What people did beside the rules: the operation log and the corrections across the seal (spec 06, steps 7 and 14)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import code_keys, name_keys
from tasks.domain.message import message
from tasks.night_audit.books import Books, looked_up
from tasks.night_audit.deposits import held_at_close
from tasks.night_audit.hotel_day import DAY, since_midnight
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy

_DONE = ["at", "operator", "action", "object", "before", "after", "ref"]
_MOVED = ["account_key", "account", "number", "at", "operator", "amount", "original", "remark", "ref"]
Record = dict[Hashable, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """findings: DELETED_LOCKED, PRICE_CHANGED_NEAR_CLOSE, MANUAL_NO_SHOW, REVERSED_AFTER_CLOSE.

    reopened (bills, 撤销结帐), room_moves and group_moves: lines of the log as delivered, by time. transfers: the
    folio's transfers of the date from account to account; their sum in cents, transfers_total, has to be zero.
    """

    findings: list[Finding]
    reopened: pd.DataFrame
    room_moves: pd.DataFrame
    group_moves: pd.DataFrame
    transfers: pd.DataFrame
    transfers_total: int


def trail(books: Books, policy: Policy, standing: pd.DataFrame) -> Trail:
    """The trail of the books' date; `standing` are its reservations with their state (reservations.Settlement)."""
    log = books.operation_log
    log = log.sort_values(["at", "ref"]) if len(log) else log
    of_date = (books.folio["date"] == pd.Timestamp(books.as_of)) & (books.folio["night_posting"] == "")
    transfers = books.folio[of_date & (books.folio["item"] == "transfer")].sort_values(["at", "number_key"])
    found = [
        *_deleted(books, policy, log),
        *_price_changes(books, policy, log),
        *_manual_no_shows(books, policy, log, standing),
        *_reversed(books),
    ]
    return Trail(
        findings=sorted(found, key=lambda one: (one.kind, one.item, one.refs)),
        reopened=_lines(log, ["bill_reopened"]),
        room_moves=_lines(log, ["room_changed"]),
        group_moves=_lines(log, ["group_joined", "group_left"]),
        transfers=transfers[_MOVED].reset_index(drop=True),
        transfers_total=int(transfers["amount"].sum()),
    )


def _lines(log: pd.DataFrame, actions: Iterable[str]) -> pd.DataFrame:
    return log.loc[log["action"].isin(list(actions)), _DONE].reset_index(drop=True)


def _deleted(books: Books, policy: Policy, log: pd.DataFrame) -> list[Finding]:
    """Deleted reservations that were locked, without the right to do so, or that ever held money, right or none.

    A reservation is locked `locked_after` its entry, at that very second too; one that was never delivered was entered
    at an unknown time and is taken for locked. Rights are not checked where operators were never delivered, times not
    where reservations were not.
    """
    deleted = log[log["action"] == "deleted_reservation"]
    if not len(deleted):
        return []
    deleted = deleted.assign(key=code_keys(deleted["object"]))
    entered = books.reservations.drop_duplicates("reservation_key").set_index("reservation_key")["entered_at"]
    since = looked_up(deleted["key"], entered)
    locked = ~(deleted["at"] < since + pd.Timedelta(policy.locked_after)) & ("reservations" in books.delivered)
    may = books.operators.loc[books.operators["may_delete_locked"] == "yes", "operator"]
    right = name_keys(deleted["operator"]).isin(name_keys(may)) | ("operators" not in books.delivered)
    received = looked_up(deleted["key"], _money_taken(books, policy)).fillna(0).astype("int64")
    refs = books.reservations.set_index("reservation_key")["ref"]
    chosen = deleted.assign(
        entered=since, received=received, reservation_ref=looked_up(deleted["key"], refs[~refs.index.duplicated()])
    )[(locked & ~right) | (received > 0)]
    findings = []
    for one in chosen.to_dict("records"):
        wording = "DELETED_WITH_MONEY" if one["received"] > 0 else "DELETED_LOCKED"
        told = message(
            f"night_audit.{wording}",
            reservation=one["object"],
            operator=one["operator"],
            at=_minute(one["at"]),
            owner=desk_of("DELETED_LOCKED"),
            **(
                {"held": money_text(one["received"])}
                if one["received"] > 0
                else {"entered": "—" if pd.isna(one["entered"]) else _minute(one["entered"])}
            ),
        )
        refs_of = [one["ref"]] + ([] if pd.isna(one["reservation_ref"]) else [one["reservation_ref"]])
        findings.append(hotel_finding("DELETED_LOCKED", books.as_of, one["object"], refs_of, told))
    return findings


def _price_changes(books: Books, policy: Policy, log: pd.DataFrame) -> list[Finding]:
    """Prices changed within `near_close` before or after the end of a night, both ends included."""
    if not len(log):
        return []
    since = log["at"] - since_midnight(policy.night_ends)
    after = since - since.dt.normalize()
    near = (after <= pd.Timedelta(policy.near_close)) | (DAY - after <= pd.Timedelta(policy.near_close))
    return [
        hotel_finding(
            "PRICE_CHANGED_NEAR_CLOSE",
            books.as_of,
            one["object"],
            [one["ref"]],
            message(
                "night_audit.PRICE_CHANGED_NEAR_CLOSE",
                object=one["object"],
                operator=one["operator"],
                at=_minute(one["at"]),
                before=one["before"],
                after=one["after"],
                owner=desk_of("PRICE_CHANGED_NEAR_CLOSE"),
            ),
            (one["before"], one["after"]),
        )
        for one in log[(log["action"] == "price_changed") & near].to_dict("records")
    ]


def _manual_no_shows(books: Books, policy: Policy, log: pd.DataFrame, standing: pd.DataFrame) -> list[Finding]:
    """Reservations that ever held money and that somebody set to no-show: by the log, or by the PMS and not by us."""
    by_log = log[log["action"] == "no_show_set"]
    by_log = by_log.assign(reservation_key=code_keys(by_log["object"]), reservation=by_log["object"])
    delivered = books.reservations.loc[books.reservations["state"] == "no_show", "reservation_key"]
    set_by_pms = standing["reservation_key"].isin(delivered) & (standing["last"] == "")
    if not len(by_log) and not set_by_pms.any():
        return []
    by_pms = standing[["reservation_key", "reservation", "ref"]][set_by_pms]
    both = pd.concat(
        [
            by_log[["reservation_key", "reservation", "operator", "ref"]],
            by_pms.assign(operator=""),
        ]
    ).drop_duplicates("reservation_key")
    money = _money_taken(books, policy)
    both = both.assign(received=looked_up(both["reservation_key"], money).fillna(0).astype("int64"))
    return [
        hotel_finding(
            "MANUAL_NO_SHOW",
            books.as_of,
            one["reservation"],
            [one["ref"]],
            message(
                "night_audit.MANUAL_NO_SHOW",
                reservation=one["reservation"],
                operator=one["operator"] or "—",
                held=money_text(one["received"]),
                owner=desk_of("MANUAL_NO_SHOW"),
            ),
        )
        for one in both[both["received"] > 0].to_dict("records")
    ]


def _money_taken(books: Books, policy: Policy) -> pd.Series[int]:
    """All that was ever received on each reservation, in cents, by reservation_key."""
    return held_at_close(books, policy).set_index("reservation_key")["received"]


def _reversed(books: Books) -> list[Finding]:
    """Reversals of the date whose original a closed date holds and the same hand posted."""
    findings = []
    for dataset, frame in (("folio", books.folio), ("payments", books.payments)):
        if not (frame["original_key"] != "").any():
            continue
        before = books.originals[books.originals["dataset"] == dataset]
        before = before[before["date"] < pd.Timestamp(books.as_of)].drop_duplicates("number_key")
        undone = frame[(frame["original_key"] != "") & (frame["date"] == pd.Timestamp(books.as_of))]
        both = undone.merge(before, left_on="original_key", right_on="number_key", suffixes=("", "_before"))
        same = both[name_keys(both["operator"]) == name_keys(both["operator_before"])]
        findings += [_reversal(books, one) for one in same.to_dict("records")]
    return findings


def _reversal(books: Books, one: Record) -> Finding:
    told = message(
        "night_audit.REVERSED_AFTER_CLOSE",
        account=one["account"],
        number=one["number"],
        original=one["number_before"],
        date=f"{one['date_before']:%Y-%m-%d}",
        operator=one["operator"],
        amount=money_text(one["amount"]),
        owner=desk_of("REVERSED_AFTER_CLOSE"),
    )
    refs = [one["ref"], one["ref_before"]]
    against = (money_text(one["amount_before"]), money_text(one["amount"]))
    return hotel_finding("REVERSED_AFTER_CLOSE", books.as_of, one["account"], refs, told, against)


def _minute(at: pd.Timestamp) -> str:
    return f"{at:%m-%d %H:%M}"
