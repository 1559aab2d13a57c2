"""The movement categories of the stock ledger (spec 01: movement categories) and what each one demands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Quality = Literal["good", "damaged"]


@dataclass(frozen=True, slots=True)
class Category:
    """One movement category: `sign` is +1, -1 or 0 (as written), `quality` the warehouse it needs or None for any."""

    code: str
    sign: int
    quality: Quality | None
    transfer: bool = False
    outgoing_reference: bool = False
    class_two_only: bool = False


CATEGORIES = {
    category.code: category
    for category in (
        Category("PURCHASE_IN", +1, "good"),
        Category("PETTY_IN", +1, "good"),
        Category("DAMAGED_IN", +1, "damaged"),
        Category("REPAIRED_IN", +1, "good"),
        Category("RETURN_TO_STOCK", 0, None),
        Category("GOOD_TRANSFER_IN", +1, "good", transfer=True),
        Category("GOOD_TRANSFER_OUT", -1, "good", transfer=True, outgoing_reference=True),
        Category("DAMAGED_TRANSFER_IN", +1, "damaged", transfer=True),
        Category("DAMAGED_TRANSFER_OUT", -1, "damaged", transfer=True, outgoing_reference=True),
        Category("OWN_USE_OUT", -1, "good"),
        Category("REPAIR_OUT", -1, "damaged", outgoing_reference=True, class_two_only=True),
        Category("SCRAP_OUT", -1, "damaged"),
    )
}
# A clerk writes one word for both legs of a transfer; which leg a row is comes from its document, see
# tasks.domain.direction.
UNDIRECTED = ("GOOD_TRANSFER", "DAMAGED_TRANSFER")
