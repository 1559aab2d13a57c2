"""Every row read is accepted, quarantined or repeated, and told on the date that it belongs to."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.intake.steps import date_answers, ledger_rows_set_aside, quarantined_of_period, replaced_rows
from tasks.intake.tables import departments, exception_answers
from tests.keeping.company import DAY, EARLIER, IN, NOW, OUT, PERIOD, Company
from tests.keeping.conftest import fresh_store


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
    assert (company.counts("ledger", day), set(cells["file"]), set(cells["site"])) == (
        (1, 0, 1, 0), {"DF01.csv"}, {"DF01"},
    )  # fmt: skip
    assert company.verified() == []


def test_cells_of_a_ledger_that_was_sent_anew_are_no_more_to_be_mended_but_counted(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", "many"), (2, DAY, IN, "A2", 1))
    company.ledger("DF02", DAY, (1, DAY, IN, "A1", "many"))
    company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 7), (2, DAY, IN, "A3", 1), name="DF01 anew.csv")
    company.take_in()
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, PERIOD)
        replaced = replaced_rows(connection, PERIOD)
        set_aside = ledger_rows_set_aside(connection, {PERIOD})
        of_no_day = ledger_rows_set_aside(connection, set())
    assert list(cells["site"]) == ["DF02"]
    assert set_aside.astype("str").to_numpy().tolist() == [["DF02", DAY, "DF02_20261120.csv", "csv", "5"]]
    assert len(of_no_day) == 0
    assert company.counts("ledger") == (5, 3, 2, 0)
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
    assert company.counts("exception_answers", other) == (3, 1, 2, 0)
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, other)
    assert list(cells["column"]) == ["负责人", "处理"]
    assert company.rows(exception_answers, "reason") == [("已查，属实",)]


def test_rows_count_to_the_day_their_file_is_for_else_to_their_own(company: Company) -> None:
    company.erp("单据.csv", {"单据日期": EARLIER}, {"行号": 2}, {"行号": 3, "数量": "many", "单据日期": EARLIER})
    company.take_in()
    assert company.counts("erp_documents") == (1, 1, 0, 0)
    assert company.counts("erp_documents", dt.date(2026, 11, 19)) == (2, 1, 1, 0)
    company.erp("单据_20261121.csv", {"行号": 4})
    company.take_in()
    assert company.counts("erp_documents", dt.date(2026, 11, 21)) == (1, 1, 0, 0)


def test_masters_count_all_their_files_in_every_period(company: Company) -> None:
    assert company.counts("sites") == (2, 2, 0, 0)
    assert company.counts("warehouses", dt.date(2030, 1, 1)) == (4, 4, 0, 0)
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
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, deliveries: list[list[tuple[str, ...]]]
) -> None:
    folder = tmp_path_factory.mktemp("conserved")
    with fresh_store("sqlite", folder, request) as store:
        company = Company(folder / "home", store)
        for rows in deliveries:
            company.ledger("DF01", DAY, *rows)
            for line in company.take_in(now=NOW).datasets:
                assert line.read == line.accepted + line.quarantined + line.repeated
                assert line.files_read + line.files_refused + line.files_repeated == 1
        assert company.verified() == []
        numbers = [row[:3] for row in company.live()]
        assert len(numbers) == len(set(numbers))
