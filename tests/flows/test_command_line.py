from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import create_engine, text
from typer.exceptions import TyperException
from typer.testing import CliRunner, Result

from config.settings import load_settings
from config.wording import wording
from flows.health import Health, health_line
from flows.overview import overview
from flows.wrong_words import wrong_words
from tasks.adapters.clock import now
from tasks.adapters.store import open_store
from tasks.mail.streaks import failed
from tasks.register.approvals import Question, ask, ask_write_off
from tasks.register.breaks import Done, listed
from tests.flows.company import DAY, NEXT_DAY, masters, ordinary_day
from tests.flows.contract import faults
from tests.flows.running import Home, breaks_of, daybook, inside

KNOWN = (
    "stock-ledger, stocktake, account-agreement, damaged-returns, invoice-check, survey, night-audit, reservation-sweep"
)
RUN = ("run", "stock-ledger", "--date", str(DAY))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which the ordinary day was run; tests copy it before they change anything."""
    home = Home(tmp_path_factory.mktemp("ran"))
    masters(home.folder)
    ordinary_day(home.folder)
    done = daybook(home, *RUN, "--json", check=0)
    (home.folder / "said.json").write_text(done.stdout, encoding="utf-8")
    return home


@pytest.fixture
def copied(ran: Home, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(ran.folder, tmp_path / "home")))


def _called(home: Home, *words: str) -> Result:
    """The command line called in this process."""
    from flows.__main__ import app

    with inside(home):
        return CliRunner().invoke(app, list(words), catch_exceptions=False)


def _one_line(result: Result) -> str:
    lines = result.stderr.strip().splitlines()
    assert "Traceback" not in result.stderr
    return lines[-1] if lines else ""


def test_json_is_one_object_that_keeps_the_contract(ran: Home) -> None:
    said = (ran.folder / "said.json").read_text(encoding="utf-8")
    assert said.count("\n") == 1
    summary = json.loads(said)
    assert faults(summary, "stock-ledger", str(DAY)) == []
    for path in summary["reports"]:
        assert (ran.folder / path).is_file()
    beside = json.loads((ran.folder / f"reports/stock-ledger/{DAY}/summary.json").read_text(encoding="utf-8"))
    assert {name: beside[name] for name in summary.keys() - {"reports"}} == {
        name: summary[name] for name in summary.keys() - {"reports"}
    }
    exceptions = (ran.folder / f"reports/stock-ledger/{DAY}/exceptions.csv").read_bytes()
    assert exceptions.startswith(b"\xef\xbb\xbf")
    assert exceptions.decode("utf-8-sig").splitlines()[0].split(",")[:3] == ["id", "kind", "severity"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "stock-ledger", "--date", "2025-13-40"), "2025-13-40"),
        (("run", "stock-ledger", "--date", "20.11.2025"), "20.11.2025"),
        (("run", "no-such-flow"), "no-such-flow"),
        (("run", "stock-ledger", "--department", "月球业务部"), "月球业务部"),
        (("run", "stock-ledger", "--period", "2025-11"), "--date"),
        (("run", "stock-ledger", "--nonsense"), "--nonsense"),
        (("template", "no-such-dataset"), "no-such-dataset"),
        (("exceptions", "explain", "17c3"), "reason"),
        (("exceptions", "explain", "ffffffff", "--reason", "x"), "ffffffff"),
        (("exceptions", "assign", "ffffffff", "--reason", "x"), "--to"),
        (("approve", "99", "--reason", "x"), "99"),
        (("reject", "99", "--reason", " "), "reason"),
        (("mail", "retry", "1", "--reason", "\udcff"), "--reason"),
        (("exceptions", "explain", "ffffffff", "--reason", "x", "--by", "\udcff"), "--by"),
    ],
)
def test_wrong_words_end_with_two_and_say_what_is_wrong(ran: Home, words: Sequence[str], says: str) -> None:
    result = _called(ran, *words)
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "words", [("run", "no-such-flow"), ("run",), ("no-such-command",), ("run", "stock-ledger", "--nonsense")]
)
def test_wrong_words_are_one_line_of_the_script(ran: Home, words: Sequence[str]) -> None:
    done = daybook(ran, *words, check=2)
    assert (done.stdout, done.stderr.count("\n"), done.stderr.startswith("daybook: ")) == ("", 1, True)


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (("run",), f"缺少 flow；可选：{KNOWN}", f"flow is missing; known are: {KNOWN}"),
        (("run", "x"), f"flow 的值不对；可选：{KNOWN}", f"the value of flow is wrong; known are: {KNOWN}"),
        (
            ("run", "stock-ledger", "--orchestratd"),
            "没有选项 --orchestratd；是否应为 --orchestrated？",
            "there is no option --orchestratd; is --orchestrated meant?",
        ),
        (("run", "stock-ledger", "--date"), "--date 后面缺少值", "--date needs a value"),
        (("run", "stock-ledger", "more"), "多出了“more”", '"more" is too much'),
        (("verify", "--debug=1"), "--debug 后面不能有值", "--debug takes no value"),
        (("exceptions", "explain"), "缺少 break_id", "break_id is missing"),
        (
            ("demo", "--days", "1"),
            "--days 的值不对；应为 2 到 60 之间的整数",
            "the value of --days is wrong; a whole number from 2 to 60 is meant",
        ),
        (
            ("approve", "x", "--reason", "y"),
            "approval 的值不对；应为整数",
            "the value of approval is wrong; a whole number is meant",
        ),
        (
            ("nonsense",),
            "没有命令“nonsense”；用 daybook --help 查看所有命令",
            'there is no command "nonsense"; daybook --help lists them',
        ),
    ],
)
def test_wrong_words_are_told_in_the_readers_language(words: Sequence[str], chinese: str, english: str) -> None:
    from flows.__main__ import app

    with pytest.raises(TyperException) as wrong:
        app(words, standalone_mode=False)
    assert [wrong_words(wrong.value, language) for language in ("zh_CN", "en")] == [chinese, english]


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ("nonsense = 1", "nonsense"),
        ("[stock_ledger]\nnear_days = -1", "near_days"),
        ("[stock_ledger]\nnear_dayz = 1", "near_dayz"),
        ("timezone = 'Mars/Olympus'", "timezone"),
        ("language = ", "daybook.toml"),
        ("stock_ledger = 3", "stock_ledger"),
        ("home = 'elsewhere'", "home"),
        ("[stock_ledger]\ncut_off = 'noonish'", "cut_off"),
        ("[stock_ledger]\nvalue_high = 'a lot'", "value_high"),
        ("[sources.x]\ndataset = 'items'\nurl = 'sqlite://'\nquery = 'gone.sql'", "gone.sql"),
        ("[sources.x]\ndataset = 'moon'\nurl = 'sqlite://'\nquery = 'u8/items.sql'", "moon"),
    ],
)
def test_wrong_configuration_ends_with_two_and_names_the_key(copied: Home, settings: str, key: str) -> None:
    (copied.folder / "daybook.toml").write_text(settings, encoding="utf-8")
    result = _called(copied, *RUN, "--json")
    assert result.exit_code == 2, result.output
    assert key in _one_line(result)
    assert result.stdout == ""


def test_a_database_that_does_not_answer_is_one_line_without_its_password(tmp_path: Path) -> None:
    home = Home(tmp_path, "postgresql+psycopg://clerk:geheim@127.0.0.1:1/daybook")
    done = daybook(home, *RUN, "--json")
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert "127.0.0.1:1" in done.stderr
    assert "geheim" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_blocked_run_ends_with_one_and_still_says_everything(copied: Home) -> None:
    result = _called(copied, "run", "stock-ledger", "--date", str(NEXT_DAY), "--json")
    assert result.exit_code == 1
    summary = json.loads(result.stdout)
    assert summary["status"] == "blocked"
    assert faults(summary, "stock-ledger", str(NEXT_DAY)) == []


def test_a_blocked_run_says_why_and_what_to_do(copied: Home) -> None:
    said = _called(copied, "run", "stock-ledger", "--date", str(NEXT_DAY)).stdout
    assert wording("en", "stock_ledger.headline.blocked", date=str(NEXT_DAY)) in said
    assert wording("en", "stock_ledger.next.erp_export", date=str(NEXT_DAY)) in said


def test_help_needs_neither_frames_nor_server_nor_database(tmp_path: Path) -> None:
    program = (
        "import sys\nsys.argv = ['daybook', '--help']\nfrom flows.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'pandas', 'prefect', 'sqlalchemy', 'numpy', 'matplotlib'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=Home(tmp_path).environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.strip() == "[]"
    for word in ("demo", "run", "import", "template", "exceptions", "approve", "reject", "verify", "serve", "status"):
        assert word in done.stdout


def test_import_reports_the_rows_of_every_dataset_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    masters(tmp_path)
    ordinary_day(tmp_path)
    first = json.loads(_called(home, "import", "--json").stdout)
    counts = {name: (one["read"], one["accepted"], one["quarantined"]) for name, one in first["rows"].items()}
    assert counts["ledger"] == (4, 3, 1)
    assert counts["erp_documents"] == (4, 4, 0)
    assert json.loads(_called(home, "import", "--json").stdout)["rows"] == {}
    # Somebody who stands in another home sees so at once.
    assert str(tmp_path / "inbox") in _called(home, "import").stdout


def test_a_run_tells_a_terminal_its_rates_as_percentages(copied: Home) -> None:
    told = _called(copied, *RUN).stdout
    assert re.search(r"\t\d+\.\d%$", told, re.MULTILINE), told


def test_status_counts_what_is_open(copied: Home) -> None:
    state = json.loads(_called(copied, "status", "--json").stdout)["stock-ledger"]
    assert state["last_run"]["period"] == str(DAY)
    assert (state["open_exceptions"], state["waiting_approvals"], state["unsent_mails"]) == (2, 0, 0)
    assert "night-audit and reservation-sweep rest until rooms are delivered" in _called(copied, "status").stdout


def test_status_counts_an_approval_under_the_flow_that_asks_and_names_what_fails(copied: Home) -> None:
    moment = now("Asia/Shanghai")
    with open_store(copied.url).writing() as connection:
        one = listed(connection, "stock-ledger", ["open"])[0]
        ask_write_off(connection, one.id, Done("write-off", "李会计", "small", moment))
        ask(connection, Question("stocktake", "DF01", one.message), Done("ask", "李会计", "counted", moment))
        failed(connection, "caretaker", "flow-failed", "the disk is full", moment)
        failed(connection, "somebody@example.test", "refused", "550", moment)
    state = json.loads(_called(copied, "status", "--json").stdout)
    asked = {flow: own["waiting_approvals"] for flow, own in state.items() if own["waiting_approvals"]}
    assert asked == {"stock-ledger": 1, "stocktake": 1}
    failing = {flow: own["failing"]["answer"] for flow, own in state.items() if own["failing"]}
    assert failing == {"caretaker": "the disk is full"}
    words = _called(copied, "status").stdout
    assert f"FAILING since {moment:%Y-%m-%d %H:%M}: the flow failed the disk is full" in words
    with inside(copied):
        line = health_line(load_settings(copied.folder), Health(server=True, reports=True, worker=False))
    assert line.endswith("waiting approvals 2, FAILING: caretaker")
    assert "server answers, reports alive, worker DEAD" in line
    assert "caretaker 失败 · caretaker fails" in overview(state, (), moment)


def test_breaks_are_explained_assigned_and_written_off_by_two_people(copied: Home) -> None:
    listed = json.loads(_called(copied, "exceptions", "list", "--json").stdout)
    first, second = (one["id"] for one in listed)
    reason = ("--reason", "供应商补单", "--by", "李会计")
    assert _called(copied, "exceptions", "explain", first[:6], *reason).exit_code == 0
    assert _called(copied, "exceptions", "assign", second, "--to", "王会计", *reason).exit_code == 0
    asked = _called(copied, "exceptions", "write-off", first, *reason)
    number = re.findall(r"approve (\d+)", asked.stdout)[0]
    shown = _called(copied, "status").stdout
    for words in (f"No. {number}: ", "asked by 李会计", f"daybook approve {number}"):
        assert words in shown
    table = _called(copied, "exceptions", "list").stdout
    assert f"waits for approval No. {number}" in table
    assert "explained by 李会计: 供应商补单" in table
    assert json.loads(_called(copied, "exceptions", "list", "--json").stdout)[0]["explanation"] == {
        "until": None,
        "who": "李会计",
        "reason": "供应商补单",
    }
    page = json.loads(_called(copied, *RUN, "--json").stdout)["reports"][0]
    assert f"daybook approve {number} --reason" in (copied.folder / page).read_text(encoding="utf-8")
    assert "王会计" in table
    assert listed[0]["refs"][0] in table
    refused = _called(copied, "approve", number, *reason)
    assert (refused.exit_code, "Traceback" in refused.stderr) == (2, False)
    assert _called(copied, "approve", number, "--reason", "同意", "--by", "钱经理").exit_code == 0
    again = json.loads(_called(copied, *RUN, "--json").stdout)
    assert {one["id"]: (one["state"], one["owner"]) for one in breaks_of(again)} == {
        first: ("written-off", "李会计"),
        second: ("open", "王会计"),
    }
    closed = json.loads(_called(copied, "exceptions", "list", "--state", "resolved", "--json").stdout)
    assert [one["id"] for one in closed] == [first]
    assert _called(copied, "verify").exit_code == 0


def test_a_rejected_write_off_stays_open(copied: Home) -> None:
    first = json.loads(_called(copied, "exceptions", "list", "--json").stdout)[0]["id"]
    _called(copied, "exceptions", "write-off", first, "--reason", "太小", "--by", "李会计")
    assert _called(copied, "reject", "1", "--reason", "先查", "--by", "钱经理").exit_code == 0
    assert len(json.loads(_called(copied, "exceptions", "list", "--json").stdout)) == 2


def test_only_configured_people_approve(copied: Home) -> None:
    (copied.folder / "daybook.toml").write_text('[stock_ledger]\nwrite_off_approvers = ["吴经理"]\n', encoding="utf-8")
    first = json.loads(_called(copied, "exceptions", "list", "--json").stdout)[0]["id"]
    _called(copied, "exceptions", "write-off", first, "--reason", "太小", "--by", "李会计")
    assert _called(copied, "approve", "1", "--reason", "同意", "--by", "钱经理").exit_code == 2
    assert _called(copied, "approve", "1", "--reason", "同意", "--by", "吴经理").exit_code == 0


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("update row_counts set accepted = accepted + 1 where id = (select max(id) from row_counts)", 1),
        ("delete from quarantined_cells", 1),
        ("delete from row_counts", 6),
        ("update breaks set state = 'resolved'", 2),
        ("update breaks set state = 'written-off'", 4),
        ("delete from break_sightings", 2),
    ],
)
def test_verify_lists_what_was_tampered_with(copied: Home, tampering: str, found: int) -> None:
    engine = create_engine(copied.url)
    with engine.begin() as connection:
        connection.execute(text("pragma ignore_check_constraints = on"))
        connection.execute(text(tampering))
    engine.dispose()
    result = _called(copied, "verify")
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) >= found, result.stderr


def test_verify_sees_a_changed_and_a_vanished_file_of_the_archive(copied: Home) -> None:
    assert _called(copied, "verify").exit_code == 0
    first, second, *_ = sorted(path for path in (copied.folder / "archive").rglob("*") if path.is_file())
    first.unlink()
    second.chmod(0o644)
    second.write_bytes(b"changed")
    result = _called(copied, "verify")
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 2


def test_a_template_can_be_filled_in_and_handed_in(tmp_path: Path) -> None:
    path = tmp_path / "out" / "sites.xlsx"
    assert _called(Home(tmp_path), "template", "sites", "--output", str(path)).exit_code == 0
    sheet = load_workbook(path).worksheets[0]
    assert "现场编码" in "".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
