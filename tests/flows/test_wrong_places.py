"""What the command line says where a folder, a file or a database cannot be used: one line, and nothing is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.command_line import report_error
from tests.flows.running import Home, inside

RUN = ("run", "stock-ledger", "--date", "2026-11-20")
LOOKING = [
    ("status",),
    ("verify",),
    ("exceptions", "list"),
    ("exceptions", "explain", "17c3", "--reason", "x"),
    ("mail", "list"),
    ("mail", "send"),
    ("mail", "retry", "1"),
    ("approve", "1", "--reason", "x"),
    ("reject", "1", "--reason", "x"),
]


def _called(home: Home, *words: str, **more: str) -> Result:
    from flows.__main__ import app

    with inside(home, more):
        return CliRunner().invoke(app, list(words), catch_exceptions=False)


def _said(result: Result, status: int) -> str:
    """The one line that a command said when it ended so."""
    assert result.exit_code == status, result.output
    assert result.stdout == ""
    lines = [line for line in result.stderr.splitlines() if line.startswith("daybook: ")]
    assert len(lines) == 1
    assert lines == result.stderr.splitlines()[-1:]
    return lines[0]


def _a_file(at: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text("no folder and no database at all", encoding="utf-8")


@pytest.mark.parametrize("words", LOOKING, ids=lambda words: " ".join(words[:2]))
def test_a_mistyped_home_is_said_and_not_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    home = tmp_path / "hmoe"
    assert f"{home}: no Daybook home is here" in _said(_called(Home(home), *words), 2)
    assert not home.exists()


def test_an_empty_database_file_is_no_database_whose_invariants_hold(tmp_path: Path) -> None:
    (tmp_path / "daybook.db").touch()
    assert "no Daybook home is here" in _said(_called(Home(tmp_path), "verify"), 2)
    assert [path.name for path in tmp_path.iterdir()] == ["daybook.db"]
    assert (tmp_path / "daybook.db").stat().st_size == 0


@pytest.mark.postgres
def test_a_database_on_a_server_that_holds_nothing_of_ours_is_no_home(tmp_path: Path, postgres_url: str) -> None:
    assert "no Daybook home is here" in _said(_called(Home(tmp_path, postgres_url), "status"), 2)


@pytest.mark.parametrize(
    ("wrong", "words", "status", "says"),
    [
        ("", RUN, 1, "a file stands where a folder is needed"),
        ("", ("import",), 1, "a file stands where a folder is needed"),
        ("", ("serve",), 1, "a file stands where a folder is needed"),
        ("", ("demo", "--direct"), 1, "a file stands where a folder is needed"),
        ("inbox/ledger", ("import",), 1, "inbox/ledger: a file stands where a folder is needed"),
        ("reports", RUN, 1, "a file stands where a folder is needed"),
        ("daybook.db", ("import",), 1, "daybook.db: the file is no database or is damaged"),
        ("daybook.db", ("verify",), 1, "daybook.db: the file is no database or is damaged"),
        ("daybook.toml", ("import",), 2, "daybook.toml: it is not written as TOML; see line 1, column 4"),
    ],
)
def test_a_file_in_the_wrong_place_is_one_line_that_names_it(
    tmp_path: Path, wrong: str, words: tuple[str, ...], status: int, says: str
) -> None:
    home = Home(tmp_path / "home")
    _a_file(home.folder / wrong if wrong else home.folder)
    line = _said(_called(home, *words), status)
    assert says in line
    assert str(home.folder / wrong).rstrip("/") in line


@pytest.mark.parametrize(
    ("home", "words", "status", "says"),
    [
        ("/proc/daybook", RUN, 1, "/proc/daybook: there is no such place"),
        ("ok", ("template", "ledger", "-o", "."), 1, "a folder stands where a file is needed"),
        ("ok", ("template", "ledger", "-o", "/proc/x.xlsx"), 1, "/proc/x.xlsx: there is no such place"),
        ("ok", ("template", "ledger", "--language", "fr"), 2, 'there is no language "fr"; known are: zh_CN, en'),
    ],
)
def test_a_place_that_cannot_be_written_is_one_line(
    tmp_path: Path, home: str, words: tuple[str, ...], status: int, says: str
) -> None:
    assert says in _said(_called(Home(tmp_path / home), *words), status)


def test_a_settings_file_that_is_a_folder_is_wrong_configuration(tmp_path: Path) -> None:
    (tmp_path / "daybook.toml").mkdir()
    assert "daybook.toml: it cannot be read" in _said(_called(Home(tmp_path), "import"), 2)


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("nonsense", 2, "DAYBOOK_DATABASE_URL"),
        ("postgresql://clerk@127.0.0.1:port/daybook", 2, "DAYBOOK_DATABASE_URL"),
        ("mysql://clerk@127.0.0.1/daybook", 2, "only SQLite and PostgreSQL"),
        ("postgresql://clerk@127.0.0.1:1/daybook", 1, "no server answers"),
    ],
)
def test_a_wrong_address_of_the_database_is_configuration_and_a_silent_one_is_not(
    tmp_path: Path, url: str, status: int, says: str
) -> None:
    assert says in _said(_called(Home(tmp_path, url), "import"), status)


@pytest.mark.parametrize("words", [("import",), ("template", "ledger", "-o", "ledger.xlsx")])
def test_a_new_home_has_an_inbox_for_each_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _called(Home(tmp_path / "home"), *words).exit_code == 0
    made = {path.name for path in (tmp_path / "home" / "inbox").iterdir()}
    assert {"sites", "warehouses", "departments", "items", "erp_documents", "ledger"} <= made


def test_a_chinese_terminal_is_told_in_chinese(tmp_path: Path) -> None:
    def said(**more: str) -> str:
        return _said(_called(Home(tmp_path), "status", DAYBOOK_LANGUAGE="", LC_ALL="", **more), 2)

    assert "这里没有流水账的数据" in said(LANG="zh_CN.UTF-8")
    assert "no Daybook home is here" in said(LANG="en_GB.UTF-8")


@pytest.mark.parametrize("bug", [KeyError("nothing"), OSError("no place is named")], ids=repr)
def test_a_fault_of_the_program_still_shows_itself(bug: Exception) -> None:
    with pytest.raises(type(bug)), report_error(debug=False):
        raise bug
