"""Exact quantities and money: scaled integers inside, decimals and their texts at the edge."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

QUANTITY_PLACES = 4
QUANTITY_SCALE = 10**QUANTITY_PLACES
PRICE_PLACES = 4
PRICE_SCALE = 10**PRICE_PLACES
VOLUME_PLACES = 6
VOLUME_SCALE = 10**VOLUME_PLACES
MONEY_PLACES = 2
MONEY_SCALE = 10**MONEY_PLACES
SHARE_PLACES = 4
SHARE_SCALE = 10**SHARE_PLACES
CENT = Decimal("0.01")


def quantity_text(scaled: int) -> str:
    """The decimal text of a quantity scaled by 10,000 without needless zeros: 25000 is `2.5`, -20000 is `-2`."""
    whole, rest = divmod(abs(int(scaled)), QUANTITY_SCALE)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{rest:04d}".rstrip("0") if rest else f"{sign}{whole}"


def money(amount: Decimal) -> Decimal:
    """`amount` rounded half up to 0.01 (spec 00: rounding)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def money_text(cents: int) -> str:
    """The decimal text of an amount in cents with its two places: 12000 is `120.00`, -5 is `-0.05`."""
    whole, rest = divmod(abs(int(cents)), MONEY_SCALE)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def value_at_stake(difference: int, price: int) -> Decimal:
    """|difference| times price to 0.01, half up; both scaled by 10,000 (spec 01: report)."""
    return money(Decimal(abs(int(difference)) * int(price)) / (QUANTITY_SCALE * PRICE_SCALE))


def rate_text(part: int, whole: int) -> str | None:
    """The share part / whole with six places, half up; None when whole is 0, where it is undefined (spec 10)."""
    if whole == 0:
        return None
    return str((Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP))
