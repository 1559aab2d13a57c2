"""The settings of one home folder: the shipped defaults overlaid with the home's own `daybook.toml`.

Every shape is frozen and refuses unknown keys, so a misspelt setting is an error and never a silence.
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

DEFAULTS = Path(__file__).with_name("daybook.toml")


class UnableToConfigure(Exception):
    """The settings cannot be used; the text is one line that names the file and the key."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Shape):
    """What one file from outside may cost; crossing a limit refuses that file by the limit's name."""

    file_mib_max: int = Field(gt=0)
    unpacked_mib_max: int = Field(gt=0)
    pack_ratio_max: int = Field(gt=0)
    rows_max: int = Field(gt=0)
    columns_max: int = Field(gt=0)
    sheets_max: int = Field(gt=0)
    cell_characters_max: int = Field(gt=0)
    blank_rows_max: int = Field(gt=0)
    header_search_rows: int = Field(gt=0)
    settle_seconds: int = Field(ge=0)


class StockLedgerSettings(_Shape):
    """The thresholds of spec 01; days are calendar days unless the name says working days."""

    cut_off: str
    near_days: int = Field(ge=0)
    swap_days: int = Field(ge=0)
    transfer_working_days: int = Field(ge=0)
    audit_working_days: int = Field(ge=0)
    trend_days: int = Field(gt=0)
    management_department: str
    value_high: str
    value_medium: str
    schedules: tuple[str, ...]
    write_off_approvers: tuple[str, ...]

    @field_validator("cut_off")
    @classmethod
    def _time_of_day(cls, text: str) -> str:
        try:
            dt.time.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text} is no time of day; write it like 09:30") from None
        return text

    @field_validator("value_high", "value_medium")
    @classmethod
    def _amount(cls, text: str) -> str:
        try:
            amount = Decimal(text)
        except ArithmeticError:
            raise ValueError(f"{text} is no amount; write it like 1000.00") from None
        if not amount.is_finite() or amount < 0:
            raise ValueError(f"{text} is no amount; write it like 1000.00")
        return text


class MailSettings(_Shape):
    """How mail leaves the house; the password never stands in a file."""

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"]
    user: str
    sender: str
    owner: str


class Source(_Shape):
    """One dataset that comes from a database instead of a file: a SQLAlchemy URL and a query file."""

    dataset: str
    url: str
    query: str
    url_env: str = ""


class Settings(_Shape):
    """All settings of one home; `home` is the folder they were loaded for."""

    home: Path
    database_url: str
    timezone: str
    language: Literal["zh_CN", "en"]
    report_languages: tuple[Literal["zh_CN", "en"], ...] = Field(min_length=1)
    limits: Limits
    stock_ledger: StockLedgerSettings
    mail: MailSettings
    sources: dict[str, Source]
    aliases: dict[str, dict[str, tuple[str, ...]]]
    retention_years: int = Field(ge=3)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"there is no time zone {name}") from None
        return name


def _overlaid(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _overlaid(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def load_settings(home: Path) -> Settings:
    """The settings for `home`: shipped defaults, then `home/daybook.toml`, then DAYBOOK_DATABASE_URL.

    Raises UnableToConfigure with one line naming the file and the first wrong key.
    """
    chosen = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    own = home / "daybook.toml"
    if own.exists():
        try:
            chosen = _overlaid(chosen, tomllib.loads(own.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
            raise UnableToConfigure(f"{own}: {wrong}") from wrong
    home = home.absolute()
    url = os.environ.get("DAYBOOK_DATABASE_URL", "") or f"sqlite:///{home / 'daybook.db'}"
    try:
        return Settings(home=home, database_url=url, **chosen)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UnableToConfigure(f"{own}: [{key}] {first['msg']}") from wrong
    except TypeError as wrong:
        raise UnableToConfigure(f"{own}: {wrong}") from wrong


def home_folder() -> Path:
    """The home folder that DAYBOOK_HOME names, else `./var`; it need not exist yet."""
    return Path(os.environ.get("DAYBOOK_HOME") or "var").absolute()
