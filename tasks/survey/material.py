"""What is known of one period when it is judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class Material:
    """What is known of the period from `first` to `last`, calls until `known_on`; frames by the names of `shapes`.

    `dispatches` are the forms sent for it, `followups` the services within it, None where such was never delivered;
    `members` are rows of any period, shaped as dispatches, that say whether a customer of these services is a member.
    """

    first: dt.date
    last: dt.date
    known_on: dt.date
    responses: pd.DataFrame
    layouts: pd.DataFrame
    dispatches: pd.DataFrame | None
    followups: pd.DataFrame | None
    members: pd.DataFrame
