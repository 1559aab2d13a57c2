"""What was sent and what came back, per serial, and what repairs come to (spec 03: repair balance, report)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.damaged_returns.causes import pareto
from tasks.damaged_returns.outcomes import by_item_and_maker, repair_cycles
from tasks.damaged_returns.repairs import (
    balance_findings,
    exchanges,
    repair_balance,
    too_often_findings,
)
from tasks.damaged_returns.tracking import events_until
from tests.damaged_returns.tracks import frame, named, serials, told

END = dt.date(2027, 12, 31)
SERIALS = "serial\nS1\nS2\nS3"
NO_BATCH = "serial|date|batch\nS1|-|-\nS2|-|-\nS3|-|-"


def events_of(events: str) -> pd.DataFrame:
    return events_until(frame("events", events), END)


def balance(events: str, parts: str = NO_BATCH) -> list[str]:
    """Each serial as `serial sent = repaired + exchanged + scrapped + open, too_many`."""
    rows = repair_balance(events_of(events), serials(parts))
    return [
        f"{row.serial_key} {row.sent} = {row.repaired} + {row.exchanged} + {row.scrapped} + {row.open}, {row.too_many}"
        for row in rows.itertuples()
    ]


def found(events: str, parts: str = NO_BATCH) -> list[str]:
    rows = repair_balance(events_of(events), serials(parts))
    return named(balance_findings(rows, serials(parts)))


def test_what_was_sent_is_repaired_exchanged_scrapped_or_open() -> None:
    events = """
        serial | date | event
        S1     | 01   | sent
        S1     | 05   | repaired
        S1     | 09   | sent
        S2     | 01   | sent
        S2     | 04   | exchanged
        S3     | 01   | sent
        S3     | 02   | unrepairable
        S3     | 09   | scrapped
    """
    assert balance(events) == ["S1 2 = 1 + 0 + 0 + 1, 0", "S2 1 = 0 + 1 + 0 + 0, 0", "S3 1 = 0 + 0 + 1 + 0, 0"]
    assert found(events) == []


def test_one_too_many_back_is_a_break() -> None:
    events = "serial|date|event\nS1|01|sent\nS1|05|repaired\nS1|07|repaired"
    assert found(events) == ["REPAIR_BALANCE events:3 1→2"]


def test_back_before_it_went_is_one_too_many_even_if_it_is_sent_later() -> None:
    events = "serial|date|event\nS1|01|repaired\nS1|05|sent"
    assert found(events) == ["REPAIR_BALANCE events:2 1→1"]


def test_a_part_repaired_after_it_was_exchanged_is_one_too_many() -> None:
    assert found("serial|date|event\nS1|01|sent\nS1|05|exchanged\nS1|06|repaired") == ["REPAIR_BALANCE events:3 1→2"]


def test_a_class_two_part_that_was_packed_is_sent_whether_or_not_somebody_wrote_it_down() -> None:
    assert found("serial|date|event\nS1|05|repaired", "serial|date\nS1|01") == []
    assert found("serial|date|event\nS1|02|sent\nS1|05|repaired", "serial|date\nS1|01") == []
    assert found("serial|date|event\nS1|02|sent\nS1|05|repaired\nS1|06|repaired", "serial|date\nS1|01") == [
        "REPAIR_BALANCE events:3 1→2"
    ]
    assert found("serial|date|event\nS1|05|repaired", "serial|date|item_class\nS1|01|I") == [
        "REPAIR_BALANCE events:1 0→1"
    ]


def test_a_class_one_part_is_scrapped_without_any_repair() -> None:
    assert balance("serial|event\nS1|scrapped", "serial|item_class\nS1|I") == ["S1 0 = 0 + 0 + 0 + 0, 0"]


KINDS = ("sent", "repaired", "exchanged", "scrapped", "unrepairable", "received")
EVENTS = st.lists(st.tuples(st.integers(1, 28), st.sampled_from(KINDS)), max_size=14)


@given(EVENTS)
def test_the_balance_closes_and_pieces_never_grow(drawn: list[tuple[int, str]]) -> None:
    table = ["serial|date|event", *(f"S1|{on:02d}|{event}" for on, event in drawn)]
    rows = repair_balance(events_of("\n".join(table)), serials(NO_BATCH)).to_dict("records")
    for row in rows:
        closed = row["repaired"] + row["exchanged"] + row["scrapped"]
        if not row["too_many"]:
            assert row["sent"] == closed + row["open"]
        # Straightforwardly, day by day: nothing may be back that had not gone.
        away = [
            sum(1 for on, event in drawn if event == "sent" and on <= day)
            - sum(1 for on, event in drawn if event in {"repaired", "exchanged"} and on <= day)
            for day in range(1, 29)
        ]
        assert row["too_many"] == max(0, -min(away))


@pytest.mark.parametrize(("times", "breaks"), [(2, []), (3, ["3→3"]), (4, ["3→4"])])
def test_a_serial_repaired_three_times_is_proposed_for_scrap(times: int, breaks: list[str]) -> None:
    table = ["serial|date|event"]
    for at in range(times):
        table += [f"S1|{at * 2 + 1:02d}|sent", f"S1|{at * 2 + 2:02d}|repaired"]
    findings = too_often_findings(events_of("\n".join(table)), serials(SERIALS), 3)
    assert [text.split()[-1] for text in named(findings)] == breaks


def test_a_proposal_ends_when_the_part_is_scrapped_and_an_exchange_is_no_repair() -> None:
    repaired = "S1|01|repaired|-\nS1|02|repaired|-\nS1|03|repaired|-"
    head = "serial|date|event|new_serial\n"
    known = serials(SERIALS)
    assert too_often_findings(events_of(f"{head}{repaired}\nS1|09|scrapped|-"), known, 3) == ()
    assert too_often_findings(events_of(f"{head}{repaired}"), serials("serial|item_class\nS1|I"), 3) == ()
    swapped = "S1|01|repaired|N1\nS1|02|repaired|-\nS1|03|repaired|-"
    assert too_often_findings(events_of(f"{head}{swapped}"), known, 3) == ()
    [finding] = too_often_findings(events_of(f"{head}{repaired}"), known, 3)
    assert told([finding]) == [
        "REPAIRED_TOO_OFTEN 3→3: Part S1 has come back repaired 3 times (limit 3): proposed for scrap."
    ]


def test_an_exchanged_serial_is_linked_to_the_new_one() -> None:
    events = "serial|date|event|new_serial|maker\nS1|05|repaired|N-1|甲\nS2|06|exchanged|N2|乙\nS3|07|repaired|S3|丙"
    links = exchanges(events_of(events))
    assert links[["serial_key", "new_serial_key", "maker"]].to_numpy().tolist() == [
        ["S1", "N1", "甲"], ["S2", "N2", "乙"],
    ]  # fmt: skip


def test_success_and_turnaround_stand_by_item_and_maker() -> None:
    events = """
        serial | date  | event        | maker | cost
        S1     | 10-01 | sent         | 甲厂  | -
        S1     | 10-11 | repaired     | -     | 120.50
        S1     | 10-20 | sent         | 甲 厂 | -
        S1     | 10-25 | repaired     | -     | 30
        S2     | 10-01 | sent         | 甲厂  | -
        S2     | 10-31 | unrepairable | -     | -
        S2     | 11-05 | scrapped     | -     | -
        S3     | 10-01 | sent         | 乙厂  | -
        S3     | 10-08 | exchanged    | -     | -
        S4     | 10-01 | sent         | 乙厂  | -
    """
    known = serials("serial|item\nS1|A1\nS2|A1\nS3|B2\nS4|B2")
    rows = by_item_and_maker(repair_cycles(events_of(events)), known)
    columns = ["item", "maker", "sent", "ended", "repaired", "exchanged", "beyond_repair", "open", "median", "longest"]
    assert rows[[*columns, "cost"]].to_numpy().tolist() == [
        ["A1", "甲厂", 3, 3, 2, 0, 1, 0, 100_000, 30, 15_050],
        ["B2", "乙厂", 2, 1, 0, 1, 0, 1, 70_000, 7, pd.NA],
    ]


@pytest.mark.parametrize(
    ("days", "median"), [((1, 2), 15_000), ((1, 2, 9), 20_000), ((4,), 40_000), ((1, 1, 2, 8), 15_000)]
)
def test_the_median_is_the_middle_or_half_of_the_two_in_the_middle(days: tuple[int, ...], median: int) -> None:
    table = ["serial|date|event"]
    for at, length in enumerate(days):
        table += [f"S{at}|01|sent", f"S{at}|{1 + length:02d}|repaired"]
    known = serials("\n".join(["serial", *(f"S{at}" for at in range(len(days)))]))
    assert by_item_and_maker(repair_cycles(events_of("\n".join(table))), known)["median"].tolist() == [median]


def test_causes_stand_by_how_many_parts_they_took() -> None:
    listed = pd.DataFrame({"cause": ["雷击", "磨损", "磨 损", "磨损", "", "雷击"], "parts": 1, "quantity": 10_000})
    rows = pareto(listed)
    assert rows.to_numpy().tolist() == [
        ["磨损", 3, 30_000, 3, 6], ["雷击", 2, 20_000, 5, 6], ["", 1, 10_000, 6, 6],
    ]  # fmt: skip
