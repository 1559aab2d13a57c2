"""Taking in is done once: after a crash anywhere, and by two imports at the same moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tasks.adapters.store import open_store
from tasks.intake.steps import taking_in as taking_in_module
from tasks.intake.tables import erp_lines, row_counts
from tests.beside import beside, exit_status
from tests.keeping.company import DAY, IN, Company


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
    assert company.live() == [("DF01", DAY, 1, "A1", 2)]
    assert company.counts("ledger") == (1, 1, 0, 0)
    assert company.waiting() == []
    assert company.verified() == []


def _import(home: Path, url: str) -> None:
    Company(home, open_store(url)).take_in()


def test_two_imports_at_once_keep_each_row_once(company: Company) -> None:
    for day in range(1, 13):
        on = f"2026-11-{day:02d}"
        company.ledger("DF01", on, *((no, on, IN, f"A{no}", no) for no in range(1, 6)))
    company.erp("1.csv", *[{"行号": line} for line in range(1, 30)])
    url = company.store.engine.url.render_as_string(hide_password=False)
    imports = [beside(_import, company.home, url) for _ in range(2)]
    assert [exit_status(one) for one in imports] == [0, 0]
    assert len(company.live()) == 60
    assert len(company.rows(erp_lines, "id")) == 29
    assert company.waiting() == []
    with company.store.reading() as connection:
        total = connection.execute(select(func.sum(row_counts.c.read)).where(row_counts.c.dataset == "ledger")).scalar()
    assert total == 60
    assert company.verified() == []
