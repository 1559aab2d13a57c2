"""Shares as they are shown: with as many decimals as it takes to see on which side of the target they lie (spec 05)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

_PLACES, _MORE = 3, 2


def shown_share(share: Fraction, target: Fraction | None = None) -> Decimal:
    """`share` as a decimal, half up, of three places, or of five, seven … until it lies where it does to the target.

    1,799 of 1,999 against 9/10 is 0.89995 and not 0.900.
    """
    places = _PLACES
    while True:
        shown = _rounded(share, places)
        if target is None or share == target or _side(Fraction(shown), target) == _side(share, target):
            return shown
        places += _MORE


def percent_text(share: Decimal) -> str:
    """The share in per cent with the decimals it carries: 0.667 is "66.7%"; beyond one, those after it fall away."""
    whole, _, part = f"{share * 100:f}".partition(".")
    part = part.rstrip("0") or "0"
    return f"{whole}.{part}%"


def _rounded(share: Fraction, places: int) -> Decimal:
    scale = 10**places
    whole = (2 * share.numerator * scale + share.denominator) // (2 * share.denominator)
    return Decimal(whole).scaleb(-places)


def _side(share: Fraction, target: Fraction) -> int:
    return (share > target) - (share < target)
