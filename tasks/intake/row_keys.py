"""By which of its codes a row is known while it is compared, quarantined and mended.

Of the hotel, the returns, the invoices and the survey; the first of each stands with a quarantined row until that comes
again.
"""

from __future__ import annotations

from collections.abc import Mapping

from tasks.domain.keys import code_key, name_key
from tasks.intake.cell_readers import Value

_INVOICE = {
    "number_key": "number", "code_key": "code", "kind_key": "kind", "buyer_key": "buyer", "original_key": "original",
}  # fmt: skip
KEYS: Mapping[str, Mapping[str, str]] = {
    "room_types": {"room_type_key": "room_type"},
    "rooms": {"room_key": "room"},
    "reservations": {"reservation_key": "reservation"},
    "deposits": {
        "number_key": "number", "reservation_key": "reservation", "account_key": "account", "shift_key": "shift",
    },
    "stays": {
        "account_key": "account", "reservation_key": "reservation", "room_key": "room", "member_key": "member",
    },
    "folio": {"number_key": "number", "account_key": "account", "shift_key": "shift", "original_key": "original"},
    "payments": {"number_key": "number", "account_key": "account", "shift_key": "shift", "original_key": "original"},
    "shifts": {"shift_key": "shift"},
    "pos_checks": {"check_key": "check", "room_key": "room"},
    "operators": {"operator_key": "operator"},
    "corporate_accounts": {"company_key": "company"},
    "members": {"member_key": "member"},
    "damaged_parts": {
        "serial_key": "serial", "item_key": "item", "box_key": "box", "new_serial_key": "new_serial",
    },
    "boxes": {"box_key": "box"},
    "repair_events": {"serial_key": "serial", "new_serial_key": "new_serial"},
    "freight_prices": {"origin_key": "origin", "destination_key": "destination"},
    "shipments": {
        "number_key": "number", "origin_key": "origin", "destination_key": "destination", "batch_key": "batch",
        "application_key": "application",
    },
    "invoice_books": {"first_key": "first", "last_key": "last", "code_key": "code", "kind_key": "kind"},
    "invoices": _INVOICE,
    "tax_download": _INVOICE,
    "receipts": {"number_key": "number", "payer_key": "payer"},
    "revenue_entries": {"voucher_key": "voucher", "customer_key": "customer"},
    "dispatches": {"form_key": "form", "customer_key": "customer"},
    "responses": {"form_key": "form", "customer_key": "customer"},
    "followups": {"customer_key": "customer"},
}  # fmt: skip
# People, companies and places are known by name.
NAMED = frozenset(
    {"operator_key", "company_key", "origin_key", "destination_key", "buyer_key", "payer_key", "customer_key"}
)
# One key bears many of their rows: another row of the same key mends nothing.
MANY_TO_A_KEY = frozenset({"repair_events", "freight_prices", "followups"})
INVOICING = ("invoice_books", "invoices", "tax_download", "receipts", "revenue_entries")
RETURNS = ("damaged_parts", "boxes", "repair_events", "freight_prices", "shipments")


def row_key(dataset: str, columns: Mapping[str, list[Value]], place: int) -> str:
    """The key by which a row of the dataset is known, as far as its cells could be read; else blank."""
    key, column = next(iter(KEYS.get(dataset, {}).items()), ("", ""))
    value = columns[column][place] if column else None
    if not isinstance(value, str):
        return ""
    return name_key(value) if key in NAMED else code_key(value)
