"""Draws the month's statements of account, sends them to both sides and keeps what each side answers (spec 02)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, insert, select

from tasks.adapters.report_files import write_copy, write_pages, write_reports
from tasks.adapters.store import Store, exclusive, open_store
from tasks.domain.breaks import ALIVE, Break
from tasks.domain.file_names import file_name
from tasks.domain.message import Message, message
from tasks.domain.places import active_sites, by_department
from tasks.domain.recipient import Recipient
from tasks.domain.report import Report, figure_values
from tasks.domain.telling import names_of
from tasks.intake.tables import on_hand
from tasks.mail.addressing import mailboxes
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import mail_objects, queue_reports
from tasks.register.breaks import UnableToAct, listed, record
from tasks.register.exceptions import exception_of, exception_rows
from tasks.register.runs import Run, record_run
from tasks.stocktake.agreement import (
    Confirmation,
    agreement_findings,
    by_warehouse,
    statement,
)
from tasks.stocktake.agreement_report import (
    AgreementFacts,
    agreement_report,
    of_sites,
    site_statement,
)
from tasks.stocktake.shapes import empty
from tasks.stocktake.steps.answering import refused_answers
from tasks.stocktake.steps.carrying import refused
from tasks.stocktake.steps.gathering import audited_movements, frozen, masters
from tasks.stocktake.steps.mailing import mailboxes_of
from tasks.stocktake.steps.ordering import AGREEMENT, Order, Summary
from tasks.stocktake.tables import agreement_answers, agreements
from tasks.stocktake.told import told_breaks

STOCK = "stock-ledger"
_ONE_DAY = dt.timedelta(days=1)
_FIGURES = ("opening", "in", "out", "closing")
# Tells the statement of a site from the report of a department with the same name.
_SITE = "site:"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side says to the statement of a site: whether it agrees, who says so and why."""

    period: dt.date
    site: str
    side: str
    agrees: bool
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What was kept of a run, from which its papers are made."""

    facts: AgreementFacts
    reports: Mapping[str, Report]
    summary: Summary


def stated_accounts(order: Order, period: dt.date) -> Summary:
    """The object of `--json` of the statements of the month that ends with `period`, as far as the month is over.

    A statement whose figures are those of the last one is that one, with the answers that it has.
    """
    store = open_store(order.database_url)
    with store.writing() as connection:
        exclusive(connection, AGREEMENT)
        if connection.execute(select(on_hand.c.item_key).limit(1)).first() is None:
            no_stock = refused(order, f"{period:%Y-%m}", message("stocktake.agreement.no_stock"))
            return no_stock | {"flow": AGREEMENT}
        drawn = _drawn(connection, order, period)
    _write(order, drawn)
    return drawn.summary


def keep_answer(store: Store, answer: Answer, now: dt.datetime) -> None:
    """Keeps what a side says to the newest statement of the site; raises UnableToAct where there is none."""
    with store.writing() as connection:
        exclusive(connection, AGREEMENT)
        own = (agreements.c.period == answer.period) & (agreements.c.site == answer.site)
        newest = select(agreements.c.id).where(own).order_by(agreements.c.id.desc()).limit(1)
        number = connection.execute(newest).scalar()
        if number is None:
            month = f"{answer.period:%Y-%m}"
            raise UnableToAct(message("stocktake.agreement.no_site", site=answer.site, period=month))
        said = {"side": answer.side, "agrees": answer.agrees, "who": answer.who, "reason": answer.reason, "at": now}
        connection.execute(insert(agreement_answers).values(agreement_id=number, **said))


def _drawn(connection: Connection, order: Order, period: dt.date) -> _Drawn:
    started = order.clock()
    days = (period.replace(day=1), max(min(period, order.today - _ONE_DAY), period.replace(day=1)))
    known = masters(connection)
    sites = active_sites(known["sites"], days[1])[["site", "site_name", "department"]].sort_values("site")
    statements = _statements(connection, known, sites, days)
    said = _confirmations(connection, period, statements, started)
    findings = agreement_findings(sites["site"].tolist(), said, period)
    names = names_of(known, empty("variances"))
    fresh = told_breaks(findings, names, order.policy.department_limit, period)
    facts = AgreementFacts(
        period=f"{period:%Y-%m}",
        days=(days[0].isoformat(), days[1].isoformat()),
        sites=sites.reset_index(drop=True),
        statements=statements,
        confirmations=said,
        daily=tuple(one for one in listed(connection, STOCK, sorted(ALIVE)) if one.date <= days[1]),
        breaks=record(connection, AGREEMENT, period, fresh),
    )
    reports = _reports(facts, refused_answers(connection, AGREEMENT, period))
    mails = _mailed(connection, order, facts, reports, started)
    summary = _summary(facts, order, mails)
    figures = summary["figures"]
    assert isinstance(figures, dict)
    record_run(connection, Run(AGREEMENT, period, "completed", started, order.clock(), figures))
    return _Drawn(facts, reports, summary)


def _statements(
    connection: Connection, known: dict[str, pd.DataFrame], sites: pd.DataFrame, days: tuple[dt.date, dt.date]
) -> pd.DataFrame:
    """One row a warehouse of the sites: who it belongs to, its items, and each figure with its worth in cents."""
    stores = by_department(known["warehouses"], known["sites"])
    stores = stores[stores["site"].isin(sites["site"])]
    keys = stores["warehouse_key"].tolist()
    stock, _ = frozen(connection, known, keys, days[0] - _ONE_DAY)
    opening = stock.rename(columns={"frozen": "quantity"})[["warehouse_key", "item_key", "quantity"]]
    rows = statement(opening, audited_movements(connection, known, keys, days), days)
    priced = known["items"].dropna(subset=["unit_price"])
    prices = {key: int(price) for key, price in zip(priced["item_key"], priced["unit_price"], strict=True)}
    sums = by_warehouse(rows, prices).rename(columns={name: f"{name}_sum" for name in _FIGURES})
    table = stores[["site", "department", "warehouse_key", "warehouse", "warehouse_name"]].merge(
        sums, on="warehouse_key", how="left"
    )
    numbers = [name for name in sums.columns if name != "warehouse_key"]
    table[numbers] = table[numbers].astype("Int64").fillna(0).astype("int64")
    return table.sort_values(["site", "warehouse"], ignore_index=True)


def _confirmations(
    connection: Connection, period: dt.date, statements: pd.DataFrame, now: dt.datetime
) -> tuple[Confirmation, ...]:
    """What each side last said to the statements as they are now; a new figure is a new statement without answers."""
    said: list[Confirmation] = []
    for site, rows in statements.groupby("site", sort=True):
        text = json.dumps(rows.astype("str").to_dict("records"), ensure_ascii=False, sort_keys=True)
        number = _kept_statement(connection, period, (str(site), str(rows["department"].iloc[0]), text), now)
        own = select(agreement_answers).where(agreement_answers.c.agreement_id == number)
        last = {row.side: row for row in connection.execute(own.order_by(agreement_answers.c.id))}
        said += [Confirmation(str(site), side, row.agrees, row.who, row.reason) for side, row in sorted(last.items())]
    return tuple(said)


def _kept_statement(connection: Connection, period: dt.date, stated: tuple[str, str, str], now: dt.datetime) -> int:
    site, department, text = stated
    digest = sha256(text.encode()).hexdigest()
    own = (agreements.c.period == period) & (agreements.c.site == site)
    known = connection.execute(select(agreements.c.id).where(own, agreements.c.digest == digest)).scalar()
    if known is not None:
        return int(known)
    row = {"period": period, "site": site, "department": department, "digest": digest, "statement": text}
    made = insert(agreements).values(**row, stated_at=now).returning(agreements.c.id)
    return int(connection.execute(made).scalar_one())


def _reports(facts: AgreementFacts, notes: Sequence[Message]) -> dict[str, Report]:
    """The report over all with `notes` under "", each department's by name, each site's page by `site:` and code."""
    reports = {"": agreement_report(facts, "", notes)}
    for name, sites in facts.sites.groupby("department", sort=True):
        reports[str(name)] = agreement_report(of_sites(facts, sites), str(name))
    for site, name in zip(facts.sites["site"], facts.sites["site_name"], strict=True):
        own = of_sites(facts, facts.sites[facts.sites["site"] == site])
        reports[_SITE + site] = site_statement(own, site, name)
    return reports


def _mailed(
    connection: Connection, order: Order, facts: AgreementFacts, reports: Mapping[str, Report], now: dt.datetime
) -> tuple[OutboxMail, ...]:
    if not order.mail:
        return ()
    boxes = mailboxes_of(connection)
    named = {name: boxes.departments.get(name, "") for name in reports if order.mail_departments}
    named |= {_SITE + site: boxes.sites.get(site, "") for site in facts.sites["site"] if order.mail_sites}
    language = order.readership.language
    readers = [
        Recipient(address, "", language, (name,)) for name, box in named.items() for address in mailboxes(box)[0]
    ]
    readership = replace(order.readership, recipients=(*order.readership.recipients, *readers))
    queued = queue_reports(connection, reports, readership, lambda name: _folder(facts, name).as_posix(), now)
    return tuple(one for mails in queued.values() for one in mails)


def _summary(facts: AgreementFacts, order: Order, mails: Sequence[OutboxMail]) -> Summary:
    pages = [(_folder(facts, "") / f"{stem}.html").as_posix() for stem in _stems(order.languages).values()]
    pages += [_page(facts, site).as_posix() for site in facts.sites["site"]]
    return {
        "flow": AGREEMENT,
        "period": facts.period,
        "status": "completed",
        "rows": {},
        "figures": dict(figure_values(agreement_report(facts, "").figures)),
        "exceptions": [_exception(one, facts, order) for one in facts.breaks],
        "reports": pages,
        "mails": mail_objects(mails),
    }


def _exception(one: Break, facts: AgreementFacts, order: Order) -> dict[str, object]:
    return exception_of(one, dt.date.fromisoformat(facts.days[1]), order.languages[0])


def _write(order: Order, drawn: _Drawn) -> None:
    """Writes the report over all, each department's, and each site's statement to sign."""
    facts = drawn.facts
    for name, report in drawn.reports.items():
        if name.startswith(_SITE):
            site = name.removeprefix(_SITE)
            write_pages({order.home / _page(facts, site): report}, order.languages[0])
            continue
        folder = order.home / _folder(facts, name)
        write_reports(folder, AGREEMENT, report, order.languages[0], drawn.summary, exception_rows(drawn.summary))
        for language, stem in list(_stems(order.languages).items())[1:]:
            write_copy(folder, stem, report, language)


def _folder(facts: AgreementFacts, name: str) -> Path:
    own = Path("reports", AGREEMENT, facts.period)
    if not name:
        return own
    return own / "sites" if name.startswith(_SITE) else own / "departments" / file_name(name)


def _page(facts: AgreementFacts, site: str) -> Path:
    return _folder(facts, _SITE) / f"{file_name(site)}.html"


def _stems(languages: Sequence[str]) -> dict[str, str]:
    return {language: AGREEMENT if language == languages[0] else f"{AGREEMENT}.{language}" for language in languages}
