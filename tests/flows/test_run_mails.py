"""The mails of a run: who gets which report, once, as a file or by a real mail server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from typer.testing import CliRunner

from flows.__main__ import app
from tests.flows.company import COAST, DAY, INLAND, masters, ordinary_day, save
from tests.flows.conftest import NewHome
from tests.flows.running import Home, called, inside, run_day
from tests.mail.post import Post, serving

MANAGER, CLERK, GUEST = "manager@company.cn", "clerk@company.cn", "guest@company.com"
READERS = f"""
[[recipients]]
name = "总经理"
address = "{MANAGER}"
flows = ["stock-ledger"]

[[recipients]]
address = "{CLERK}"
flows = ["stock-ledger"]
departments = ["{COAST}"]

[[recipients]]
name = "Auditor, Ltd."
address = "{GUEST}"
language = "en"
flows = ["stock-ledger"]
departments = ["{COAST}", "{INLAND}", "南方业务部"]
"""


def _company(home: Home, settings: str) -> Home:
    masters(home.folder)
    ordinary_day(home.folder)
    (home.folder / "daybook.toml").write_text(settings, encoding="utf-8")
    return home


def _filed(home: Home) -> list[EmailMessage]:
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((home.folder / "outbox").glob("*.eml"))
    ]


def _said(home: Home, *words: str) -> str:
    """What the command says, called in this process."""
    with inside(home):
        done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def _told(summary: Mapping[str, object]) -> list[tuple[str, str]]:
    mails = summary["mails"]
    assert isinstance(mails, list)
    return [(one["to"][0], one["state"]) for one in mails]


def _kept(home: Home, *below: str) -> list[tuple[str, str]]:
    path = home.folder.joinpath("reports", "stock-ledger", str(DAY), *below, "summary.json")
    return _told(json.loads(path.read_text(encoding="utf-8")))


def test_without_a_server_every_reader_has_a_file_once(sqlite_home: NewHome) -> None:
    home = _company(sqlite_home(), READERS)
    expected = [(MANAGER, "sent"), (CLERK, "sent"), (GUEST, "sent"), (GUEST, "sent")]
    first = run_day(home, DAY)
    assert sorted(_told(first)) == sorted(expected)
    assert run_day(home, DAY) == first
    mails = _filed(home)
    assert sorted((str(one["To"]), COAST in str(one["Subject"]), INLAND in str(one["Subject"])) for one in mails) == [
        ('"Auditor, Ltd." <guest@company.com>', False, True),
        ('"Auditor, Ltd." <guest@company.com>', True, False),
        (CLERK, True, False),
        (f"总经理 <{MANAGER}>", False, False),
    ]
    assert _kept(home) == _told(first)
    assert sorted(_kept(home, "departments", COAST)) == sorted([(CLERK, "sent"), (GUEST, "sent")])


def test_a_department_reader_sees_nothing_of_another_department(sqlite_home: NewHome) -> None:
    home = _company(sqlite_home(), READERS)
    run_day(home, DAY)
    (mail,) = [one for one in _filed(home) if one["To"] == CLERK]
    said = "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
    assert "DF01" in said
    assert "YC01" not in said
    assert INLAND not in said


def test_the_mailboxes_of_the_masters_get_what_concerns_them(sqlite_home: NewHome) -> None:
    home = _company(sqlite_home(), "")
    mailboxes = [("业务部", "邮箱"), (COAST, "coast@company.cn；boss@company.cn"), (INLAND, "ask Wang")]
    save(home.folder, "departments", "mailboxes.csv", mailboxes)
    sites = [("现场编码", "现场名称", "业务部", "邮箱"), ("DF02", "DF02现场", COAST, "df02@company.cn")]
    sites += [("YC01", "YC01现场", "南方业务部", "")]
    save(home.folder, "sites", "sites_with_mailboxes.csv", sites)
    told = run_day(home, DAY)
    assert sorted(_told(told)) == [(f"{name}@company.cn", "sent") for name in ("boss", "coast", "df02")]
    (mail,) = [one for one in _filed(home) if one["To"] == "df02@company.cn"]
    assert "DF02" in mail["Subject"]
    page = home.folder.joinpath("reports", "stock-ledger", str(DAY), "stock-ledger.txt").read_text(encoding="utf-8")
    assert "Wang" in page
    assert "业务部“南方业务部”不在业务部档案中" in page


def test_a_run_for_one_department_mails_its_readers_alone(sqlite_home: NewHome) -> None:
    home = _company(sqlite_home(), READERS)
    assert _told(run_day(home, DAY, INLAND)) == [(GUEST, "sent")]


def test_no_mail_leaves_the_outbox_as_it_is_and_a_later_run_fills_it(sqlite_home: NewHome) -> None:
    home = _company(sqlite_home(), READERS)
    quiet = json.loads(_said(home, "run", "stock-ledger", "--date", str(DAY), "--json", "--no-mail"))
    assert quiet["mails"] == []
    assert not (home.folder / "outbox").exists()
    assert len(_told(run_day(home, DAY))) == 4


def test_a_server_gets_each_mail_once_and_what_it_puts_off_is_sent_later(sqlite_home: NewHome) -> None:
    with serving(Post(does={CLERK: ["rcpt 451"], GUEST: ["rcpt 550", "rcpt 550"]})) as post:
        home = _company(sqlite_home(), f'[mail]\nhost = "127.0.0.1"\nport = {post.port}\ntls = "none"\n{READERS}')
        first = run_day(home, DAY)
        assert sorted(_told(first)) == sorted(
            [(MANAGER, "sent"), (CLERK, "queued"), (GUEST, "failed"), (GUEST, "failed")]
        )
        assert post.times() == {MANAGER: 1}
        listed = json.loads(_said(home, "mail", "list", "--json"))
        assert {(one["to"], one["state"], one["code"]) for one in listed} == {
            (CLERK, "queued", 451),
            (GUEST, "failed", 550),
        }
        (again,) = [one["next_attempt_at"] for one in listed if one["state"] == "queued"]
        assert again.endswith("+08:00")
        assert f"{again[:10]} {again[11:16]}\n" in _said(home, "mail", "list")
        status = json.loads(_said(home, "status", "--json"))
        assert status["stock-ledger"]["unsent_mails"] == 3
        _said(home, "mail", "retry", "--all", "--by", "ops", "--reason", "address mended")
        _said(home, "mail", "retry", *(str(one["id"]) for one in listed if one["to"] == CLERK))
        _said(home, "mail", "send")
        assert post.times() == {MANAGER: 1, CLERK: 1, GUEST: 2}
        assert {state for _, state in _told(run_day(home, DAY))} == {"sent"}
        assert post.times() == {MANAGER: 1, CLERK: 1, GUEST: 2}
        assert json.loads(_said(home, "mail", "list", "--json")) == []


def test_a_login_without_a_password_is_said_before_anything_is_done(sqlite_home: NewHome) -> None:
    home = _company(sqlite_home(), f'[mail]\nhost = "127.0.0.1"\nuser = "daybook"\n{READERS}')
    done = called(home, "run", "stock-ledger", "--date", str(DAY), check=2)
    assert "DAYBOOK_SMTP_PASSWORD" in done.stderr
    assert done.stderr.count("\n") <= 2
    assert not Path(home.folder, "reports").exists()
