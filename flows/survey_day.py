"""The work of one run of the survey in its order, arranged from settings and clock.

It stands apart from its flow because loading Prefect takes longer than a small survey's counting.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from fractions import Fraction

from config.settings import Settings, home_folder, load_settings
from config.survey_settings import MARKS, SurveySettings, TargetSettings
from config.wording import in_every_language
from flows.arranging import (
    UnableToArrange,
    arranged_receiving,
    departments_instead_of,
    readership,
    scheduled_moment,
)
from flows.forms import MONTH
from flows.posting import arranged_post
from flows.whereabouts import whereabouts
from tasks.adapters.clock import now
from tasks.adapters.run_page import run_page
from tasks.adapters.store import open_store
from tasks.desk import mark_run
from tasks.domain.keys import name_key
from tasks.intake.words import heading_key
from tasks.mail.steps import send_and_tell
from tasks.survey.answers import answer_key
from tasks.survey.cycles import cycle_before, cycle_end
from tasks.survey.policy import Policy, Target
from tasks.survey.shapes import NO_ANSWER, NOT_APPLICABLE
from tasks.survey.steps import DATASETS, FLOW, Order, carry_out, has_forms, is_done, receive, show


async def carried_out(period: str, department: str, *, mail: bool = True) -> dict[str, object]:
    """The object of `--json` of the period, after all was received, counted, reported and mailed.

    Raises UnableToArrange for what is no month and for a department that the masters do not name.
    """
    settings = load_settings(home_folder())
    order = arranged_order(settings, period, department, mail=mail)
    mark_run(f"{FLOW} {order.period} {order.department}", order.period, order.department)
    post = await arranged_post() if mail else None
    receive(order, arranged_receiving(settings))
    summary = carry_out(order)
    if post:
        summary = send_and_tell(post, summary)
    show(summary, run_page(summary, order.languages[0], whereabouts(settings.home).reports))
    return summary


def arranged_order(settings: Settings, period: str, department: str, *, mail: bool) -> Order:
    """Where the books lie, by which policy they are judged and who is told; without a period it is the one under way.

    While a period lasts it is judged as of today, one that is over or lies ahead as of its last day.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    if period and not MONTH.fullmatch(period):
        raise UnableToArrange(in_every_language("cli.error.period", value=period))
    known = departments_instead_of(settings, department)
    if known:
        raise UnableToArrange(in_every_language("cli.error.department", value=department, known=", ".join(known)))
    policy = arranged_policy(settings.survey)
    today = scheduled_moment(settings).date()
    last = cycle_end(dt.date.fromisoformat(f"{period}-01") if period else today, policy.cycle)
    lasts = cycle_end(today, policy.cycle) == last
    return Order(
        home=settings.home,
        database_url=settings.database_url,
        policy=policy,
        readership=readership(settings, FLOW),
        languages=settings.report_languages,
        last=last,
        date=today if lasts else last,
        known_on=max(today, last) if not lasts else today,
        clock=functools.partial(now, settings.timezone),
        department=department,
        mail=mail,
        mail_departments=settings.survey.mail_departments,
    )


def arranged_policy(own: SurveySettings) -> Policy:
    """The choices of the house as the survey knows them."""
    target = _target(own.target, Target(minimum=own.minimum))
    return Policy(
        answers=_answers(own),
        renames={heading_key(older): present for older, present in own.renames.items()},
        groups={name: tuple(heading_key(one) for one in questions) for name, questions in own.groups.items()},
        asides=frozenset(heading_key(heading) for heading in own.asides),
        target=target,
        targets={name_key(name): _target(one, target) for name, one in own.targets.items()},
        cycle=own.cycle,
        minimum=own.minimum,
        small=own.small,
        complaint_at=own.complaint_at,
        handled_by={**own.handled_by, **{heading_key(name): one for name, one in own.handled_by.items()}},
        complaint_days=own.complaint_days,
        followup_days=own.followup_days,
        action_days=own.action_days,
        always_open=own.open == "always",
        trend_periods=own.trend_periods,
        stop_words=frozenset(own.stop_words),
        words_shown=own.words_shown,
        listed_only=own.questions == "listed",
    )


def _answers(own: SurveySettings) -> Mapping[str, int]:
    known = {mark: int(mark) for mark in MARKS}
    lists: list[tuple[Iterable[str], int]] = [(words, int(mark)) for mark, words in own.scale.items()]
    lists += [(own.no_answer, NO_ANSWER), (own.not_applicable, NOT_APPLICABLE)]
    known |= {answer_key(word): code for words, code in lists for word in words}
    return known | {answer_key(word): known[answer_key(meant)] for word, meant in own.synonyms.items()}


def _target(own: TargetSettings, other: Target) -> Target:
    """What one department has to reach; what it does not name is as with the `other`."""
    return Target(
        satisfaction=other.satisfaction if own.satisfaction is None else Fraction(own.satisfaction),
        response_rate=other.response_rate if own.response_rate is None else Fraction(own.response_rate),
        minimum=other.minimum if own.minimum is None else own.minimum,
    )


def keeps_survey() -> bool:
    """Whether this home asks its customers: something of a survey was delivered, waits, or comes from a source."""
    settings = load_settings(home_folder())
    known = {one.dataset for one in settings.sources.values()}
    for dataset in DATASETS:
        if dataset in known or any((settings.home / "inbox" / dataset).glob("[!.]*")):
            return True
    settings.home.mkdir(parents=True, exist_ok=True)
    with open_store(settings.database_url).reading() as connection:
        return has_forms(connection)


def period_left() -> str:
    """The period before the one under way, where it was not done since it ended; "" where it was."""
    settings = load_settings(home_folder())
    cycle = settings.survey.cycle
    end = cycle_before(cycle_end(scheduled_moment(settings).date(), cycle), cycle)
    with open_store(settings.database_url).reading() as connection:
        return "" if is_done(connection, end) else f"{end:%Y-%m}"
