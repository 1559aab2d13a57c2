"""The register against the invoice books: gaps, numbers of no book, books lent or opened too early (spec 04, rules)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.keys import name_keys
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.domain.texts import Ints, distinct
from tasks.invoice_check.book_use import use_findings
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.numbers import damaged, long_number, range_text
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.runs import missing_ranges, runs_of

NO_BOOK = -1
Days = npt.NDArray[np.datetime64]


def book_findings(documents: pd.DataFrame, books: pd.DataFrame, policy: Policy) -> tuple[Finding, ...]:
    """Everything that the register and the invoice books say against one another, and of whom it was issued by.

    `documents` as DOCUMENTS, `books` as BOOKS. Fully digital invoices have no book and are left out.
    """
    placed = in_books(documents, books)
    used = documents.assign(book_at=placed)[placed >= 0]
    return (
        *gap_findings(used, books),
        *_outside(documents[placed < 0], books, policy),
        *_not_approved(used, books, policy),
        *_early(used, books),
        *_skipped(used, documents, books),
        *_overlapping(books),
        *_lent(used, books),
        *use_findings(used, books),
    )


def in_books(documents: pd.DataFrame, books: pd.DataFrame) -> pd.Series[int]:
    """The place in `books` of the book that each number lies in; NO_BOOK where there is none, or it needs none.

    A book of the same kind, code and prefix comes first, then one without a code; an invoice without a code lies in a
    book of whatever code.
    """
    found = np.full(len(documents), NO_BOOK, dtype=np.int64)
    whole = books["first_counter"].notna() & books["last_counter"].notna()
    paper = ~documents["digital"] & documents["counter"].notna()
    uncoded_book, uncoded = books["code_key"] == "", documents["code_key"] == ""
    by_code = ["kind_key", "code_key", "prefix"]
    by_kind = ["kind_key", "prefix"]
    for keys, wanted, known in (
        (by_code, paper, whole),
        (by_kind, paper & ~uncoded, whole & uncoded_book),
        (by_kind, paper & uncoded, whole & ~uncoded_book),
    ):
        asked = wanted & (found == NO_BOOK)
        if asked.any() and known.any():
            found[asked] = _placed(documents[asked], books, np.flatnonzero(known), keys)
    return pd.Series(found, index=documents.index)


def _placed(documents: pd.DataFrame, books: pd.DataFrame, known: Ints, keys: list[str]) -> Ints:
    """The place of the book among `known` that each number lies in, whose `keys` are the same."""
    found = np.full(len(documents), NO_BOOK, dtype=np.int64)
    counters = documents["counter"].to_numpy(dtype=np.int64)
    numbers = documents.groupby(keys, sort=False).indices
    for key, rows in books.iloc[known].groupby(keys, sort=False).indices.items():
        at = numbers.get(key)
        if at is None:
            continue
        places = known[rows]
        first, last = _ends(books.iloc[places])
        order = np.argsort(first, kind="stable")
        first, last, places = first[order], last[order], places[order]
        book = np.searchsorted(first, counters[at], side="right") - 1
        # Where books overlap, one that begins earlier may hold the number too.
        reach = np.maximum.accumulate(last)
        while (back := (book >= 0) & (counters[at] > last[book]) & (counters[at] <= reach[book])).any():
            book = book - back
        inside = (book >= 0) & (counters[at] <= last[book])
        found[at[inside]] = places[book[inside]]
    return found


def _ends(books: pd.DataFrame) -> tuple[Ints, Ints]:
    return books["first_counter"].to_numpy(dtype=np.int64), books["last_counter"].to_numpy(dtype=np.int64)


def gap_findings(used: pd.DataFrame, books: pd.DataFrame) -> tuple[Finding, ...]:
    """Every range inside a used book, between its lowest and its highest used number, that nobody issued or voided.

    `used`: documents with `book_at`. One finding a range; unused leaves at a book's end are none (spec 04, GAP).
    """
    ranges = missing_ranges(used["book_at"].to_numpy(), used["counter"].to_numpy(dtype=np.int64))
    found = []
    for row in each(ranges):
        book, before, after = books.iloc[row.group], used.iloc[row.before], used.iloc[row.after]
        numbers = range_text(book["prefix"], book["width"], row.first, row.last)
        told = message(
            "invoice_register.gap.book",
            numbers=numbers,
            count=row.numbers,
            book=book["book"],
            department=book["department"],
            before=before["issued_on"].date().isoformat(),
            after=after["issued_on"].date().isoformat(),
        )
        found.append(
            invoice_finding(
                "GAP",
                after["issued_on"].date(),
                numbers,
                f"{before['refs']} {after['refs']} {book['ref']}".split(),
                told,
                (numbers, ""),
            )
        )
    return tuple(found)


def _outside(documents: pd.DataFrame, books: pd.DataFrame, policy: Policy) -> Iterable[Finding]:
    """Numbers outside every book of a kind that is issued from books, one finding a run of them."""
    paper = documents["kind_key"].isin({*books["kind_key"], *policy.paper_kinds})
    # A code stands on paper and on the older electronic invoices only.
    paper |= (documents["code_key"] != "") & ~_names_one(documents["kind_key"], policy.paperless)
    rows = documents[paper & ~documents["digital"] & documents["counter"].notna()]
    rows = rows[~damaged(rows, rows["width"]).isin(["scientific", "decimal"]) & ~long_number(rows)]
    if rows.empty:
        return
    groups = rows.groupby(["kind_key", "code_key", "prefix", "suffix"], sort=True).ngroup()
    runs = runs_of(np.asarray(groups, dtype=np.int64), rows["counter"].to_numpy(dtype=np.int64))
    rows = rows.assign(run=runs).sort_values(["run", "counter"])
    for _, run in rows.groupby("run"):
        one = run.iloc[0]
        numbers = "–".join(dict.fromkeys([one["number"], run.iloc[-1]["number"]]))
        told = message(
            "invoice_register.not_from_book.outside",
            numbers=numbers,
            count=len(run),
            words=" ".join(word for word in (one["kind"], one["code"], one["department"]) if word),
        )
        yield invoice_finding("NOT_FROM_BOOK", one["issued_on"].date(), numbers, " ".join(run["refs"]).split(), told)


def _not_approved(used: pd.DataFrame, books: pd.DataFrame, policy: Policy) -> Iterable[Finding]:
    """Books of self-printed kinds that are in use without the number of their approval."""
    wrong = _names_one(books["kind_key"], policy.self_printed) & (books["approval"] == "")
    wrong &= pd.Series(np.isin(np.arange(len(books)), used["book_at"]), index=books.index)
    for row in each(books[wrong]):
        told = message("invoice_register.not_from_book.unapproved", book=row.book)
        yield invoice_finding("NOT_FROM_BOOK", row.received_on.date(), row.book, [row.ref], told)


def _early(used: pd.DataFrame, books: pd.DataFrame) -> Iterable[Finding]:
    """Books with invoices of days before they were handed out, one finding a book."""
    received = books["received_on"].take(used["book_at"].to_numpy()).set_axis(used.index)
    early = used[used["issued_on"] < received].sort_values(["book_at", "counter"])
    for at, rows in early.groupby("book_at"):
        book, first = books.iloc[int(str(at))], rows.iloc[0]
        told = message(
            "invoice_register.not_from_book.before",
            book=book["book"],
            received=book["received_on"].date().isoformat(),
            numbers="–".join(dict.fromkeys([first["number"], rows["number"].iloc[-1]])),
            count=len(rows),
            date=first["issued_on"].date().isoformat(),
        )
        refs = [book["ref"], *" ".join(rows["refs"]).split()]
        yield invoice_finding("NOT_FROM_BOOK", first["issued_on"].date(), first["number"], refs, told)


def _names_one(kinds: pd.Series[str], words: Iterable[str]) -> pd.Series[bool]:
    """Whether each kind's key holds one of the words."""
    said = distinct(kinds)
    found = said.flags(any(word in kind for word in words) for kind in said.texts)
    return pd.Series(found, index=kinds.index)


def _skipped(used: pd.DataFrame, documents: pd.DataFrame, books: pd.DataFrame) -> Iterable[Finding]:
    """Books that still had unused numbers when their department opened a later one of the same kind and code."""
    spans = used.groupby("book_at").agg(opened=("issued_on", "min"), highest=("counter", "max"))
    finished = used.loc[used["counter"].to_numpy() == books["last_counter"].to_numpy()[used["book_at"]]]
    state = books.assign(department_key=name_keys(books["department"]), at=np.arange(len(books))).join(spans, on="at")
    state = state.assign(finished=finished.groupby("book_at")["issued_on"].min().reindex(state["at"]).to_numpy())
    # What was used up before the register begins is not known.
    begins = documents.groupby("kind_key")["issued_on"].min().reindex(state["kind_key"]).to_numpy()
    state = state[state["opened"].notna() | (state["received_on"] >= begins)]
    order = ["kind_key", "code_key", "department_key", "received_on", "first_counter"]
    for _, held in state.sort_values(order).groupby(order[:3], sort=False):
        opened = held["opened"].to_numpy()
        for at, later in _opened_over(opened, held["finished"].to_numpy()):
            yield _skip_finding(held.iloc[at], held.iloc[later])


def _opened_over(opened: Days, finished: Days) -> list[tuple[int, int]]:
    """(book, later book): each book and the first of the later ones that was opened before it was used up."""
    never = np.datetime64("9999-12-31", "s")
    until = np.where(np.isnat(finished), never, finished)
    begun = np.where(np.isnat(opened), never, opened)
    # The earliest opening of any later book, seen from the end.
    earliest = np.minimum.accumulate(begun[::-1])[::-1][1:]
    over = np.flatnonzero(earliest < until[:-1])
    return [(int(at), int(at + 1 + np.argmin(begun[at + 1 :]))) for at in over]


def _skip_finding(book: pd.Series, later: pd.Series) -> Finding:
    opened = later["opened"].date().isoformat()
    if pd.isna(book["finished"]):
        unused = book["first_counter"] if pd.isna(book["highest"]) else book["highest"] + 1
        told = message(
            "invoice_register.not_from_book.skipped",
            later=later["book"],
            opened=opened,
            department=book["department"],
            book=book["book"],
            unused=range_text(book["prefix"], book["width"], unused, book["last_counter"]),
        )
    else:
        told = message(
            "invoice_register.not_from_book.late",
            later=later["book"],
            opened=opened,
            department=book["department"],
            book=book["book"],
            finished=book["finished"].date().isoformat(),
        )
    return invoice_finding("NOT_FROM_BOOK", later["opened"].date(), later["book"], [book["ref"], later["ref"]], told)


def _overlapping(books: pd.DataFrame) -> Iterable[Finding]:
    """Registered books that hold the same numbers, each with the one before it."""
    keys = ["kind_key", "code_key", "prefix"]
    rows = books[books["first_counter"].notna() & books["last_counter"].notna()]
    rows = rows.sort_values([*keys, "first_counter", "last_counter", "ref"])
    reach = rows.groupby(keys, sort=False)["last_counter"].cummax().groupby([rows[key] for key in keys]).shift()
    for at in np.flatnonzero((rows["first_counter"] <= reach).fillna(value=False)):
        earlier, later = rows.iloc[at - 1], rows.iloc[at]
        told = message(
            "invoice_register.book_split.overlap",
            book=later["book"],
            department=later["department"],
            other=earlier["book"],
            other_department=earlier["department"],
        )
        yield invoice_finding(
            "BOOK_SPLIT", later["received_on"].date(), later["book"], [earlier["ref"], later["ref"]], told
        )


def _lent(used: pd.DataFrame, books: pd.DataFrame) -> Iterable[Finding]:
    """Invoices of a department that the book was not handed to (spec 04, LENT)."""
    holder = books["department"].take(used["book_at"].to_numpy()).set_axis(used.index)
    own, holding = name_keys(used["department"]), name_keys(holder)
    wrong = used[(own != "") & (holding != "") & (own != holding)]
    for row in each(wrong.assign(holder=holder[wrong.index])):
        told = message(
            "invoice_register.lent",
            number=row.number,
            department=row.department,
            holder=row.holder,
            book=books["book"].iloc[row.book_at],
        )
        yield invoice_finding(
            "LENT", row.issued_on.date(), row.number, row.refs.split(), told, (row.holder, row.department)
        )
