"""Invoices in another company's name (spec 04: ISSUED_BY_OTHER)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.keys import name_keys
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.domain.texts import distinct
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.policy import Policy


def issuer_findings(documents: pd.DataFrame, policy: Policy) -> tuple[Finding, ...]:
    """Every invoice whose 开票单位 is not the house, or whose remark says that it was lent or issued for another.

    `documents` as DOCUMENTS. The house bears `own_names`; where none is configured, the name that more than half of the
    invoices with an issuer bear. No issuer means the house.
    """
    issuer = name_keys(documents["issuer"])
    own = policy.own_names or _house(issuer)
    foreign = (issuer != "") & ~issuer.isin([*own]) if own else issuer.ne(issuer)
    said = distinct(documents["remark"])
    lent = said.flags(_says(text, policy.lent_words, policy.negating_words) for text in said.texts)
    found = []
    for row in each(documents.assign(foreign=foreign)[foreign | lent]):
        if row.foreign:
            told = message("invoice_register.issued_by_other", number=row.number, issuer=row.issuer)
        else:
            told = message("invoice_register.issued_by_other.remark", number=row.number, remark=row.remark)
        refs, against = row.refs.split(), (0, int(row.total))
        found.append(invoice_finding("ISSUED_BY_OTHER", row.issued_on.date(), row.number, refs, told, against))
    return tuple(found)


def _says(text: str, words: Sequence[str], negating: tuple[str, ...]) -> bool:
    """Whether one of the words stands in the text without one that negates it directly before."""
    places = ((at, word) for word in words for at in range(len(text)) if text.startswith(word, at))
    return any(not text[:at].rstrip().endswith(negating) for at, _ in places)


def _house(issuer: pd.Series[str]) -> Sequence[str]:
    """The name that more than half of the invoices with an issuer bear; none where there is no such name."""
    counts = issuer[issuer != ""].value_counts()
    return [str(counts.index[0])] if len(counts) and counts.iloc[0] * 2 > counts.sum() else []
