"""The one mail that tells the owner of a streak of failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tasks.adapters.speech import spoken
from tasks.domain.message import Message, message
from tasks.domain.report import Report
from tasks.domain.report_json import report_to_json
from tasks.mail.outbox import NewMail
from tasks.mail.streaks import ALERT_FLOW, LOGIN, OF_FLOWS, OF_SERVICE, SERVER, Streak


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is told when mail cannot be sent, in which language and time zone; an empty address is nobody."""

    address: str
    language: str
    zone: ZoneInfo

    def told_of(self, streaks: Sequence[Streak]) -> NewMail | None:
        """The mail about `streaks`, which is another one for every streak; None without an owner."""
        if not self.address or not streaks:
            return None
        report = _report(streaks, self.zone)
        subject = message("mail.subject", title=report.title, subtitle=report.subtitle, headline=report.headline)
        return NewMail(
            flow=ALERT_FLOW,
            period=report.period,
            report="",
            recipient=self.address,
            recipient_name="",
            language=self.language,
            subject=" ".join(spoken(subject, self.language).split()),
            content=report_to_json(report),
        )


def _report(streaks: Sequence[Streak], zone: ZoneInfo) -> Report:
    began = min(one.since for one in streaks).astimezone(zone)
    reasons = list(dict.fromkeys(one.reason for one in streaks))
    return Report(
        flow=ALERT_FLOW,
        period=began.date().isoformat(),
        audience="",
        title=_title(streaks),
        subtitle=message("mail_dispatch.subtitle", since=f"{began:%Y-%m-%d %H:%M}"),
        status="blocked",
        headline=message(f"mail_dispatch.headline.{reasons[0]}"),
        figures=(),
        charts=(),
        tables=(),
        next_steps=tuple(message(f"mail_dispatch.next.{reason}") for reason in reasons),
        notes=tuple(_note(one, zone) for one in streaks),
        definitions=(message("mail_dispatch.definition.once"),),
    )


def _title(streaks: Sequence[Streak]) -> Message:
    """What fails by name, where it is no matter of mails."""
    subjects = ", ".join(dict.fromkeys(one.subject for one in streaks))
    if all(one.reason in OF_FLOWS for one in streaks):
        return message("mail_dispatch.title_flow", flows=subjects)
    if all(one.reason in OF_SERVICE for one in streaks):
        return message("mail_dispatch.title_service", parts=subjects)
    others = [one.reason in OF_FLOWS + OF_SERVICE for one in streaks]
    return message("mail_dispatch.title_several", what=subjects) if all(others) else message("mail_dispatch.title")


def _note(one: Streak, zone: ZoneInfo) -> Message:
    whom = message(f"mail.subject.{one.subject}") if one.subject in (SERVER, LOGIN) else one.subject
    return message(
        "mail_dispatch.streak",
        subject=whom,
        since=f"{one.since.astimezone(zone):%Y-%m-%d %H:%M}",
        reason=message(f"mail.outcome.{one.reason}"),
        answer=one.answer,
        id=one.id,
    )
