"""Taking in: once, completely, by key, and the same after a crash, a repeat or a second import at the same moment."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from config.wording import wording
from tasks.adapters.store import open_store
from tasks.intake.steps import (
    date_answers,
    quarantined_of_period,
    refused_files,
    replaced_rows,
    rows_of_period,
    verify_intake,
)
from tasks.intake.steps import taking_in as taking_in_module
from tasks.intake.tables import (
    changes,
    departments,
    erp_lines,
    exception_answers,
    files,
    items,
    ledger_rows,
    on_hand,
    quarantined_cells,
    row_counts,
    warehouses,
)
from tests.keeping.conftest import NOW, Company, fresh_store

DAY, EARLIER = "2026-11-20", "2026-11-19"
PERIOD = dt.date(2026, 11, 20)
NOBODY = 65534
IN, OUT = "采购入库", "自用领用"
LIVE = ("site", "date", "number", "item", "quantity")


def live(company: Company) -> list[tuple[object, ...]]:
    """The ledger rows that count: site, date, number, item, whole quantity."""
    rows = company.rows(ledger_rows, *LIVE, "withdrawn_by")
    return [(*row[:4], int(str(row[4])) // 10_000) for row in rows if row[5] is None]


def counts(company: Company, dataset: str, period: dt.date = PERIOD) -> tuple[int, ...]:
    """Read, accepted, quarantined, repeated rows of one dataset and period."""
    with company.store.reading() as connection:
        return tuple(rows_of_period(connection, period)[dataset].values())


def verified(company: Company) -> list[str]:
    """What the invariants say, in words."""
    with company.store.reading() as connection:
        said = verify_intake(connection, company.home)
    return [wording("en", one.key, **dict(one.parameters)) for one in said]


def test_a_file_is_read_archived_counted_and_gone_from_the_inbox(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), (2, DAY, OUT, "A2", 1))
    taken = company.take_in().datasets[0]
    assert (taken.files_read, taken.read, taken.accepted) == (1, 2, 2)
    assert live(company) == [("DF01", DAY, 1, "A1", 2), ("DF01", DAY, 2, "A2", 1)]
    assert company.waiting() == []
    (place,) = [place for dataset, place in company.rows(files, "dataset", "archived_as") if dataset == "ledger"]
    assert (company.home / str(place)).is_file()
    assert verified(company) == []


def test_the_same_content_under_another_name_is_a_repeat_and_counts_nothing(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    company.take_in()
    before = counts(company, "ledger")
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), name="copy.csv")
    taken = company.take_in()
    assert taken.datasets[0].files_repeated == 1
    assert [one.key for one in taken.notices] == ["inbox.about_file"]
    assert counts(company, "ledger") == before
    assert company.waiting() == []


def test_a_running_workbook_sent_again_brings_no_row_twice(company: Company) -> None:
    first = [(1, EARLIER, IN, "A1", 2), (2, EARLIER, IN, "A1", 2)]
    company.ledger("DF01", EARLIER, *first, name="DF01_month.csv")
    company.take_in()
    company.ledger("DF01", DAY, *first, (3, DAY, OUT, "A2", 1), name="DF01_month.csv")
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.repeated) == (3, 1, 2)
    assert live(company) == [("DF01", EARLIER, 1, "A1", 2), ("DF01", EARLIER, 2, "A1", 2), ("DF01", DAY, 3, "A2", 1)]


def test_a_changed_row_of_an_earlier_day_is_amended_and_its_heir_keeps_its_number(company: Company) -> None:
    company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A1", 2), (2, EARLIER, IN, "A2", 5))
    company.take_in()
    company.ledger("DF01", DAY, (1, EARLIER, IN, "A1", 3), (2, EARLIER, IN, "A2", 5), (3, DAY, OUT, "A2", 1))
    company.take_in()
    assert ("DF01", EARLIER, 1, "A1", 3) in live(company)
    (gone,) = [
        row for row in company.rows(ledger_rows, "item", "quantity", "amended", "withdrawn_by", "replaced_by") if row[3]
    ]
    assert gone[:3] == ("A1", 20_000, True)
    assert (gone[4], 30_000) in company.rows(ledger_rows, "id", "quantity")
    assert verified(company) == []


def test_a_row_that_vanished_from_an_earlier_day_is_amended_without_heir(company: Company) -> None:
    company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A1", 2), (2, EARLIER, IN, "A2", 5))
    company.take_in()
    company.ledger("DF01", DAY, (2, EARLIER, IN, "A2", 5), (3, DAY, OUT, "A2", 1))
    company.take_in()
    assert [row for row in company.rows(ledger_rows, "item", "amended", "replaced_by") if row[1]] == [
        ("A1", True, None)
    ]


def test_a_correction_on_the_same_evening_amends_nothing_until_the_day_was_reported(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 3))
    company.take_in()
    assert [row for row in company.rows(ledger_rows, "quantity", "amended") if row[1]] == []
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 4))
    company.take_in(reported={PERIOD})
    assert [row for row in company.rows(ledger_rows, "quantity", "amended") if row[1]] == [(30_000, True)]
    assert live(company) == [("DF01", DAY, 1, "A1", 4)]


def test_a_correction_that_waits_beside_its_ledger_counts(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 3), name="流水 更正.csv")
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), name="流水.csv")
    company.take_in()
    assert live(company) == [("DF01", DAY, 1, "A1", 3)]


@pytest.mark.parametrize(
    ("head", "row", "listed"),
    [
        ("2026-11-02", "2026-11-20", "2026-11-20"),
        ("2026-11-20", "2062-11-20", "2026-11-20"),
        ("2027-11-20", "2026-11-20", "2026-11-20"),
    ],
)
def test_a_row_set_aside_is_told_on_the_day_that_its_site_works_on(
    company: Company, head: str, row: str, listed: str
) -> None:
    company.ledger("DF01", head, (1, row, "unheard of", "A1", 2), name="DF01.csv")
    company.take_in()
    day = dt.date.fromisoformat(listed)
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, day)
    assert (counts(company, "ledger", day), set(cells["file"]), set(cells["site"])) == (
        (1, 0, 1, 0), {"DF01.csv"}, {"DF01"},
    )  # fmt: skip
    assert verified(company) == []


def test_cells_of_a_ledger_that_was_sent_anew_are_no_more_to_be_mended_but_counted(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", "many"), (2, DAY, IN, "A2", 1))
    company.ledger("DF02", DAY, (1, DAY, IN, "A1", "many"))
    company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 7), (2, DAY, IN, "A3", 1), name="DF01 anew.csv")
    company.take_in()
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, PERIOD)
        replaced = replaced_rows(connection, PERIOD)
    assert list(cells["site"]) == ["DF02"]
    assert counts(company, "ledger") == (5, 3, 2, 0)
    assert replaced == [("DF01", "DF01 anew.csv", "DF01_20261120.csv", 1)]


def test_an_answer_that_cannot_be_taken_belongs_to_the_run_that_met_it(company: Company) -> None:
    answers = [
        ["编号", "处理", "原因", "经办人", "负责人"],
        ["ab1", "指派", "去查", "李", ""],
        ["ab1", "说明", "已查，属实", "李", ""],
        ["ab1", "看看", "去查", "李", ""],
    ]
    company.drop("exception_answers", "answers.csv", answers)
    company.take_in()
    other = dt.date(2026, 11, 5)
    for run in (other, PERIOD):
        with company.store.writing() as connection:
            date_answers(connection, run)
    assert counts(company, "exception_answers", other) == (3, 1, 2, 0)
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, other)
    assert list(cells["column"]) == ["负责人", "处理"]
    assert company.rows(exception_answers, "reason") == [("已查，属实",)]


def test_a_row_that_comes_back_counts_again(company: Company) -> None:
    for count in (2, 3):
        company.ledger("DF01", DAY, (1, DAY, IN, "A1", count))
        company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), (2, DAY, IN, "A2", 1))
    company.take_in()
    assert live(company) == [("DF01", DAY, 1, "A1", 2), ("DF01", DAY, 2, "A2", 1)]
    assert len(company.rows(ledger_rows, "id")) == 3
    assert verified(company) == []


def test_a_belated_row_in_a_days_ledger_withdraws_nothing_of_the_day_before(company: Company) -> None:
    company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A1", 2), (2, EARLIER, IN, "A2", 5))
    company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A3", 1), (2, EARLIER, IN, "A9", 7))
    company.take_in()
    assert [row[3] for row in live(company) if row[1] == EARLIER] == ["A1", "A2", "A9"]


def test_the_ledger_of_one_site_leaves_the_other_alone(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    company.ledger("DF02", DAY, (1, DAY, IN, "A1", 2))
    company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 9))
    company.take_in()
    assert live(company) == [("DF01", DAY, 1, "A1", 9), ("DF02", DAY, 1, "A1", 2)]


@pytest.mark.parametrize(
    ("written", "given"),
    [
        (["1", "2", "3"], [1, 2, 3]),
        (["", "", ""], [1, 2, 3]),
        (["2", "2", "1"], [2, 3, 1]),
        (["A", "0", "-1"], [1, 2, 3]),
        (["", "7", "1"], [2, 7, 1]),
    ],
)
def test_numbers_are_those_written_where_they_are_whole_and_alone(
    company: Company, written: list[str], given: list[int]
) -> None:
    company.ledger("DF01", DAY, *((no, DAY, IN, f"A{at}", 1) for at, no in enumerate(written)))
    company.take_in()
    assert [number for _, number in sorted(company.rows(ledger_rows, "item", "number"))] == given


def test_the_order_of_file_names_and_imports_gives_the_same_last_word(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), (2, EARLIER, IN, "A2", 5), name="a.csv")
    company.ledger("DF01", EARLIER, (2, EARLIER, IN, "A2", 5), name="b.csv")
    company.take_in()
    assert live(company) == [("DF01", EARLIER, 2, "A2", 5), ("DF01", DAY, 1, "A1", 2)]


def test_a_ledger_of_no_movement_is_received_and_has_no_rows(company: Company) -> None:
    company.drop("ledger", "DF01_20261120.csv", [["现场名称:DF01", "填报日期:2026-11-20"], ["本日无出入库"]])
    company.take_in()
    assert ("ledger", "DF01", DAY, True) in company.rows(files, "dataset", "site", "period", "no_movement")
    assert counts(company, "ledger") == (0, 0, 0, 0)


def test_a_later_erp_line_updates_by_its_key_and_the_value_before_is_kept(company: Company) -> None:
    company.erp("1.csv", {})
    company.take_in()
    company.erp("2.csv", {"审核人": "李", "审核日期": DAY}, {"行号": 2, "存货编码": "A2"})
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.repeated) == (2, 2, 0)
    assert company.rows(erp_lines, "document", "line", "audited_by", "audited_on")[0] == ("Q1", "1", "李", DAY)
    assert company.rows(changes, "dataset", "key", "field", "before", "after") == [
        ("erp_documents", "Q1:1", "audited_by", "", "李"),
        ("erp_documents", "Q1:1", "audited_on", "", DAY),
    ]


def test_a_line_sent_again_unchanged_is_a_repeat(company: Company) -> None:
    company.erp("1.csv", {}, {"行号": 2})
    company.take_in()
    company.erp("2.csv", {}, {"行号": 2}, {"行号": 3})
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.repeated) == (3, 1, 2)
    assert company.rows(changes, "id") == []


def test_a_key_that_contradicts_itself_in_one_file_is_quarantined_where_it_stands(company: Company) -> None:
    company.erp("1.csv", {"数量": 2}, {"数量": 2}, {"数量": 3})
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.quarantined, taken.repeated) == (3, 1, 1, 1)
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, PERIOD)
    assert cells[["file", "row", "column", "value"]].to_numpy().tolist() == [["1.csv", 4, "document + line", "Q1:1"]]
    assert verified(company) == []


def test_a_text_longer_than_its_column_quarantines_its_row_by_the_limit(company: Company) -> None:
    company.erp("1.csv", {"单据号": "Q" * 81}, {"单据号": "Q" * 80})
    taken = company.take_in().datasets[0]
    assert (taken.accepted, taken.quarantined) == (1, 1)
    assert "80" in str(company.rows(quarantined_cells, "reason")[0][0])


def test_quantities_in_changes_are_written_as_people_write_them(company: Company) -> None:
    head = ["存货编码", "存货名称", "单价"]
    company.drop("items", "1.csv", [head, ["A1", "轴承", "12.50"]])
    company.take_in()
    company.drop("items", "2.csv", [head, ["A1", "轴承", "100"]])
    company.take_in()
    assert company.rows(changes, "key", "field", "before", "after") == [("A1", "unit_price", "12.5", "100")]
    assert company.rows(items, "unit_price") == [(1_000_000,)]


def test_on_hand_of_a_day_is_known_by_day_warehouse_and_item(company: Company) -> None:
    head = ["日期", "仓库编码", "存货编码", "现存数量"]
    company.drop("on_hand", "1.csv", [head, [EARLIER, "DF01A", "A1", 5], [DAY, "DF01A", "A1", 6]])
    company.take_in()
    company.drop("on_hand", "2.csv", [head, [DAY, "DF01A", "A1", 7]])
    company.take_in()
    assert company.rows(on_hand, "date", "quantity") == [(EARLIER, 50_000), (DAY, 70_000)]
    assert counts(company, "on_hand") == (2, 2, 0, 0)


def test_rows_count_to_the_day_their_file_is_for_else_to_their_own(company: Company) -> None:
    company.erp("单据.csv", {"单据日期": EARLIER}, {"行号": 2}, {"行号": 3, "数量": "many", "单据日期": EARLIER})
    company.take_in()
    assert counts(company, "erp_documents") == (1, 1, 0, 0)
    assert counts(company, "erp_documents", dt.date(2026, 11, 19)) == (2, 1, 1, 0)
    company.erp("单据_20261121.csv", {"行号": 4})
    company.take_in()
    assert counts(company, "erp_documents", dt.date(2026, 11, 21)) == (1, 1, 0, 0)


def test_a_refused_file_is_named_kept_aside_and_tried_again_when_dropped_again(company: Company) -> None:
    for _ in range(2):
        company.drop("ledger", "odd.csv", [["nothing", "here"], ["1", "2"]])
        taken = company.take_in()
        assert (taken.datasets[0].files_refused, taken.datasets[0].files_repeated) == (1, 0)
        assert company.waiting() == []
    with company.store.reading() as connection:
        (refused,) = refused_files(connection)
    assert (refused.dataset, refused.name) == ("ledger", "odd.csv")
    assert (company.home / refused.lies_at).is_file()
    assert refused.lies_at.startswith("quarantine/ledger/")


def test_one_bad_file_stops_no_other(company: Company) -> None:
    company.drop("ledger", "a.csv", [["nothing"]])
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    taken = company.take_in().datasets[0]
    assert (taken.files_read, taken.files_refused) == (1, 1)


def test_what_is_no_file_of_a_known_dataset_is_said_and_stays(company: Company) -> None:
    inbox = company.home / "inbox"
    for name in (
        "loose.xlsx",
        "unknown/a.csv",
        "ledger/inner/a.csv",
        "ledger/~$DF01.xlsx",
        "ledger/.hidden",
        "ledger/a.part",
    ):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_text("x", encoding="utf-8")
    (inbox / "ledger" / "link.csv").symlink_to(inbox / "loose.xlsx")
    taken = company.take_in()
    assert sorted(one.key for one in taken.notices) == [
        "inbox.link",
        "inbox.loose_file",
        "inbox.not_a_file",
        "inbox.unknown_folder",
    ]
    assert taken.datasets == ()
    assert len(company.waiting()) == 7


@contextmanager
def permissions_count(folder: Path) -> Iterator[None]:
    """Within the block this process is a user for whom permissions count, and `folder` is that user's."""
    root = os.geteuid() == 0
    if root:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_what_cannot_be_read_or_taken_out_is_said_and_stops_no_other() -> None:
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder), open_store(f"sqlite:///{Path(folder) / 'daybook.db'}"))
        company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A1", 2))
        company.take_in()
        company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2)).chmod(0)
        company.ledger("DF02", DAY, (1, DAY, IN, "A1", 2))
        company.drop("late_notice", "n.csv", [["现场", "日期", "原因"], ["DF02", DAY, "网络中断"]]).parent.chmod(0o500)
        company.drop("items", "i.csv", [["存货编码", "存货名称"], ["A1", "轴承"]]).parent.chmod(0)
        with permissions_count(Path(folder)):
            said = {one.key for one in company.take_in().notices}
        for name in ("late_notice", "items"):
            (Path(folder) / "inbox" / name).chmod(0o700)
        assert said == {"inbox.unreadable", "inbox.stays", "inbox.unreadable_folder"}
        assert [row[0] for row in live(company) if row[1] == DAY] == ["DF02"]
        assert counts(company, "late_notice") == (1, 1, 0, 0)
        company.store.engine.dispose()


class Crash(BaseException):
    """The power goes."""


@pytest.mark.parametrize("where", ["archive", "keep_wave", "take_out"])
def test_a_crash_anywhere_leaves_the_state_of_one_import(
    company: Company, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    real = getattr(taking_in_module, where)

    def crashing(*arguments: object, **named: object) -> object:
        if where != "take_out":
            real(*arguments, **named)
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(taking_in_module, where, crashing)
        with pytest.raises(Crash):
            company.take_in()
    company.take_in()
    assert live(company) == [("DF01", DAY, 1, "A1", 2)]
    assert counts(company, "ledger") == (1, 1, 0, 0)
    assert company.waiting() == []
    assert verified(company) == []


def _import(home: Path, url: str) -> None:
    Company(home, open_store(url)).take_in()


def test_two_imports_at_once_keep_each_row_once(company: Company) -> None:
    for day in range(1, 13):
        on = f"2026-11-{day:02d}"
        company.ledger("DF01", on, *((no, on, IN, f"A{no}", no) for no in range(1, 6)))
    company.erp("1.csv", *[{"行号": line} for line in range(1, 30)])
    url = company.store.engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_import, args=(company.home, url)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(live(company)) == 60
    assert len(company.rows(erp_lines, "id")) == 29
    assert company.waiting() == []
    with company.store.reading() as connection:
        total = connection.execute(select(func.sum(row_counts.c.read)).where(row_counts.c.dataset == "ledger")).scalar()
    assert total == 60
    assert verified(company) == []


def _settle(company: Company) -> None:
    with company.store.writing() as connection:
        connection.execute(update(ledger_rows).values(matched_by="exact"))
        connection.execute(update(erp_lines).values(matched_by="exact"))


def _open_again(company: Company) -> tuple[list[object], list[object]]:
    ledger = [item for item, by in company.rows(ledger_rows, "item", "matched_by") if by is None]
    erp = [line for line, by in company.rows(erp_lines, "line", "matched_by") if by is None]
    return ledger, erp


def _two_settled_days(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A2", 2))
    company.ledger("DF02", DAY, (1, DAY, IN, "A3", 2))
    company.erp("1.csv", {}, {"行号": 2, "单据日期": EARLIER}, {"行号": 3, "仓库编码": "DF02A"})
    company.take_in()
    _settle(company)


def test_a_changed_ledger_opens_its_site_and_day_again_and_no_other(company: Company) -> None:
    _two_settled_days(company)
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), (2, DAY, IN, "A4", 1))
    company.take_in()
    assert _open_again(company) == (["A1", "A4"], ["1"])


def test_a_changed_erp_line_opens_the_days_it_was_and_is_on(company: Company) -> None:
    _two_settled_days(company)
    company.erp("2.csv", {"单据日期": EARLIER})
    company.take_in()
    assert _open_again(company) == (["A1", "A2"], ["1", "2"])


def test_an_audit_opens_nothing_again(company: Company) -> None:
    _two_settled_days(company)
    company.erp("2.csv", {"审核人": "李", "审核日期": DAY})
    company.take_in()
    assert _open_again(company) == ([], [])


def test_a_warehouse_of_another_site_opens_its_days_again(company: Company) -> None:
    _two_settled_days(company)
    company.drop(
        "warehouses",
        "w2.csv",
        [["仓库编码", "仓库名称", "现场编码", "品质"], ["DF02A", "DF02完好品库", "DF01", "完好"]],
    )
    company.take_in()
    assert _open_again(company)[1] == ["1", "3"]
    assert ("DF02A", "DF01") in company.rows(warehouses, "warehouse", "site")


def test_a_changed_archive_is_found(company: Company) -> None:
    ((place,), *_) = company.rows(files, "archived_as")
    (company.home / str(place)).write_text("other", encoding="utf-8")
    assert len(verified(company)) == 1
    (company.home / str(place)).unlink()
    assert "missing" in verified(company)[0]


def test_masters_count_all_their_files_in_every_period(company: Company) -> None:
    assert counts(company, "sites") == (2, 2, 0, 0)
    assert counts(company, "warehouses", dt.date(2030, 1, 1)) == (4, 4, 0, 0)
    assert len(company.rows(departments, "department")) == 1


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "x"]), st.sampled_from([DAY, EARLIER, "2026-13-40", ""]),
        st.sampled_from([IN, OUT, "unheard of"]), st.sampled_from(["A1", "A2"]), st.sampled_from(["1", "2", "many"]),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=10)
@given(deliveries=st.lists(ROWS, min_size=1, max_size=3))
def test_every_row_read_is_accepted_quarantined_or_repeated(
    tmp_path_factory: pytest.TempPathFactory, deliveries: list[list[tuple[str, ...]]]
) -> None:
    folder = tmp_path_factory.mktemp("conserved")
    with fresh_store("sqlite", folder, str) as store:
        company = Company(folder / "home", store)
        for rows in deliveries:
            company.ledger("DF01", DAY, *rows)
            for line in company.take_in(now=NOW).datasets:
                assert line.read == line.accepted + line.quarantined + line.repeated
                assert line.files_read + line.files_refused + line.files_repeated == 1
        assert verified(company) == []
        numbers = [row[:3] for row in live(company)]
        assert len(numbers) == len(set(numbers))
