"""What is known of a waiting part besides its record: how often it was repaired, and where its box's row went wrong."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from tasks.damaged_returns.steps.gathering import gather, masters_of
from tasks.damaged_returns.tables import return_parts
from tests.keeping import returning
from tests.keeping.company import Company

REPAIRED = ("2026-08-01", "2026-09-01", "2026-10-01")


def test_a_part_that_was_repaired_to_the_limit_goes_into_its_application_flagged(company: Company) -> None:
    company.drop("items", "i.csv", [["物资编码", "物资名称", "单位", "物资类别"], ["A1", "变桨电机", "件", "Ⅱ"]])
    returning.listed(company, *(returning.part(serial) for serial in ("XL-1", "XL-2", "XL-3")))
    company.drop("boxes", "b.csv", [returning.BOXES, returning.box("X1")])
    exchanged = [["XL-3", day, "修复", "甲厂", "", "ZZ-9" if day == REPAIRED[0] else ""] for day in REPAIRED]
    done = [[serial, day, "修复", "甲厂"] for serial, days in (("XL-1", 3), ("XL-2", 2)) for day in REPAIRED[:days]]
    returning.happened(company, *done, *exchanged)
    company.take_in()
    returning.sealed(company, dt.date(2026, 11, 16))
    kept = select(return_parts.c.serial, return_parts.c.route, return_parts.c.flag).order_by(return_parts.c.serial)
    with company.store.reading() as connection:
        assert [tuple(row) for row in connection.execute(kept)] == [
            ("XL-1", "application", "too_often"),
            ("XL-2", "application", ""),
            ("XL-3", "application", ""),
        ]


def test_the_row_of_a_box_that_was_set_aside_is_named_until_it_comes_again(company: Company) -> None:
    returning.listed(company, returning.part("XL-1", box="X-1"))
    company.drop("boxes", "b.csv", [returning.BOXES, returning.box("X-1", sides="1 1 -1")])
    company.take_in()
    assert aside(company) == [("DF01", "X1", "b.csv", 2)]
    company.drop("boxes", "c.csv", [returning.BOXES, returning.box("X-1")])
    company.take_in()
    assert aside(company) == []


def aside(company: Company) -> list[tuple[str, str, str, int]]:
    with company.store.reading() as connection:
        found = gather(connection, masters_of(connection), dt.date(2026, 11, 16), sealing=False)
    assert found.boxes is not None, "boxes were delivered, though none could be read"
    return list(found.set_aside[["site", "box_key", "file", "row"]].itertuples(index=False, name=None))
