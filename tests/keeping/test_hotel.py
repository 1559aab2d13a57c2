"""What a hotel's systems deliver: known by its number, counted on its business date, set aside until it comes whole."""

from __future__ import annotations

import datetime as dt

from tasks.adapters.speech import spoken
from tasks.intake import hotel_tables as hotel
from tasks.intake.steps import HOTEL, quarantined_of_period, rows_of_period
from tasks.intake.tables import changes
from tests.keeping.company import PERIOD, Company
from tests.keeping.hotel import ROWS, drop, row, table

NEXT = dt.date(2026, 11, 21)


def counts(company: Company, period: dt.date = PERIOD) -> dict[str, tuple[int, ...]]:
    """Read, accepted, quarantined, repeated rows of every dataset of the hotel that has any."""
    with company.store.reading() as connection:
        found = rows_of_period(connection, period, HOTEL)
    return {name: tuple(counted.values()) for name, counted in found.items() if counted["read"]}


def waiting_cells(company: Company, period: dt.date = PERIOD) -> list[tuple[str, str]]:
    """Dataset and column of every cell that somebody must still mend."""
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, period, HOTEL)
    return list(zip(cells["dataset"], cells["column"], strict=True))


def test_every_dataset_is_kept_counted_and_repeated_under_another_name(company: Company) -> None:
    for dataset, drawn in ROWS.items():
        drop(company, dataset, "one.csv", drawn)
    taken = company.take_in()
    read = {dataset: len(table(drawn)) - 1 for dataset, drawn in ROWS.items()}
    assert [one.dataset for one in taken.datasets] == list(HOTEL)
    assert counts(company) == {dataset: (read[dataset], read[dataset], 0, 0) for dataset in HOTEL}
    assert set(counts(company, NEXT)) == set(HOTEL) - {"shifts", "deposits", "folio", "payments", "pos_checks"}
    for dataset, drawn in ROWS.items():
        company.drop(dataset, "again.csv", [["export"], *table(drawn)])
    assert [one.repeated for one in company.take_in().datasets] == [read[dataset] for dataset in HOTEL]
    assert company.verified() == []
    assert company.rows(changes, "key") == []


def test_money_of_the_small_hours_counts_to_the_date_that_the_home_s_own_hour_ends(company: Company) -> None:
    (company.home / "daybook.toml").write_text('[night_audit]\nnight_ends = "05:00"\n', encoding="utf-8")
    drop(company, "deposits", "one.csv", row("deposits", 日期时间="2026-11-21 04:59"))
    drop(company, "pos_checks", "one.csv", row("pos_checks", 时间="2026-11-21 05:01"))
    company.take_in()
    assert counts(company) == {"deposits": (1, 1, 0, 0)}
    assert counts(company, NEXT) == {"pos_checks": (1, 1, 0, 0)}


def test_a_later_file_updates_a_row_by_its_number_and_the_value_before_is_kept(company: Company) -> None:
    drop(company, "stays", "1.csv", row("stays"))
    drop(company, "members", "1.csv", row("members"))
    company.take_in()
    drop(company, "stays", "2.csv", row("stays", 账号="a-1", 房价="328.5", 折扣="85折"))
    drop(company, "members", "2.csv", row("members", 积分="200", 每元积分="2"))
    company.take_in()
    assert company.rows(hotel.stays, "account", "price", "discount") == [("A1", 32850, 8500)]
    assert company.rows(changes, "dataset", "key", "field", "before", "after") == [
        ("members", "HY01", "points", "120", "200"),
        ("members", "HY01", "points_per_yuan", "1.5", "2"),
        ("stays", "A1", "discount", "1", "0.85"),
        ("stays", "A1", "price", "388.00", "328.50"),
    ]


def test_an_operation_is_known_by_its_whole_row(company: Company) -> None:
    drop(company, "operation_log", "1.csv", row("operation_log"))
    drop(
        company,
        "operation_log",
        "2.csv",
        row("operation_log") + "\n2026-11-20 20:01 | 李 | 改价 | A1 | 328.00 | 388.00",
    )
    taken = company.take_in().datasets[0]
    assert (taken.accepted, taken.repeated) == (2, 1)
    assert company.rows(hotel.operation_log, "action", "before") == [
        ("price_changed", "328.00"), ("price_changed", "388.00"),
    ]  # fmt: skip


def test_one_number_twice_in_a_file_with_other_cells_is_set_aside(company: Company) -> None:
    drop(company, "payments", "1.csv", row("payments") + "\n" + row("payments", 金额="20").splitlines()[1])
    company.take_in()
    assert company.rows(hotel.payments, "number", "amount") == [("P1", 38800)]
    assert counts(company)["payments"] == (2, 1, 1, 0)
    assert waiting_cells(company) == [("payments", "流水号/Number")]


def test_a_row_set_aside_is_asked_for_until_it_comes_whole(company: Company) -> None:
    bad = {
        "stays": ("账号", {"门市价": "三百"}),
        "folio": ("流水号", {"金额": "1.234"}),
        "deposits": ("流水号", {"方式": "贝壳"}),
        "payments": ("流水号", {"营业日": "昨天"}),
        "operators": ("操作员", {"最低折扣": "8"}),
    }
    asked = sorted((dataset, column) for dataset, (_, cells) in bad.items() for column in cells)
    for dataset, (_, cells) in bad.items():
        drop(company, dataset, "1.csv", row(dataset, **cells))
    company.take_in()
    assert waiting_cells(company) == asked
    for dataset, (number, _) in bad.items():
        drop(company, dataset, "2.csv", row(dataset, **{number: "X9"}))
    company.take_in()
    assert waiting_cells(company) == asked
    for dataset in bad:
        drop(company, dataset, "3.csv", row(dataset))
    company.take_in()
    assert waiting_cells(company) == []
    assert company.verified() == []


def test_a_row_that_stood_already_mends_the_same_row_set_aside_later(company: Company) -> None:
    drop(company, "stays", "1.csv", row("stays"))
    company.take_in()
    drop(company, "stays", "2.csv", row("stays", 折扣="80"))
    company.take_in()
    assert waiting_cells(company) == [("stays", "折扣")]
    company.drop("stays", "3.csv", [["在住"], *table(row("stays"))])
    assert company.take_in().datasets[0].repeated == 1
    assert waiting_cells(company) == []


def test_the_stock_ledger_is_told_nothing_of_the_hotel(company: Company) -> None:
    drop(company, "stays", "1.csv", row("stays", 折扣="80"))
    company.take_in()
    with company.store.reading() as connection:
        assert len(quarantined_of_period(connection, PERIOD)) == 0
        assert not set(rows_of_period(connection, PERIOD)) & set(HOTEL)


def test_an_export_that_comes_back_to_an_earlier_state_is_a_repeat_and_is_said_to_bring_nothing_back(
    company: Company,
) -> None:
    for name, price in (("1.csv", "388"), ("2.csv", "328.5")):
        drop(company, "stays", name, row("stays", 房价=price))
        company.take_in()
    drop(company, "stays", "3.csv", row("stays", 房价="328.5"))
    [last] = company.take_in().notices
    assert "nothing was counted twice" in spoken(last, "en")
    drop(company, "stays", "4.csv", row("stays", 房价="388"))
    [notice] = company.take_in().notices
    assert "1.csv" in spoken(notice, "en")
    assert "theirs stand" in spoken(notice, "en")
    assert company.rows(hotel.stays, "price") == [(32850,)]
