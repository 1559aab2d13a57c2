"""The choices of the house by which counts are judged and decided (spec 02, compare and decide)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CountLimits:
    """How far a line may be off before it is counted again; exactly on a limit is inside, None does not bind.

    Shares of the book and quantities are scaled by 10,000, the value is in cents.
    """

    plus_share: int | None = None
    minus_share: int | None = None
    plus_quantity: int | None = None
    minus_quantity: int | None = None
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings say: `limits` by ABC class, `unclassified` the class that stands for items without one.

    A line worth at most `department_limit` cents is the department manager's to approve, above it one of
    `management_approvers`, or without any the manager of the department whose name holds `management_department`.
    `blind` sheets show no book. In the `supervised_months` (1 to 12) somebody from another site supervises the count.
    """

    limits: Mapping[str, CountLimits]
    unclassified: str
    department_limit: int
    management_approvers: tuple[str, ...]
    management_department: str
    deadline_working_days: int
    remind_working_days: int
    blind: bool
    supervised_months: tuple[int, ...] = ()
