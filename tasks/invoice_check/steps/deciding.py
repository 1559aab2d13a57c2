"""What people decide about single invoices, receipts and entries: kept for ever, replayed in each run, withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from tasks.adapters.store import exclusive
from tasks.domain.keys import code_key
from tasks.domain.message import Message, message
from tasks.domain.shaping import empty
from tasks.invoice_check.decisions import identity_of, standing
from tasks.invoice_check.documents import documents_of
from tasks.invoice_check.judging import short_names
from tasks.invoice_check.material import Material
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.shapes import DOCUMENTS
from tasks.invoice_check.steps.gathering import gather, kept_decisions
from tasks.invoice_check.steps.ordering import FLOW
from tasks.invoice_check.tables import invoice_decisions
from tasks.register.breaks import NAME_CHARACTERS_MAX

ACTS = ("match", "unmatch", "ignore")
_NAMED_MAX = 5
_DAYS = ("decided_on", "until", "withdrawn_on")


class UnableToDecide(Exception):
    """What was asked cannot be decided; `.message` is one line for people."""

    def __init__(self, why: Message) -> None:
        """Keep `why` for the reader's language."""
        super().__init__(why.key)
        self.message = why


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides: the act, the names as people write them, who answers for it, why, and until when."""

    act: str
    names: tuple[str, ...]
    owner: str
    reason: str
    until: dt.date | None = None


def decide(connection: Connection, wanted: Decision, policy: Policy, accounts: Sequence[str], at: dt.datetime) -> int:
    """The number of the decision, now kept. It counts from the next run on, as long as what it stands on is the same.

    A name is an invoice's number (with its code or kind before it where that is not enough), a receipt's number, a
    voucher's, or a reference as reports show it. Raises UnableToDecide for one that means nothing or several rows.
    """
    exclusive(connection, FLOW)
    _check(wanted.owner, wanted.reason)
    day = at.date()
    material = gather(connection, day, accounts)
    known = _names_of(material, policy)
    found = [_found(known, name) for name in wanted.names]
    documents = [name for side, name in found if side == "document"]
    others = [name for side, name in found if side == "other"]
    if not found or (wanted.act != "ignore" and not (documents and others)):
        raise UnableToDecide(message("invoice_check.decide.two_sides", act=message(f"invoice_check.act.{wanted.act}")))
    sources = identity_of([*documents, *others], _contents(material, policy))
    row = {
        "act": wanted.act,
        "documents": " ".join(dict.fromkeys(documents)),
        "others": " ".join(dict.fromkeys(others)),
        "owner": wanted.owner.strip(),
        "reason": wanted.reason.strip(),
        "sources": sources,
        "decided_on": day,
        "until": wanted.until,
        "made_at": at,
    }
    done = connection.execute(insert(invoice_decisions).values(row).returning(invoice_decisions.c.decision))
    return int(done.scalar_one())


def withdraw(connection: Connection, decision: int, owner: str, reason: str, at: dt.datetime) -> None:
    """Withdraws a decision; it stays with who made it and who took it back. Raises UnableToDecide where none stands."""
    exclusive(connection, FLOW)
    _check(owner, reason)
    own = invoice_decisions.c
    stands = (own.decision == decision) & own.withdrawn_on.is_(None)
    values = {"withdrawn_on": at.date(), "withdrawn_by": owner.strip(), "withdrawn_for": reason.strip()}
    if not connection.execute(update(invoice_decisions).where(stands).values(values)).rowcount:
        raise UnableToDecide(message("invoice_check.decide.no_decision", decision=decision))


def listed_decisions(
    connection: Connection, policy: Policy, accounts: Sequence[str], today: dt.date
) -> list[dict[str, object]]:
    """Every decision, the newest first, as an object; its `state` says whether it counts.

    counts, superseded (by a later one on the same rows), expired, changed or gone (what it stands on), withdrawn.
    `names` are what people call its invoices, receipts and vouchers.
    """
    material = gather(connection, today, accounts)
    contents = _contents(material, policy)
    stand = standing(kept_decisions(connection), contents, today)
    states: dict[int, str] = dict.fromkeys(stand.counts["decision"].tolist(), "counts")
    states |= dict(zip(stand.reopened["decision"].tolist(), stand.reopened["why"].tolist(), strict=True))
    called = short_names(contents.get("documents", empty(DOCUMENTS)), material.receipts, material.entries)
    found = []
    for row in connection.execute(select(invoice_decisions).order_by(invoice_decisions.c.decision.desc())).mappings():
        one = {name: row[name] for name in row if name not in ("made_at", "sources")}
        days = {name: row[name].isoformat() if row[name] else None for name in _DAYS}
        names = [called.get(name, name) for name in f"{row['documents']} {row['others']}".split()]
        state = "withdrawn" if row["withdrawn_on"] else states.get(row["decision"], "superseded")
        found.append(one | days | {"names": names, "state": state})
    return found


def _check(owner: str, reason: str) -> None:
    if not reason.strip():
        raise UnableToDecide(message("invoice_check.decide.no_reason"))
    if not owner.strip() or len(owner.strip()) > NAME_CHARACTERS_MAX:
        raise UnableToDecide(message("invoice_check.decide.no_owner", limit=NAME_CHARACTERS_MAX))


def _contents(material: Material, policy: Policy) -> dict[str, pd.DataFrame]:
    contents = {"receipts": material.receipts, "entries": material.entries}
    if material.invoices is not None:
        contents["documents"] = documents_of(material.invoices, policy.terms_days)
    return {name: frame for name, frame in contents.items() if frame is not None}


def _names_of(material: Material, policy: Policy) -> dict[str, dict[tuple[str, str], None]]:
    """What each name that people may write means: (document or other, the name that decisions keep)."""
    known: dict[str, dict[tuple[str, str], None]] = {}

    def learn(text: str, meant: tuple[str, str]) -> None:
        known.setdefault(text, {})[meant] = None

    if material.invoices is not None:
        rows = documents_of(material.invoices, policy.terms_days)
        names = ("document", "number_key", "code_key", "kind_key", "refs")
        for document, number, code, kind, refs in zip(*(rows[name].tolist() for name in names), strict=True):
            for text in (number, code + number, kind.upper() + number, document, *refs.split()):
                learn(text, ("document", document))
    for frame, name in ((material.receipts, "number_key"), (material.entries, "voucher_key")):
        if frame is not None:
            for ref, key in zip(frame["ref"].tolist(), frame[name].tolist(), strict=True):
                learn(key, ("other", ref))
                learn(ref, ("other", ref))
    return known


def _found(known: dict[str, dict[tuple[str, str], None]], name: str) -> tuple[str, str]:
    meant = list(known.get(name, known.get(code_key(name), {})))
    if not meant:
        raise UnableToDecide(message("invoice_check.decide.unknown", name=name))
    if len(meant) > 1:
        shown = "、".join(text for _, text in meant[:_NAMED_MAX])
        raise UnableToDecide(message("invoice_check.decide.several", name=name, shown=shown))
    return meant[0]
