"""A large hotel on one date: a full house, the day's money, years of settled stays behind it, and reservations to come.

Every table is a frame of the columns that `tasks.intake.hotel_tables` has, without its keys. The same size gives the
same hotel.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

DATE = dt.date(2026, 11, 20)
FLOAT = 100_000
PRICE = 40_000
METHODS = ("cash", "card", "wechat", "alipay")
SHIFTS, OPERATORS, COMPANIES, MEMBERS = 12, 60, 300, 5000
LINES_OF_STAY = 5
EVENING_SHIFT = "S-evening"
FULL = 10_000
_DAY = np.timedelta64(1, "D")
# Of a hundred stays four are no plain ones; of five lines of the folio three are checks, and one of fifty is reversed.
_KINDS = np.array(["long", "long", "free", "house"] + ["normal"] * 96)
_IS_CHECK = np.array([True, True, True, False, False])
_IS_BACK = np.array([False] * 49 + [True])
Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Size:
    """How large the hotel is; with `faults` every stay, check and room has something to be told.

    `lines` are the folio's of the date, `old_lines` those of settled stays of the three years before.
    """

    rooms: int = 1000
    in_house: int = 900
    lines: int = 5000
    old_lines: int = 200_000
    faults: bool = False


@dataclass(frozen=True)
class BigHotel:
    """The hotel of one size: `before` is known when the night before closes, `of_day` comes on the date itself."""

    size: Size

    @cached_property
    def before(self) -> Frames:
        """Masters, those who stay since before, the settled stays of years, reservations of the next year."""
        old, future = self._settled(), self._to_come()
        inside = self._inside
        known = inside[inside["arrived_at"] < _at(0)]
        taken = self._deposits(known)
        # A shift hands over once for all that bears its number.
        taken["shift"] = np.where(taken["at"] >= _at(-24), EVENING_SHIFT, "S-before")
        return {
            **self._masters(),
            "reservations": pd.concat(
                [_reservations(known, "checked_in"), old["reservations"], future["reservations"]]
            ),
            "stays": pd.concat([known, old["stays"]]),
            "deposits": pd.concat([taken, future["deposits"]]),
            "shifts": _one_shift(taken[taken["at"] >= _at(-24)]),
            "folio": pd.concat([self._past_charges(known), old["folio"]]),
            "payments": old["payments"],
        }

    @cached_property
    def of_day(self) -> Frames:
        """Everything that bears the date: arrivals, charges, money, shifts, checks, operations."""
        inside = self._inside
        came = inside[inside["arrived_at"] >= _at(0)]
        folio, checks = self._charges()
        payments, deposits = self._payments(), pd.concat([self._deposits(came), self._given_back()])
        late = self._numbered(20, "N").assign(confirmed=lambda own: np.where(own["place"] % 4 == 0, "no", "yes"))
        return {
            "reservations": pd.concat([_reservations(came, "checked_in"), _reservations(late, "booked")]),
            "stays": came,
            "deposits": deposits,
            "folio": folio,
            "payments": payments,
            "shifts": self._shifts(payments, deposits),
            "pos_checks": checks,
            "operation_log": self._log(),
        }

    @cached_property
    def leaving(self) -> pd.DataFrame:
        """The stays of the night before that leave on the date; their rooms have the arrivals of the date."""
        count = self._arrivals
        own = self._numbered(count, "L", nights=1 + np.arange(count) % 5)
        return own.assign(due_out=_at(12), kind="normal", bed="", priced_by="day")

    @property
    def _arrivals(self) -> int:
        return self.size.in_house // 3

    @cached_property
    def _inside(self) -> pd.DataFrame:
        """All stays that the hotel knows of on the date but the settled ones, who leave on it among them."""
        place = np.arange(self.size.in_house)
        nights = np.where(place < self._arrivals, 0, 1 + place % 6)
        staying = self._numbered(self.size.in_house, "A", nights)
        kind = _KINDS[place % len(_KINDS)]
        staying = staying.assign(
            kind=kind, bed="", priced_by=np.where(kind == "long", "month", "day"), due_out=_at(12 + 24 * 3)
        )
        shared = staying.tail(self.size.in_house // 45)
        beds = [shared.assign(kind="shared", bed="1"), shared.assign(kind="shared", bed="2")]
        beds[1]["account"] += "B"
        return pd.concat([staying.iloc[: -len(shared)], *beds, self.leaving], ignore_index=True)

    def _numbered(self, count: int, letter: str, nights: object = 0) -> pd.DataFrame:
        """`count` stays as they came `nights` before the date; their price is as it must be, or nothing is right."""
        place = np.arange(count)
        number = pd.Series(place, dtype="str").str.zfill(6)
        faulty = self.size.faults
        discount = np.where(place % 3 == 0, 9000, FULL) if not faulty else np.full(count, FULL // 2)
        return pd.DataFrame(
            {
                "place": place,
                "account": letter + number,
                "reservation": "R" + letter + number,
                "room": _room(place % self.size.rooms),
                "guest": "Guest " + letter + number,
                "guests": 1 + place % 2,
                "arrived_at": _at(15) - np.asarray(nights) * _DAY,
                "rack_rate": PRICE,
                "discount": discount,
                "price": PRICE if faulty else PRICE * discount // FULL,
                "discount_reason": np.where((discount < FULL) & (not faulty), "regular guest", ""),
                "member": np.where(place % 5 == 0, "M" + number, ""),
                "company": np.where(place % 10 == 0, _company(place), ""),
                "source": np.array(["web", "agency", "company"])[place % 3],
                "operator": _operator(place),
            }
        )

    def _masters(self) -> Frames:
        place = np.arange(self.size.rooms)
        used = (place < self.size.in_house) != self.size.faults
        operators, companies, members = np.arange(OPERATORS), np.arange(COMPANIES), np.arange(MEMBERS)
        return {
            "room_types": pd.DataFrame({"room_type": [f"T{n}" for n in range(10)], "rack_rate": PRICE}),
            "rooms": pd.DataFrame(
                {
                    "room": _room(place),
                    "room_type": "T" + pd.Series(place % 10, dtype="str"),
                    "state": np.where(place == self.size.rooms - 1, "repair", "normal"),
                    "condition": "clean",
                    "housekeeping": np.where(used, "occupied", "vacant"),
                }
            ),
            "operators": pd.DataFrame({"operator": _operator(operators), "lowest_discount": 8000}),
            "corporate_accounts": pd.DataFrame({"company": _company(companies), "credit_limit": 100_000_000}),
            "members": pd.DataFrame({"member": "M" + pd.Series(members, dtype="str").str.zfill(6), "name": "Member"}),
        }

    def _settled(self) -> Frames:
        """Stays of the years before that left and paid; each has five lines of folio and one payment."""
        count = self.size.old_lines // LINES_OF_STAY
        stays = self._numbered(count, "H", nights=4 + np.arange(count) % 1090)
        stays = stays.assign(
            kind="normal", bed="", priced_by="day", due_out=stays["arrived_at"] + np.timedelta64(21, "h")
        )
        stays["departed_at"] = stays["due_out"]
        lines = stays.loc[stays.index.repeat(LINES_OF_STAY)].reset_index(drop=True)
        folio = _money(lines, "F").assign(item="room", amount=PRICE // LINES_OF_STAY)
        payments = _money(stays, "P").assign(method="card", amount=PRICE // LINES_OF_STAY * LINES_OF_STAY)
        return {
            "stays": stays,
            "reservations": _reservations(stays, "checked_in"),
            "folio": folio,
            "payments": payments,
        }

    def _to_come(self) -> Frames:
        """Reservations of the next year, every fifth with a deposit."""
        count = self.size.rooms * 5
        own = self._numbered(count, "T", nights=-1 - np.arange(count) % 360)
        held = own[::5].assign(account="", arrived_at=_at(10) - 30 * _DAY)
        deposits = _money(held, "D").assign(
            reservation=held["reservation"], kind="received", method="card", amount=PRICE
        )
        return {"reservations": _reservations(own, "booked"), "deposits": deposits.drop(columns="date")}

    def _past_charges(self, known: pd.DataFrame) -> pd.DataFrame:
        """Room charges that the hotel's own system posted for the nights until the one before the date."""
        nights = (_at(15) - known["arrived_at"]).dt.days - 1
        lines = known.loc[known.index.repeat(nights)].reset_index(drop=True)
        past = lines.groupby("account").cumcount()
        lines["arrived_at"] += pd.to_timedelta(past, unit="D")
        return _money(lines, "G").assign(item="room", amount=lines["price"])

    def _deposits(self, stays: pd.DataFrame) -> pd.DataFrame:
        amount = 100 if self.size.faults else 1_500_000
        own = _money(stays, "D").assign(kind="received", method="card", amount=amount, shift=_shift(stays))
        return own.drop(columns="date")

    def _given_back(self) -> pd.DataFrame:
        """What leaving guests get back: their deposit."""
        out = self.leaving.assign(arrived_at=_at(11))
        amount = -100 if self.size.faults else -1_500_000
        back = _money(out, "E").assign(kind="refunded", method="card", amount=amount, shift=_shift(out))
        return back.drop(columns="date")

    def _payments(self) -> pd.DataFrame:
        """Leaving guests settle their nights; every third of those who stay pays something."""
        out = self.leaving
        nights = (_at(15) - out["arrived_at"]).dt.days
        method = np.where(out["company"] != "", "company", np.array(METHODS)[out["place"] % len(METHODS)])
        settled = out.assign(amount=out["price"] * nights, method=method, arrived_at=_at(11))
        some = self._inside[: self.size.in_house : 3]
        paid = some.assign(amount=10_000, method="cash", arrived_at=_at(19))
        both = pd.concat([settled, paid], ignore_index=True)
        return _money(both, "P").assign(method=both["method"], amount=both["amount"], shift=_shift(both))

    def _charges(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The folio of the date and the checks in it: three in five lines are checks, a line in fifty is reversed."""
        place = np.arange(self.size.lines)
        own = self._inside[: self.size.in_house]
        lines = own.iloc[place % len(own)].assign(place=place, arrived_at=_at(18)).reset_index(drop=True)
        pos, back = _IS_CHECK[place % len(_IS_CHECK)], _IS_BACK[place % len(_IS_BACK)]
        check = "C" + pd.Series(place, dtype="str").str.zfill(6)
        folio = _money(lines, "F").assign(
            item=np.where(pos & (not self.size.faults), "pos", "minibar"),
            outlet=np.where(pos & (not self.size.faults), "Restaurant", ""),
            # Every third check is known by its amount alone.
            remark=np.where(pos & (place % 3 > 0) & (not self.size.faults), check, ""),
            amount=np.where(back, -1, 1) * np.where(pos, 5000 + place, 2000),
            shift=_shift(lines),
        )
        folio["original"] = folio["number"].shift(1).where(back, "")
        checks = lines[pos].assign(check=check[pos], outlet="Restaurant", at=_at(18), amount=folio["amount"][pos])
        checks = checks.assign(settlement="room")
        direct = checks[::6].assign(check=checks["check"] + "X", settlement="direct", room="", guest="")
        names = ["check", "outlet", "at", "amount", "settlement", "room", "guest", "operator"]
        return folio, pd.concat([checks[names], direct[names]], ignore_index=True)

    def _shifts(self, payments: pd.DataFrame, deposits: pd.DataFrame) -> pd.DataFrame:
        """Each shift hands over what it took, cash with its float, one row a method."""
        money = pd.concat([payments, deposits])[["shift", "method", "amount"]]
        taken = money[money["method"] != "company"].groupby(["shift", "method"])["amount"].sum()
        all_rows = pd.MultiIndex.from_product([_shifts_of_day(), METHODS], names=["shift", "method"])
        rows = taken.reindex(all_rows, fill_value=0).rename("taken").reset_index()
        cash = rows["method"] == "cash"
        return rows.assign(
            operator=_operator(np.arange(len(rows)) // len(METHODS)),
            date=np.datetime64(DATE, "s"),
            opened_at=_at(7),
            closed_at=_at(23),
            cash_float=pd.array(np.where(cash, FLOAT, 0), dtype="Int64"),
            handed_over=rows["taken"] + np.where(cash, FLOAT, 0),
        ).drop(columns="taken")

    def _log(self) -> pd.DataFrame:
        place = np.arange(self.size.lines // 4)
        own = self._inside["account"].to_numpy()
        return pd.DataFrame(
            {
                "at": _at(9) + (place % 600) * np.timedelta64(1, "m"),
                "operator": _operator(place),
                "action": np.where(place % 3 == 0, "extended", "bill printed"),
                "object": own[place % len(own)],
            }
        )


def _reservations(stays: pd.DataFrame, state: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reservation": stays["reservation"],
            "kind": "individual",
            "booker": stays["guest"],
            "room_type": "T0",
            "room_count": 1,
            "due_in": stays["arrived_at"],
            "due_out": stays["arrived_at"] + _DAY,
            "price": PRICE,
            "source": stays["source"],
            "confirmed": stays.get("confirmed", "yes"),
            "state": state,
            "entered_by": stays["operator"],
            "entered_at": stays["arrived_at"] - 40 * _DAY,
        }
    ).drop_duplicates("reservation")


def _money(lines: pd.DataFrame, letter: str) -> pd.DataFrame:
    """Number, account, moment, date and operator of one row of money a line, at the moment of its `arrived_at`."""
    place = lines.groupby("account", sort=False).cumcount().astype("str")
    of = lines["account"].where(lines["account"] != "", lines["reservation"])
    return pd.DataFrame(
        {
            "number": letter + of + "N" + place + lines["arrived_at"].dt.strftime("%y%m%d"),
            "account": lines["account"],
            "at": lines["arrived_at"],
            "date": lines["arrived_at"].dt.normalize(),
            "operator": lines["operator"],
        }
    )


def _at(hours: int) -> np.datetime64:
    return np.datetime64(DATE, "s") + np.timedelta64(hours, "h")


def _room(place: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pd.Series[str]:
    return "Z" + pd.Series(place, dtype="str").str.zfill(4)


def _operator(place: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.array([f"clerk {n}" for n in range(OPERATORS)])[place % OPERATORS]


def _company(place: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.array([f"company {n}" for n in range(COMPANIES)])[place % COMPANIES]


def _shifts_of_day() -> list[str]:
    return [f"S{DATE:%m%d}{number:02d}" for number in range(SHIFTS)]


def _shift(lines: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.array(_shifts_of_day())[lines["place"] % SHIFTS]


def _one_shift(taken: pd.DataFrame) -> pd.DataFrame:
    """The shift of the evening before, which handed over what it took by card."""
    head = {"shift": EVENING_SHIFT, "method": "card", "operator": "clerk 0", "date": _at(-24)}
    hours = {"opened_at": _at(-9), "closed_at": _at(-1)}
    return pd.DataFrame([{**head, **hours, "handed_over": int(taken["amount"].sum())}])
