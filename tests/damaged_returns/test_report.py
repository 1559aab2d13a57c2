"""What the report of a day's returns says, in figures, tables and pictures, for all and for a department (spec 03)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from config.wording import LANGUAGES
from tasks.adapters.charts import picture_sources
from tasks.adapters.pages import html_page, text_page
from tasks.adapters.speech import shown
from tasks.damaged_returns.facts import ReturnFacts, departments_of, of_department
from tasks.damaged_returns.freight import FreightLimits, freight_findings
from tasks.damaged_returns.kinds import KINDS
from tasks.damaged_returns.outcomes import repair_cycles
from tasks.damaged_returns.overdue import StepDays, late_parts, overdue_findings, received_findings
from tasks.damaged_returns.report import Extras, returns_report
from tasks.damaged_returns.sharing import freight_of_parts
from tasks.damaged_returns.told import told_breaks
from tasks.damaged_returns.tracking import all_serials, events_until, tracked
from tasks.domain.report import Report, Table, figure_values
from tasks.domain.report_json import report_from_json, report_to_json
from tasks.domain.telling import Names
from tests.damaged_returns import drawing
from tests.damaged_returns.tracks import frame

TODAY = dt.date(2026, 11, 20)
BATCH = "RB-DF01-20261101-01"
SEALED = """
    serial | item | batch               | site | department | date  | box
    S1     | A1   | RB-DF01-20261101-01 | DF01 | 第一业务部 | 11-01 | X1
    S2     | A1   | RB-DF01-20261101-01 | DF01 | 第一业务部 | 11-01 | X2
    S3     | B2   | RB-HZ01-20261110-01 | HZ01 | 第二业务部 | 11-10 | X1
    S4     | B2   | RB-HZ01-20261120-01 | HZ01 | 第二业务部 | 11-20 | X1
"""
EVENTS = """
    serial | date  | event    | maker | cost
    S1     | 10    | received | -     | -
    S1     | 11    | sent     | 甲厂  | -
    S1     | 18    | repaired | -     | 120
"""
SHIPMENTS = """
    number | date | mode  | cost | batch               | site
    YD-1   | 03   | hired | 1000 | RB-DF01-20261101-01 | DF01
    YD-2   | 03   | air   | 500  | -                   | HZ01
"""
WAITING = drawing.Drawn(
    listed="""
        serial | box | registered_on | site | cause | turbine | department
        W1     | X9  | 18            | DF01 | 磨损  | F07     | 第一业务部
        W2     | X9  | 19            | DF01 | 磨损  | F07     | 第一业务部
        W3     | -   | 19            | HZ01 | 雷击  | -       | 第二业务部
        """,
    boxes="box | sides | site\nX9 | 1.2×0.9×0.8 | DF01",
)


def facts() -> ReturnFacts:
    day = drawing.looked_at(WAITING, "20")
    sealed, shipments = frame("sealed", SEALED), frame("shipments", SHIPMENTS)
    events = events_until(frame("events", EVENTS), TODAY)
    serials = all_serials(sealed, frame("listed", "serial"), events)
    rows = tracked(serials, shipments, events)
    late = late_parts(rows, StepDays(3, 15, 60), TODAY)
    findings = [
        *day.findings,
        *overdue_findings(late),
        *received_findings(rows, events),
        *freight_findings(shipments, None, FreightLimits(11_000, 20_000)),
    ]
    boxes = frame("batch_boxes", f"batch | box | volume\n{BATCH} | X1 | 2\n{BATCH} | X2 | 1")
    cents = freight_of_parts(sealed, boxes, pd.Series({BATCH: 100_000}), "volume")
    names = Names(
        items={},
        warehouses={},
        department_of_site={"DF01": "第一业务部", "HZ01": "第二业务部"},
        department_of_warehouse={},
        clerks={"第一业务部": "小李", "第二业务部": "小王"},
        prices={"A1": 12_000_000},
    )
    damages = day.waiting[["department", "cause"]].assign(parts=1, quantity=10_000)
    batches = sealed[sealed["date"] == pd.Timestamp(TODAY)]
    batches = batches[["batch", "site", "department"]].assign(cause="days", boxes=1, parts=1, volume=1_000_000_000_000)
    return ReturnFacts(
        as_of=TODAY,
        status="completed",
        batches=batches,
        waiting=day.waiting,
        packed=day.packed,
        sites=day.sites,
        tracked=rows,
        finished=pd.DataFrame({"department": ["第一业务部"], "state": ["scrapped"], "parts": [4]}),
        late=late,
        cycles=repair_cycles(events),
        damages=damages,
        freight=sealed.assign(cents=cents),
        breaks=told_breaks(findings, names, 1_000_00, TODAY),
        quarantined=pd.DataFrame(columns=["dataset", "site", "file", "sheet", "row", "column", "value", "reason"]),
        rows={"damaged_parts": {"read": 3, "accepted": 3, "quarantined": 0, "repeated": 0}},
    )


def report(department: str = "", trend: list[tuple[dt.date, Mapping[str, object]]] | None = None) -> Report:
    return returns_report(of_department(facts(), department), department, Extras((), trend or []))


def table(name: str, department: str = "") -> list[list[str]]:
    """The rows of a table as an English reader sees them."""
    [one] = [drawn for drawn in report(department).tables if drawn.name == name]
    return cells(one)


def cells(one: Table) -> list[list[str]]:
    return [
        [shown(column.kind, value, "en") for column, value in zip(one.columns, row, strict=True)] for row in one.rows
    ]


def test_the_figures_bear_the_names_of_the_contract() -> None:
    values = figure_values(facts().figures)
    assert values == {
        "batches_created": 1,
        "volume_waiting": "0.864",
        "parts_held": 1,
        "parts_overdue": 2,
        "parts_batched": 1,
        "parts_eligible": 2,
        "freight_exceptions": 1,
        "breaks_open": 5,
        "pipeline": {
            "packed": 2,
            "shipped": 1,
            "received": 0,
            "in_repair": 0,
            "repaired_in": 1,
            "exchanged": 0,
            "cannot_be_repaired": 0,
            "scrapped": 4,
        },
    }


def test_a_department_sees_its_own_alone() -> None:
    assert departments_of(facts()) == ("第一业务部", "第二业务部")
    values = figure_values(of_department(facts(), "第二业务部").figures)
    assert (values["batches_created"], values["parts_held"], values["freight_exceptions"]) == (1, 1, 1)
    assert values["volume_waiting"] == "0"
    assert isinstance(values["pipeline"], dict)
    assert (values["pipeline"]["packed"], values["pipeline"]["scrapped"]) == (2, 0)


def test_departments_add_up_to_the_whole() -> None:
    whole = figure_values(facts().figures)
    parts = [figure_values(of_department(facts(), name).figures) for name in departments_of(facts())]
    for name in (
        "batches_created",
        "parts_held",
        "parts_overdue",
        "parts_batched",
        "freight_exceptions",
        "breaks_open",
    ):
        assert sum(int(str(one[name])) for one in parts) == whole[name]
    assert sum(Decimal(str(one["volume_waiting"])) for one in parts) == Decimal(str(whole["volume_waiting"]))


def test_what_is_held_names_every_field_that_lacks_and_its_row() -> None:
    [row] = table("held")
    assert row[:2] == ["HZ01", "W3"]
    assert row[4] == "Turbine"
    assert row[-3:] == ["清单.xlsx", "Sheet1", "3"]


def test_what_stays_because_of_its_box_is_told_with_what_keeps_it() -> None:
    drawn = drawing.Drawn(
        listed="""
            serial | box | cause | site
            W1     | X1  | 磨损  | DF01
            W2     | X1  | -     | DF01
            W3     | X2  | 磨损  | DF01
            W4     | X3  | 磨损  | DF01
            W5     | -   | 磨损  | DF01
            W6     | X4  | 磨损  | DF01
            """,
        boxes="box | sides | packing\nX1 | 1×1×1 | wooden_box\nX2 | 1×1×1 | carton\nX4 | 1×1×1 | wooden_box",
    )
    day = drawing.looked_at(drawn, "10")
    whole = replace(facts(), waiting=day.waiting, packed=day.packed, sites=day.sites)
    [one] = [table for table in returns_report(whole, "", Extras((), [])).tables if table.name == "boxes"]
    assert [row[1:6] for row in cells(one)] == [
        ["", "1", "in no box", "", "W5"],
        ["X1", "2", "holds a part that may not go", "W2", "W1"],
        ["X2", "1", "packing rule broken", "", "W3"],
        ["X3", "1", "not measured or not registered", "", "W4"],
    ]


def test_waiting_stands_by_site_with_volume_and_age() -> None:
    assert table("sites") == [
        ["DF01", "第一业务部", "2", "1", "0.864", "2026-11-18", "2", "2026-12-03"],
    ]


def test_the_pipeline_has_ages_where_something_is_still_to_come() -> None:
    rows = {row[0]: row[1:] for row in table("pipeline")}
    assert rows["Packed"] == ["2", "0", "10", "1"]
    assert rows["Shipped"] == ["1", "17", "17", "1"]
    assert rows["Repaired in"] == ["1", "—", "—", "0"]
    assert rows["Scrapped"][0] == "4"


def test_a_department_sees_what_is_late_and_the_management_what_is_twice_so() -> None:
    assert [row[0] for row in table("overdue", "第一业务部")] == ["S2"]
    assert [row[0] for row in table("overdue", "第二业务部")] == ["S3"]
    assert [row[0] for row in table("escalated")] == ["S3"]


def test_repairs_stand_by_item_and_maker() -> None:
    [row] = table("outcomes")
    assert row[:9] == ["A1", "变桨电机", "甲厂", "1", "1", "1", "0", "0", "0"]
    assert row[9:] == ["100.0%", "7", "7", "120.00"]


def test_causes_add_up_from_the_most_frequent_on() -> None:
    assert table("causes") == [["磨损", "2", "2", "66.7%", "66.7%"], ["雷击", "1", "1", "33.3%", "100.0%"]]


def test_freight_is_shared_to_the_cent() -> None:
    assert [row[-1] for row in table("freight")] == ["666.67", "333.33"]


def test_a_freight_is_worth_what_it_cost_and_a_piece_its_price() -> None:
    worth = {(one.kind, one.site): one.value for one in facts().breaks}
    assert worth[("FREIGHT_NO_APPLICATION", "HZ01")] == "500.00"
    assert worth[("RECEIVED_DIFFERS", "DF01")] == "1200.00"


def test_what_is_twice_overdue_is_grave() -> None:
    gravity = {one.site: one.severity for one in facts().breaks if one.kind == "OVERDUE_STEP"}
    assert gravity == {"DF01": "medium", "HZ01": "high"}


def test_the_picture_shows_the_pipeline_over_the_days_that_are_known() -> None:
    before: list[tuple[dt.date, Mapping[str, object]]] = [
        (dt.date(2026, 11, 18), {}),
        (dt.date(2026, 11, 19), {"pipeline": {"packed": 7, "shipped": 2}}),
        (TODAY, {"pipeline": {"packed": 99}}),
    ]
    [chart] = report(trend=before).charts
    assert [date.day for date in chart.dates] == [18, 19, 20]
    drawn = {one.name: tuple(one.values) for one in chart.series}
    assert drawn["packed"] == (None, 7, 2)
    assert drawn["shipped"] == (None, 2, 1)
    assert chart.kind == "line"


def test_a_single_day_is_drawn_in_bars_and_an_empty_pipeline_not_at_all() -> None:
    [chart] = report().charts
    assert chart.kind == "bars"
    assert len(picture_sources(report())["pipeline"]) > 1_000
    whole = facts()
    empty = replace(whole, tracked=whole.tracked.head(0), finished=whole.finished.head(0))
    assert returns_report(empty, "", Extras((), [])).charts == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("department", ["", "第一业务部"])
def test_every_word_of_the_page_stands_in_both_languages(language: str, department: str) -> None:
    one = report(department)
    page, text = html_page(one, language), text_page(one, language)
    for figure in one.figures:
        assert shown(figure.kind, figure.value, language) in text
    assert "damaged_returns." not in page + text
    assert BATCH in page


def test_a_report_comes_back_from_its_text_as_it_was() -> None:
    assert report_from_json(report_to_json(report())) == report()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_name(kind: str, language: str) -> None:
    from config.wording import wording

    assert wording(language, f"damaged_returns.kind.{kind}")
