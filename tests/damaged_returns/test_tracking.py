"""How far a part has come, what is late, and what arrived other than packed (spec 03: tracking)."""

from __future__ import annotations

import datetime as dt
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.damaged_returns.overdue import StepDays, late_parts, overdue_findings, received_findings
from tasks.damaged_returns.tracking import STATES, all_serials, events_until, pipeline, tracked
from tests.damaged_returns.tracks import day, frame, named, serials, told

LIMITS = StepDays(shipped=3, received=15, repaired=60)
BATCH = "RB-DF01-20261101-01"
PARTS = "serial\nS1\nS2"


def at(as_of: str, events: str = "serial", shipments: str = "number", parts: str = PARTS) -> pd.DataFrame:
    """The drawn parts as tracked on a day."""
    until = day(as_of)
    moved = frame("shipments", shipments)
    known = events_until(frame("events", events), until.date())
    return tracked(serials(parts), moved[moved["date"] <= until], known)


def states(rows: pd.DataFrame) -> list[str]:
    return [
        f"{serial} {state} {since:%m-%d}"
        for serial, state, since in zip(rows["serial"], rows["state"], rows["since"], strict=True)
    ]


def late(rows: pd.DataFrame, as_of: str, limits: StepDays = LIMITS) -> list[str]:
    return named(overdue_findings(late_parts(rows, limits, day(as_of).date())))


def test_a_part_is_where_its_last_event_says() -> None:
    shipments = f"number|date|batch\nYD-1|03|{BATCH}"
    events = """
        serial | date  | event
        S1     | 09    | received
        S1     | 12    | sent
        S1     | 12-20 | repaired
    """
    seen = [states(at(when, events, shipments))[0] for when in ("02", "03", "08", "09", "11", "12", "12-19", "12-20")]
    assert seen == [
        "S1 packed 11-01", "S1 shipped 11-03", "S1 shipped 11-03", "S1 received 11-09", "S1 received 11-09",
        "S1 in_repair 11-12", "S1 in_repair 11-12", "S1 repaired_in 12-20",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ("received", "received"), ("sent", "in_repair"), ("repaired", "repaired_in"), ("exchanged", "exchanged"),
        ("unrepairable", "cannot_be_repaired"), ("scrapped", "scrapped"),
    ],
)  # fmt: skip
def test_every_event_has_its_state(event: str, state: str) -> None:
    rows = at("30", f"serial|event\nS1|{event}")
    assert pipeline(rows, {}) == dict.fromkeys(STATES, 0) | {state: 1, "packed": 1}


def test_events_of_one_day_stand_in_the_order_of_the_way() -> None:
    assert states(at("30", "serial|date|event\nS1|05|scrapped\nS1|05|sent\nS1|05|unrepairable"))[0] == (
        "S1 scrapped 11-05"
    )


def test_a_part_that_comes_back_under_another_number_was_exchanged() -> None:
    rows = at("30", "serial|event|new_serial\nS1|repaired|N9\nS2|repaired|s2")
    assert [text.split()[1] for text in states(rows)] == ["exchanged", "repaired_in"]


def test_what_happened_before_the_packing_says_nothing_of_the_part_that_is_packed() -> None:
    assert states(at("30", "serial|date|event\nS1|10-20|repaired"))[0] == "S1 packed 11-01"


def test_a_received_part_counts_so_though_no_shipment_says_it_left() -> None:
    assert states(at("30", "serial|date\nS1|06"))[0] == "S1 received 11-06"


def test_a_serial_of_no_batch_is_tracked_by_its_events_and_known_by_the_list() -> None:
    events = frame("events", "serial|date|event\nS9|05|sent\nS8|06|sent")
    listed = frame("listed", "serial|site|item\nS9|DF07|B2")
    known = all_serials(frame("sealed", "serial\nS1"), listed, events)
    assert [" ".join(row) for row in known[["serial", "batch", "site", "item"]].to_numpy()] == [
        f"S1 {BATCH} DF01 A1",
        "S9  DF07 B2",
        "S8   ",
    ]
    rows = tracked(known, frame("shipments", "number"), events_until(events, dt.date(2026, 11, 30)))
    assert rows["state"].tolist() == ["packed", "in_repair", "in_repair"]


@pytest.mark.parametrize(
    ("as_of", "breaks"),
    [
        ("04", []),
        ("05", [f"OVERDUE_STEP batch:{BATCH} 3→4"]),
        ("07", [f"OVERDUE_STEP batch:{BATCH} 3→6"]),
        ("08", [f"OVERDUE_STEP batch:{BATCH} 3→7"]),
    ],
)
def test_a_batch_is_late_when_it_is_not_shipped_within_three_days(as_of: str, breaks: list[str]) -> None:
    assert late(at(as_of), as_of) == breaks


def test_more_than_double_the_time_is_twice_overdue_and_for_the_management_department() -> None:
    [once] = overdue_findings(late_parts(at("07"), LIMITS, dt.date(2026, 11, 7)))
    [twice] = overdue_findings(late_parts(at("08"), LIMITS, dt.date(2026, 11, 8)))
    assert [one.message.key.endswith(".twice") for one in (once, twice)] == [False, True]
    assert ["management department" in text for text in told([once, twice])] == [False, True]
    assert once.id == twice.id


@pytest.mark.parametrize(("as_of", "breaks"), [("18", 0), ("19", 1)])
def test_receipt_is_late_after_fifteen_days_from_the_shipping(as_of: str, breaks: int) -> None:
    assert len(late(at(as_of, shipments=f"number|date|batch\nYD-1|03|{BATCH}"), as_of)) == breaks


@pytest.mark.parametrize(
    ("events", "as_of", "breaks"),
    [
        ("serial|date|event\nS1|05|received\nS1|10|sent", "01-04", 0),
        ("serial|date|event\nS1|05|received\nS1|10|sent", "01-05", 1),
        ("serial|date|event\nS1|05|received", "01-04", 0),
        ("serial|date|event\nS1|05|received", "01-05", 1),
        ("serial|date|event\nS1|05|sent", "01-04", 0),
        ("serial|date|event\nS1|05|sent", "01-05", 1),
        ("serial|date|event\nS1|05|sent\nS1|12-01|repaired", "01-30", 0),
        ("serial|date|event\nS1|05|sent\nS1|12-01|unrepairable", "01-30", 0),
        ("serial|date|event\nS1|05|received\nS1|20|repaired\nS1|12-01|sent", "01-30", 0),
        ("serial|date|event\nS1|05|received\nS1|20|repaired\nS1|12-01|sent", "01-31", 1),
    ],
)
def test_a_repair_is_late_after_sixty_days_from_the_receipt_or_the_sending_that_began_it(
    events: str, as_of: str, breaks: int
) -> None:
    until = day(as_of) + pd.DateOffset(years=1)
    known = events_until(frame("events", events), until.date())
    rows = tracked(serials("serial\nS1"), frame("shipments", "number"), known)
    assert len(overdue_findings(late_parts(rows, LIMITS, until.date()))) == breaks


def test_a_class_one_part_waits_for_no_repair() -> None:
    rows = at("30", "serial|date\nS1|01", parts="serial|item_class\nS1|I")
    assert late(rows, "30", StepDays(3, 15, 5)) == []


def test_a_step_whose_dataset_was_never_delivered_is_not_judged() -> None:
    assert late(at("30"), "30", StepDays(None, None, 60)) == []


def test_on_a_day_without_anything_late_no_part_is_listed() -> None:
    assert late_parts(at("02"), LIMITS, dt.date(2026, 11, 2)).empty
    finished = at("30", "serial|event\nS1|repaired\nS2|scrapped")
    assert late_parts(finished, LIMITS, dt.date(2026, 11, 30)).empty


def test_what_is_said_of_a_late_repair_names_what_began_it() -> None:
    begun = {
        "S1|05|received": "Part S1 was received on 2026-11-05 and for 70 days neither sent for repair nor repaired",
        "S1|05|received\nS1|06|sent": "Part S1 was received on 2026-11-05 and has not come back repaired for 70 days",
        "S1|05|sent": "Part S1 was sent for repair on 2026-11-05 and has not come back for 70 days",
    }
    for events, sentence in begun.items():
        known = events_until(frame("events", f"serial|date|event\n{events}"), dt.date(2027, 1, 14))
        rows = tracked(serials("serial\nS1"), frame("shipments", "number"), known)
        [text] = told(overdue_findings(late_parts(rows, LIMITS, dt.date(2027, 1, 14))))
        assert text == f"OVERDUE_STEP 60→70: {sentence} (limit 60)."


def test_a_batch_is_told_once_with_the_number_of_its_parts() -> None:
    [sentence] = told(overdue_findings(late_parts(at("06"), LIMITS, dt.date(2026, 11, 6))))
    assert sentence.startswith(f"OVERDUE_STEP 3→5: Batch {BATCH} was packed on 2026-11-01; its 2 parts have not been")


def differs(events: str, parts: str = PARTS) -> list[str]:
    known = events_until(frame("events", events), dt.date(2026, 11, 30))
    whole = all_serials(frame("sealed", parts), frame("listed", "serial"), known)
    return told(received_findings(tracked(whole, frame("shipments", "number"), known), known))


def test_a_batch_that_arrives_whole_or_not_at_all_does_not_differ() -> None:
    assert differs("serial") == []
    assert differs("serial\nS1\nS2") == []


def test_a_batch_that_arrives_in_part_differs_until_the_rest_has_come() -> None:
    [told_so] = differs("serial\nS1")
    assert told_so == f"RECEIVED_DIFFERS 2→1: Batch {BATCH}, item A1: 2 packed, 1 received; not received: S2."


def test_differences_are_told_by_item_with_the_quantity_of_each_part() -> None:
    parts = "serial|item|quantity\nS1|A1|2\nS2|A2|3\nS3|A2|0.5"
    assert [text.split(":")[0] for text in differs("serial\nS1", parts)] == ["RECEIVED_DIFFERS 3.5→0"]


def test_a_part_that_nobody_packed_is_told_from_the_first_batch_on() -> None:
    assert differs("serial|date\nS9|05") == [
        "RECEIVED_DIFFERS 0→1: Part S9 was received on 2026-11-05 but is on the packing list of no batch."
    ]
    assert differs("serial|date\nS9|10-05") == []
    assert differs("serial|date\nS9|05", "serial|batch|date") == []


SERIALS = [f"S{at}" for at in range(1, 13)]
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(SERIALS),
        st.integers(1, 28),
        st.sampled_from(("received", "sent", "repaired", "exchanged", "unrepairable", "scrapped")),
    ),
    max_size=40,
)


# Few companies of many events: each look costs the same for one part and for twenty.
@settings(max_examples=15, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_every_part_is_in_one_state_and_the_order_of_rows_says_nothing(
    drawn: list[tuple[str, int, str]], chance: Random
) -> None:
    table = ["serial|date|event", *(f"{serial}|{on:02d}|{event}" for serial, on, event in drawn)]
    shuffled = [table[0], *chance.sample(table[1:], len(drawn))]
    parts = "\n".join(["serial", *SERIALS])
    rows, other = at("30", "\n".join(table), parts=parts), at("30", "\n".join(shuffled), parts=parts)
    assert sum(pipeline(rows, {"scrapped": 4}).values()) == len(SERIALS) + 4
    assert states(rows) == states(other)
