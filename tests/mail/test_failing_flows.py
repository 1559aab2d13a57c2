from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tasks.adapters.speech import spoken
from tasks.domain.report_json import report_from_json
from tasks.mail.steps.alerting import Owner
from tasks.mail.streaks import Streak

SINCE = dt.datetime(2026, 11, 20, 13, 30, tzinfo=dt.UTC)


def streak(subject: str, reason: str) -> Streak:
    return Streak(1, subject, reason, "the disk is full", 1, SINCE, None)


@pytest.mark.parametrize(("language", "title"), [("zh_CN", "流程运行失败"), ("en", "A flow fails")])
@pytest.mark.parametrize("reason", ["flow-failed", "flow-given-up"])
def test_the_owner_reads_which_flow_fails_and_why(reason: str, language: str, title: str) -> None:
    mail = Owner("ops@example.com", language, ZoneInfo("Asia/Shanghai")).told_of([streak("stock-ledger", reason)])
    assert mail is not None
    assert title in mail.subject
    assert "stock-ledger" in mail.subject
    report = report_from_json(mail.content)
    assert len(report.next_steps) == 1
    assert "the disk is full" in spoken(report.notes[0], language)


def test_a_flow_and_the_mail_server_are_told_of_in_one_mail() -> None:
    owner = Owner("ops@example.com", "en", ZoneInfo("Asia/Shanghai"))
    mail = owner.told_of([streak("server", "unreachable"), streak("stock-ledger", "flow-failed")])
    assert mail is not None
    assert mail.subject.startswith("Mail cannot be delivered")
    assert len(report_from_json(mail.content).next_steps) == 2
