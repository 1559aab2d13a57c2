"""A month's count from its opening to its papers: asked, answered, posted once, told to whom it concerns."""

from __future__ import annotations

import email
import json
import shutil
from email import policy
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from flows.forms import VERDICTS
from tasks.adapters.store import open_store
from tasks.stocktake.tables import adjustment_lines
from tests.beside import beside, exit_status
from tests.flows.company import COAST, save
from tests.flows.conftest import NewHome
from tests.flows.contract import faults_of_count
from tests.flows.counting import MANAGER, MONTH, SUPERVISOR, count, counted, deliver, sheet, stocked
from tests.flows.running import ONE_LANGUAGE, Home, breaks_of, broken, called, daybook, figures, reports, typed
from tests.flows.served import Served

_, APPROVE_SOME, _ = VERDICTS


def _imports(home: Home) -> dict[str, bytes]:
    folder = home.folder / f"reports/stocktake/{MONTH}/import"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def _approve(home: Home, number: int = 1, *more: str, by: str = MANAGER, check: int | None = 0) -> str:
    words = ("approve", str(number), "--reason", "核对属实", "--by", by, *more)
    return called(home, *words, check=check).stderr


def _asked(home: Home) -> Home:
    """The count with its question put."""
    count(counted(stocked(home)), "decide")
    return home


@pytest.fixture(scope="module")
def asked_once(sqlite_begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("asked"))
    (home.folder / "daybook.toml").write_text(ONE_LANGUAGE, encoding="utf-8")
    shutil.copy(sqlite_begun, home.folder)
    return _asked(home)


@pytest.fixture
def asked(asked_once: Home, tmp_path: Path) -> Home:
    """A home whose count waits for an answer, kept in SQLite."""
    return Home(Path(shutil.copytree(asked_once.folder, tmp_path / "asked")))


def _kinds(home: Home, step: str) -> set[tuple[object, object, object]]:
    return {(one["kind"], one["item"], one["state"]) for one in breaks_of(count(home, step))}


def test_what_is_approved_is_posted_once_and_its_documents_are_made_again_byte_for_byte(new_home: NewHome) -> None:
    home = counted(stocked(new_home()))
    asked = count(home, "decide")
    assert (asked["status"], figures(asked)["approvals_waiting"]) == ("waiting", 1)
    assert not _imports(home)
    _approve(home, 1, "--except", "DF02/DF02A/SL001")
    posted = count(home, "decide")
    assert (posted["status"], figures(posted)["adjustments_posted"]) == ("completed", 2)
    made = _imports(home)
    assert set(made) == {f"PD-{MONTH}-DF01-IS1.{kind}" for kind in ("csv", "xlsx")}
    for path in (home.folder / f"reports/stocktake/{MONTH}/import").glob("*"):
        path.unlink()
    again = count(home, "decide")
    assert figures(again)["adjustments_posted"] == 2
    assert _imports(home) == made
    off = [one for one in breaks_of(again) if one["kind"] in ("SHORTAGE", "SURPLUS")]
    states = {(one["site"], one["item"]): one["state"] for one in off}
    assert states == {("DF01", "SL001"): "resolved", ("DF01", "SL002"): "resolved", ("DF02", "SL001"): "open"}
    assert broken(home) == []


def test_a_document_says_what_was_counted_why_and_who_approved(asked: Home) -> None:
    _approve(asked)
    count(asked, "decide")
    folder = asked.folder / f"reports/stocktake/{MONTH}/import"
    book = CalamineWorkbook.from_path(folder / f"PD-{MONTH}-DF02-RI1.xlsx")
    assert book.sheet_names == ["其他入库单"]
    head, row = book.get_sheet_by_index(0).to_python()
    told = dict(zip(head, row, strict=True))
    wanted = {"单据号": f"PD-{MONTH}-DF02-RI1", "业务类型": "盘盈入库", "仓库编码": "DF02A", "部门": COAST}
    wanted |= {"盘点单号": f"PD-{MONTH}-DF02", "备注": "记账错误", "审批人": MANAGER, "审批理由": "核对属实"}
    assert (told["存货编码"], told["数量"]) == ("SL001", 1.0)
    assert {name: told[name] for name in wanted} == wanted


@pytest.mark.parametrize("who", ["张工", SUPERVISOR, "stocktake", "吴经理"])
def test_nobody_approves_who_counted_supervised_asked_or_has_no_right(asked: Home, who: str) -> None:
    assert "may not answer" in _approve(asked, by=who, check=2)
    assert figures(count(asked, "decide"))["adjustments_posted"] == 0


def test_figures_that_change_while_the_question_waits_are_asked_anew(asked: Home) -> None:
    off = "盈亏原因=记账错误 责任人=张工"
    number = f"PD-{MONTH}-DF01"
    sheet(asked.folder, number, f"DF01A SL001 98 {off}", "DF01A SL002 100", "DF01A SL003 100", name="again.csv")
    assert count(asked, "decide")["status"] == "waiting"
    assert "answered by stocktake" in _approve(asked, 1, check=2)
    _approve(asked, 2)
    assert figures(count(asked, "decide"))["adjustments_posted"] == 2


def test_an_approval_lapses_when_the_sheet_comes_again_with_another_figure(asked: Home) -> None:
    _approve(asked)
    off = "盈亏原因=记账错误 责任人=张工"
    lines = (f"DF01A SL001 98 {off}", f"DF01A SL002 98 {off}", "DF01A SL003 100")
    sheet(asked.folder, f"PD-{MONTH}-DF01", *lines, name="again.csv")
    told = count(asked, "decide")
    assert ("APPROVAL_LAPSED", "SL001", "open") in {(one["kind"], one["item"], one["state"]) for one in breaks_of(told)}
    assert (told["status"], figures(told)["adjustments_posted"]) == ("waiting", 2)
    _approve(asked, 2)
    ended = count(asked, "decide")
    assert figures(ended)["adjustments_posted"] == 3
    assert set(_imports(asked)) >= {f"PD-{MONTH}-DF01-IS1.csv", f"PD-{MONTH}-DF01-IS2.csv", f"PD-{MONTH}-DF02-RI1.csv"}


def test_a_posted_line_without_its_approval_breaks_an_invariant(asked: Home) -> None:
    _approve(asked)
    count(asked, "decide")
    assert broken(asked) == []
    with open_store(asked.url).writing() as connection:
        connection.execute(update(adjustment_lines).where(adjustment_lines.c.line == 1).values(quantity=70_000))
    assert [line.split()[0] for line in broken(asked)] == ["line", "line"]


def test_two_runs_at_once_post_once(new_home: NewHome, tmp_path: Path) -> None:
    home = _asked(new_home())
    _approve(home)
    words = ("run", "stocktake", "--period", MONTH, "--step", "decide", "--json")
    said = [tmp_path / "one", tmp_path / "other"]
    both = [beside(typed, home, one, *words) for one in said]
    assert [exit_status(one) for one in both] == [0, 0]
    told = [json.loads(one.read_text(encoding="utf-8")) for one in said]
    assert [one["figures"]["adjustments_posted"] for one in told] == [3, 3]
    assert {name.partition(".")[0] for name in _imports(home)} == {f"PD-{MONTH}-DF01-IS1", f"PD-{MONTH}-DF02-RI1"}
    assert broken(home) == []


def test_a_count_that_is_over_says_so_and_changes_nothing(asked: Home) -> None:
    _approve(asked)
    count(asked, "decide")
    assert count(asked, "report")["status"] == "completed"
    before = reports(asked)
    again = count(asked, "report")
    assert again["status"] == "already-done"
    assert reports(asked) == before
    assert not list(faults_of_count(again, MONTH))


def test_without_a_step_whatever_is_due_is_done(sqlite_home: NewHome) -> None:
    home = stocked(sqlite_home())
    opened = count(home, "")
    assert (opened["status"], figures(opened)["sheets_issued"]) == ("completed", 3)
    deliver(home)
    assert count(home, "")["status"] == "waiting"
    _approve(home)
    assert figures(count(home, ""))["adjustments_posted"] == 3
    assert count(home, "")["status"] == "already-done"


def test_what_cannot_be_counted_is_blocked_with_a_line_that_says_why(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    done = daybook(home, "run", "stocktake", "--period", MONTH, "--step", "open", check=1)
    assert "on_hand" in done.stdout
    early = called(home, "run", "stocktake", "--period", MONTH, "--step", "collect", check=1)
    assert "尚未开盘" in early.stdout
    wrong = called(home, "run", "stocktake", "--period", "November", "--step", "open", check=2)
    assert "write it as 2026-11" in wrong.stderr
    daily = called(home, "run", "stock-ledger", "--period", MONTH, check=2)
    assert "use --date" in daily.stderr


def test_a_part_of_the_stock_has_a_number_of_its_own_and_leaves_the_months_count_alone(sqlite_home: NewHome) -> None:
    home = stocked(sqlite_home())
    first = count(home, "open", spot=1, seed=7)
    assert (first["period"], figures(first)["lines"]) in {("2025-11-S1", lines) for lines in (1, 2)}
    assert count(home, "open", site="DF01")["status"] == "blocked"
    second = count(home, "open", site="DF02", items="SL002")
    assert second["status"] == "blocked"


def test_sheets_questions_and_reports_go_to_whom_they_concern(sqlite_home: NewHome) -> None:
    home = stocked(sqlite_home())
    boxes = {"DF01": "df01@example.test", "DF02": "df02@example.test", "YC01": "yc01@example.test"}
    sites = [(site, f"{site}现场", COAST, "2020-01-01", box) for site, box in boxes.items()]
    save(home.folder, "sites", "sites2.csv", [("现场编码", "现场名称", "业务部", "启用日期", "邮箱"), *sites])
    save(
        home.folder,
        "departments",
        "departments2.csv",
        [("业务部", "经理", "账务员", "邮箱"), (COAST, MANAGER, "李会计", "coast@example.test")],
    )
    called(home, "run", "stocktake", "--period", MONTH, "--step", "open", check=0)
    sent = _letters(home)
    assert {str(one["To"]) for one in sent} == set(boxes.values())
    (own,) = [one for one in sent if one["To"] == "df01@example.test"]
    (workbook,) = own.iter_attachments()
    assert workbook.get_filename() == f"PD-{MONTH}-DF01.xlsx"
    sheets = home.folder / f"reports/stocktake/{MONTH}/sheets"
    assert workbook.get_content() == (sheets / f"PD-{MONTH}-DF01.xlsx").read_bytes()
    deliver(home)
    called(home, "run", "stocktake", "--period", MONTH, "--step", "decide", check=0)
    asked = [one for one in _letters(home) if one["To"] == "coast@example.test"]
    assert len(asked) == 1
    body = asked[0].get_body(("plain",))
    assert body is not None
    assert "daybook approve 1" in body.get_content()
    called(home, "run", "stocktake", "--period", MONTH, "--step", "decide", check=0)
    assert len(_letters(home)) == len(sent) + 1


def _letters(home: Home) -> list[email.message.EmailMessage]:
    paths = sorted((home.folder / "outbox").glob("*.eml"))
    return [email.message_from_bytes(Path(path).read_bytes(), policy=policy.SMTP) for path in paths]


@pytest.mark.server
def test_a_run_waits_with_the_table_and_posts_what_its_form_approves(served: Served) -> None:
    home = stocked(served.home)
    started = served.start("stocktake", period=MONTH, step="open", send_mail=False)
    assert served.ended(started) == "COMPLETED"
    deliver(home)
    run = served.start("stocktake", period=MONTH, step="decide", send_mail=False)
    served.state(run, "PAUSED")
    (number,) = [one["id"] for one in _waiting(home)]
    page = served.artifact(f"approval-{number}")
    labels = ("DF01/DF01A/SL001", "DF01/DF01A/SL002", "DF02/DF02A/SL001")
    assert all(label in page.replace("\\", "") for label in labels)
    # A second run finds that one waits already and does not wait as well.
    beside = served.start("stocktake", period=MONTH, step="decide", send_mail=False)
    assert served.ended(beside) == "COMPLETED"
    answer = {"decision": APPROVE_SOME, "excepted": ["DF01/DF01A/SL002"], "reason": "再数一次", "who": MANAGER}
    given = served.ask(f"flow_runs/{run}/resume", {"run_input": answer})
    assert isinstance(given, dict)
    assert given["status"] == "ACCEPT"
    assert served.ended(run) == "COMPLETED"
    lines = _imports(home)[f"PD-{MONTH}-DF01-IS1.csv"].decode("utf-8-sig").splitlines()
    assert [line.split(",")[6] for line in lines[1:]] == ["SL001"]
    assert f"PD-{MONTH}-DF02-RI1.csv" in _imports(home)


def _waiting(home: Home) -> list[dict[str, object]]:
    told = json.loads(called(home, "status", "--json", check=0).stdout)
    waits: list[dict[str, object]] = told["stocktake"]["approvals"]
    return waits
