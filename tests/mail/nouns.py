"""Mails to put in an outbox, at a moment of their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tasks.mail.outbox import NewMail

NOW = dt.datetime(2026, 11, 20, 21, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
MINUTE = dt.timedelta(minutes=1)
DOMAIN = "daybook.example"


def new_mail(recipient: str = "wang@example.test", **changed: str) -> NewMail:
    """An ordinary mail to `recipient`."""
    ordinary = NewMail(
        flow="stock-ledger",
        period="2026-11-20",
        report="",
        recipient=recipient,
        recipient_name="王",
        language="zh_CN",
        subject="流水账核对",
        content='{"title": "流水账"}',
        lies_at="reports/stock-ledger/2026-11-20",
    )
    return replace(ordinary, **changed)
