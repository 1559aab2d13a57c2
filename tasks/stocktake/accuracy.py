"""How accurate the records are, never netted: lines, quantities and values (spec 02, report)."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd

from tasks.domain.amounts import rate_text
from tasks.stocktake.limits import values_of


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Sums over lines, from which the shares are made; two added are those of both.

    `lines` were listed, `lines_counted` of them counted, `found` were counted though not listed. `exact` and `within`
    of those counted have no difference or one inside the limits. Book and off (the sizes of the differences) are of
    those counted: quantities scaled by 10,000, values in cents; `unpriced` of them stand in no value.
    """

    lines: int = 0
    lines_counted: int = 0
    found: int = 0
    exact: int = 0
    within: int = 0
    book_quantity: int = 0
    off_quantity: int = 0
    book_value: int = 0
    off_value: int = 0
    within_value: int = 0
    surplus_value: int = 0
    shortage_value: int = 0
    unpriced: int = 0

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    @property
    def lines_off(self) -> int:
        """How many of the lines counted differ from their book."""
        return self.lines_counted + self.found - self.exact

    @property
    def shares(self) -> dict[str, str | None]:
        """The shares by name, six places from 0 to 1; None where undefined: no line counted, or a book of zero.

        exact_lines and accuracy_by_line are the lines without a difference and inside the limits among those counted,
        within_by_value the same of the book's value. accuracy_by_quantity and accuracy_by_value are 1 - Σ|difference| /
        Σ book, 0 where the differences are larger than the book. coverage: counted among those listed.
        """
        counted = self.lines_counted + self.found
        return {
            "exact_lines": rate_text(self.exact, counted),
            "accuracy_by_line": rate_text(self.within, counted),
            "within_by_value": rate_text(self.within_value, self.book_value),
            "accuracy_by_quantity": rate_text(max(self.book_quantity - self.off_quantity, 0), self.book_quantity),
            "accuracy_by_value": rate_text(max(self.book_value - self.off_value, 0), self.book_value),
            "coverage": rate_text(self.lines_counted, self.lines),
        }


def accuracy_of(variances: pd.DataFrame) -> Accuracy:
    """The sums over a frame `variances`; the book of a line below zero counts with its size."""
    counted = variances[variances["variance"].notna()]
    variance, value = counted["variance"].astype("int64"), counted["value"]
    book = counted["book"].abs()
    worth = values_of(book, counted["unit_price"])
    return Accuracy(
        lines=int(variances["listed"].sum()),
        lines_counted=int(counted["listed"].sum()),
        found=int((~counted["listed"]).sum()),
        exact=int((variance == 0).sum()),
        within=int(counted["within"].sum()),
        book_quantity=_exact_sum(book),
        off_quantity=_exact_sum(variance.abs()),
        book_value=_exact_sum(worth),
        off_value=_exact_sum(value.abs()),
        within_value=_exact_sum(worth[counted["within"]]),
        surplus_value=_exact_sum(value[value > 0]),
        shortage_value=-_exact_sum(value[value < 0]),
        unpriced=int(worth.isna().sum()),
    )


def accuracy_by(variances: pd.DataFrame, column: str) -> dict[str, Accuracy]:
    """The same for every text of `column` (department, site, abc), by text."""
    return {str(name): accuracy_of(rows) for name, rows in variances.groupby(column)}


def _exact_sum(numbers: pd.Series[int]) -> int:
    """The sum in whole numbers however large: a million large values may run over 64 bits."""
    high, low = np.divmod(numbers.dropna().to_numpy(dtype=np.int64), 2**31)
    return int(high.sum()) * 2**31 + int(low.sum())
