"""The kinds of settings: schedules, amounts, shares, times, addresses; each refuses by the wording of what is wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from config import addresses

_CRON_FIELDS = 5


class Shape(BaseModel):
    """A section of the settings: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def cron_line(text: str) -> str:
    """The schedule itself; raises ValueError for what is no cron line of five fields."""
    if len(text.split()) != _CRON_FIELDS:
        raise wrong("no_cron", text)
    try:
        CronSim(text, dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    except CronSimError:
        raise wrong("no_cron", text) from None
    return text


def wrong(name: str, value: str, **more: str) -> PydanticCustomError:
    """The error of a setting whose wording is `settings.<name>`."""
    return PydanticCustomError(f"settings.{name}", "", {"value": value, **more})


def _mail_address(text: str) -> str:
    try:
        return addresses.mail_address(text)
    except ValueError:
        raise wrong("no_address", visible(text)) from None


def _one_line(text: str) -> str:
    try:
        return addresses.one_line(text)
    except ValueError:
        raise wrong("no_line", visible(text)) from None


def visible(text: str) -> str:
    """`text` with a space for every sign that nobody sees."""
    return "".join(one if one.isprintable() else " " for one in text)


def _time_of_day(text: str) -> str:
    try:
        dt.time.fromisoformat(text)
    except ValueError:
        raise wrong("no_time", text) from None
    return text


def _amount(text: str) -> str:
    try:
        amount = Decimal(text)
    except ArithmeticError:
        raise wrong("no_amount", text) from None
    if not amount.is_finite() or amount < 0:
        raise wrong("no_amount", text)
    return text


def _share(text: str) -> str:
    if Decimal(_amount(text)) != Decimal(text).quantize(Decimal("0.0001")):
        raise wrong("no_share", text)
    return text


Schedule = Annotated[str, AfterValidator(cron_line)]
TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
Amount = Annotated[str, AfterValidator(_amount)]
Share = Annotated[str, AfterValidator(_share)]
Month = Annotated[int, Field(ge=1, le=12)]


MailAddress = Annotated[str, AfterValidator(_mail_address)]
MailAddressOrNone = Annotated[str, AfterValidator(lambda text: _mail_address(text) if text else "")]
OneLine = Annotated[str, AfterValidator(_one_line)]
