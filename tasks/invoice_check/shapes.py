"""The frames that the parts of the invoice check hand to one another: their columns, and what stands in each.

Amounts are cents (int64), rates Int64 scaled by 10,000 (1300 is 13 %), days datetime64[s]. Texts are never missing, ""
is blank. `ref` names a delivered row (`invoices:专用发票:044001:00012345:0.13`), `document` an invoice as a whole, by
the keys of its kind, code and number (`invoice_key`). Source: spec 04.
"""

from __future__ import annotations

from tasks.domain.shaping import BLANK, DAY, FLAG, WHOLE, texts

_ROW = texts("file sheet ref") | {"row": WHOLE}
# A number taken apart: `prefix` letters, `counter` its digits as a number (missing where it has none), `width` how many
# digits they are, `suffix` what follows them.
_NUMBER = texts("prefix suffix") | {"counter": BLANK, "width": WHOLE}
_INVOICE = (
    texts(
        "kind kind_key code code_key number number_key buyer buyer_key tax_number state original original_key notice "
        "issuer drawer department remark"
    )
    | {"issued_on": DAY, "due_on": DAY, "net": WHOLE, "rate": BLANK, "tax": WHOLE, "total": WHOLE}
    | {"copies": BLANK, "copies_held": BLANK}
    | _ROW
)

BOOKS = (
    texts("book kind kind_key code code_key first last prefix department approval")
    | {"first_counter": BLANK, "last_counter": BLANK, "width": WHOLE, "received_on": DAY}
    | _ROW
)
"""A registered book of numbered leaves; `book` is its label for people and stays the same in every run."""

INVOICES = _INVOICE | _NUMBER | texts("document") | {"digital": FLAG}
"""One row an invoice and rate as registered; `state` is valid, void or red; `due_on` as agreed, missing where blank."""

PLATFORM = INVOICES
"""What the tax platform's download says, in the shape of the register."""

DOCUMENTS = (
    texts(
        "document kind kind_key code code_key number number_key prefix suffix buyer buyer_key tax_number state "
        "original original_number notice issuer drawer department remark refs"
    )
    | {"counter": BLANK, "width": WHOLE, "digital": FLAG, "issued_on": DAY, "due_on": DAY, "lines": WHOLE}
    | {"net": WHOLE, "tax": WHOLE, "total": WHOLE}
)
"""One row an invoice: its lines summed. `original` is the document that a red one takes back ("" where unknown), whose
number stands as written in `original_number`; `due_on` is never missing (the agreed day, else the day of issue plus the
terms), `refs` its rows joined by a space."""

BOOK_CHECKS = (
    texts("book kind department first last result ref")
    | {"received_on": DAY, "leaves": WHOLE, "used": WHOLE, "missing": WHOLE, "unbooked": WHOLE}
    | {"opened_on": DAY, "last_used_on": DAY}
)
"""One row a book: its leaves, how many are used, missing or unbooked; `result` is unused, open, passed or failed."""

RETENTION = texts("what name kind department") | {"numbers": WHOLE, "last_on": DAY, "until": DAY}
"""`what` is book or stub; `name` its label, or the year and kind with their numbers; kept from `last_on` to `until`."""

PROPOSALS = texts("name kinds prefixes suffixes resets first last") | dict.fromkeys(
    ("width", "numbers", "density", "gaps", "missing"), WHOLE
)
"""A run of numbers that nobody declared, as the data show it: kinds and prefixes joined by a space ("-" is none),
`numbers` used from `first` to `last`, `density` their share of that range per 10,000, `gaps` ranges of `missing`."""

RECEIPTS = texts("number number_key payer payer_key method invoice remark") | {"date": DAY, "amount": WHOLE} | _ROW
"""Money received; `invoice` names the invoices it pays as people wrote them: one number, several, or none."""

ENTRIES = (
    texts("voucher voucher_key account summary customer customer_key invoice")
    | {"date": DAY, "debit": WHOLE, "credit": WHOLE, "amount": WHOLE, "revenue": FLAG, "closing": FLAG}
    | _ROW
)
"""A line of the revenue ledger; `amount` is credit less debit, `revenue` whether its account is operating revenue
and it is none of `closing`, which only carries revenue to the year's profit."""

LINKS = texts("side document other how cause") | {"group": WHOLE, "amount": WHOLE, "difference": WHOLE}
"""What belongs together, one row a pair of an invoice and a receipt (`side` receipt) or an entry (`side` revenue).

`other` is the ref of the receipt or entry, `group` joins the pairs of 1:N and N:1, `amount` is what of `other` is this
document's, `difference` what the group as a whole lacks, on its first row. `how`: number, amount, sum, manual. `cause`:
"" where it agrees, else rounding, part, other_period, sign, twice, transposed, tax, amount.
"""

BRIDGE_LINES = texts("line refs") | {"period": DAY, "amount": WHOLE}
"""The bridge of each month (`period` is its last day): all lines but `revenue` add up to it. `refs` are the invoices
and vouchers of a line joined by a space, but of `invoiced` and `revenue`, which list all of the month's own."""

BRIDGE_ITEMS = texts("line document other key") | {"period": DAY, "amount": WHOLE}
"""What the lines between invoiced and revenue consist of: `document` and `other` are names joined by a space, `key` is
the same for what opens and what clears an item, `amount` is cents as they stand in the line."""

OPEN_ITEMS = (
    texts("document number buyer buyer_key department notice remark refs bucket")
    | {"issued_on": DAY, "due_on": DAY, "days": WHOLE}
    | dict.fromkeys(("total", "red", "paid", "open"), WHOLE)
)
"""An invoice of which something is owed: `open` is total plus red (what red letters took back) less paid. `days` are
calendar days since the agreed day, below 0 before it; `bucket` is not_due, 1_30, 31_60, 61_90 or over_90."""

CHASE = OPEN_ITEMS | texts("act") | {"working_days": WHOLE}
"""An open item to chase: `act` is near, past or recover, `working_days` those since the agreed day, or below 0 those
that are left."""

REISSUED = texts("document number buyer state new_document new_number") | {
    "issued_on": DAY, "new_issued_on": DAY, "total": WHOLE,
}  # fmt: skip
"""A void or wholly red invoice and the one that was issued in its place."""

DECISIONS = texts("act documents others owner reason sources") | {"decision": WHOLE, "decided_on": DAY, "until": DAY}
"""What people decided: `act` match, unmatch or ignore; `documents` and `others` are names joined by a space, `sources`
the identity of the contents that it was decided on; `until` is the last day on which it counts (missing: no end)."""
