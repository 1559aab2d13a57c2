"""Who has to be asked for money, and what becomes of an invoice that stays unpaid (spec 04, PRE_ISSUED)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import name_key
from tasks.domain.message import message
from tasks.domain.shaping import shaped
from tasks.domain.texts import Flags, Ints, distinct, found_in
from tasks.domain.working_days import next_working_day, working_days_between, working_days_until
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.shapes import CHASE, REISSUED


def chase_list(items: pd.DataFrame, as_of: dt.date, policy: Policy) -> pd.DataFrame:
    """The open items to chase on `as_of`, as CHASE, the longest overdue first; `items` as OPEN_ITEMS.

    Near are those that fall due today or within `near_days` working days of the Chinese calendar, past those after
    their agreed day. One past whose customer cannot pay (its remark has one of `unable_words`) is to be recovered and
    voided.
    """
    days = items["days"].to_numpy()
    near = (days <= 0) & (items["due_on"].to_numpy() < _far(as_of, policy))
    act = np.where(near, "near", np.where(days > 0, "past", "")).astype(object)
    act[(days > 0) & _unable(items, policy)] = "recover"
    chased = items.assign(act=act, working_days=_working_days(items["due_on"], as_of))[act != ""]
    return shaped(CHASE, chased.sort_values(["due_on", "document"]))


def pre_issued_findings(
    items: pd.DataFrame, as_of: dt.date, policy: Policy, ignored: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """PRE_ISSUED for unpaid invoices that have no collection notice, or are near or past their agreed day.

    One finding an invoice; what weighs most is told: recover and void, then past due, then without a notice, and low
    that it is nearly due. One of which a part was paid is past due as UNDERPAID. `items` as OPEN_ITEMS; what is paid
    is no longer told.
    """
    late = (items["days"] > 0).to_numpy(dtype=np.bool_)
    bare = (items["notice"] == "").to_numpy(dtype=np.bool_)
    how = np.full(len(items), "", dtype=object)
    how[bare] = "no_notice"
    near = (items["days"] <= 0).to_numpy(dtype=np.bool_) & (items["due_on"].to_numpy() < _far(as_of, policy))
    how[near & ~bare] = "not_due"
    how[late & (items["paid"] == 0).to_numpy(dtype=np.bool_)] = "past"
    how[late & _unable(items, policy)] = "recover"
    # Without a notice and past due are two things to do, so one sentence says both.
    how[(how == "past") & bare] = "past_no_notice"
    told = items.assign(how=how)[(how != "") & ~found_in(items["document"], ignored)]
    found = (_finding({str(name): value for name, value in row.items()}, as_of) for row in told.to_dict("records"))
    return tuple(sorted(found, key=lambda one: (one.item, one.id)))


def reissued(documents: pd.DataFrame, originals: Iterable[int]) -> pd.DataFrame:
    """Void invoices, and those that a red letter took back wholly, with the one issued in their place, as REISSUED.

    In its place is the first valid invoice of the same kind of customer and amount that was issued on the day of the
    void one or of the red letter or later, each for one only; without such, the new names are blank. `originals`: per
    document the position of the one it takes back (`matching.originals`).
    """
    gone = _gone(documents, np.asarray(list(originals), dtype=np.int64))
    valid = documents[(documents["state"] == "valid") & (documents["total"] > 0)]
    valid = valid[~found_in(valid["document"], gone["document"])]
    columns = {"document": "new_document", "number": "new_number", "issued_on": "new_issued_on"}
    new = valid[[*columns, "buyer_key", "total"]].rename(columns=columns)
    new = new.merge(gone[["buyer_key", "total"]].drop_duplicates(), on=["buyer_key", "total"])
    after = new.sort_values(["new_issued_on", "new_document"]).assign(day=lambda rows: rows["new_issued_on"])
    before = gone.sort_values(["day", "document"])
    pairs = pd.merge_asof(before, after, on="day", by=["buyer_key", "total"], direction="forward")
    again = pairs["new_document"].notna() & pairs.duplicated("new_document", keep="last")
    pairs.loc[again, ["new_document", "new_number"]] = ""
    pairs.loc[again, "new_issued_on"] = pd.NaT
    return shaped(REISSUED, pairs)


def _gone(documents: pd.DataFrame, originals: Ints) -> pd.DataFrame:
    """The void and the wholly red ones: document, number, buyer, buyer_key, state, issued_on, total, day (gone on)."""
    columns = ["document", "number", "buyer", "buyer_key", "state", "issued_on", "total"]
    void = documents.loc[documents["state"] == "void", columns]
    taken = np.flatnonzero(originals != np.arange(len(documents)))
    red = pd.DataFrame(
        {
            "at": originals[taken],
            "back": documents["total"].to_numpy()[taken],
            "day": documents["issued_on"].to_numpy()[taken],
        }
    )
    red = red.groupby("at").agg(back=("back", "sum"), day=("day", "max")).reset_index()
    whole = documents[columns].take(red["at"].to_numpy()).assign(back=red["back"].to_numpy(), day=red["day"].to_numpy())
    whole = whole[whole["back"] == -whole["total"]].assign(state="red")
    gone = pd.concat([void.assign(day=void["issued_on"]), whole.drop(columns="back")], ignore_index=True)
    return gone.astype({"day": "datetime64[s]"})


def _far(as_of: dt.date, policy: Policy) -> np.datetime64:
    """The first day that is not near: the working day after the last near one, so that days off before it still are."""
    return np.datetime64(next_working_day(as_of, policy.near_days + 1), "s")


def _unable(items: pd.DataFrame, policy: Policy) -> Flags:
    words = [name_key(word) for word in policy.unable_words]
    remarks = distinct(items["remark"])
    return remarks.flags(any(word in name_key(text) for word in words) for text in remarks.texts)


def _working_days(due_on: pd.Series[pd.Timestamp], as_of: dt.date) -> Ints:
    """Working days since each day, or below 0 those until it."""
    since = working_days_until(due_on.to_numpy().astype("datetime64[D]"), as_of)
    until = {day: working_days_between(as_of, day.date()) for day in due_on.unique() if day > pd.Timestamp(as_of)}
    ahead = due_on.map(until).fillna(0)
    return since - np.asarray(ahead, dtype=np.int64)


def _finding(row: dict[str, Any], as_of: dt.date) -> Finding:
    given = {"notice": row["notice"] or "-"} if row["how"] in ("not_due", "past", "recover") else {}
    if row["how"] not in ("no_notice", "not_due"):
        given["days"] = str(row["days"])
    told = message(
        f"invoice_money.PRE_ISSUED.{row['how']}",
        invoice=row["number"],
        day=str(row["issued_on"].date().isoformat()),
        buyer=row["buyer"],
        open=money_text(row["open"]),
        due=str(row["due_on"].date().isoformat()),
        as_of=as_of.isoformat(),
        **given,
    )
    against = (row["total"] + row["red"], row["paid"])
    return invoice_finding("PRE_ISSUED", row["issued_on"].date(), row["number"], row["refs"].split(), told, against)
