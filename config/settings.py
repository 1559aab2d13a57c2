"""The settings of one home folder: the shipped defaults overlaid with the home's own `daybook.toml`.

Every shape is frozen and refuses unknown keys, so a misspelt setting is an error and never a silence.
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from config import addresses
from config.wording import wording
from config.wrong_settings import ELSEWHERE, fault, toml_fault

DEFAULTS = Path(__file__).with_name("daybook.toml")
_CRON_FIELDS = 5


class UnableToConfigure(Exception):
    """The settings cannot be used; in words it is one line that names the file and the key."""

    def __init__(self, file: Path | str, setting: str, key: str, parameters: Mapping[str, object]) -> None:
        """Keep the file, the setting ("" for the whole file), and the wording of what is wrong there."""
        super().__init__(file, setting, key, parameters)
        self._told = file, setting, key, parameters

    def in_words(self, language: str) -> str:
        """The line in a language."""
        file, setting, key, parameters = self._told
        what = wording(language, key, **parameters)
        if not setting:
            return wording(language, "settings.whole_file", file=file, what=what)
        return wording(language, "settings.line", file=file, setting=setting, what=what)

    def __str__(self) -> str:
        """The line in English, as logs have it."""
        return self.in_words("en")


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def cron_line(text: str) -> str:
    """The schedule itself; raises ValueError for what is no cron line of five fields."""
    if len(text.split()) != _CRON_FIELDS:
        raise _wrong("no_cron", text)
    try:
        CronSim(text, dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    except CronSimError:
        raise _wrong("no_cron", text) from None
    return text


def _wrong(name: str, value: str, **more: str) -> PydanticCustomError:
    """The error of a setting whose wording is `settings.<name>`."""
    return PydanticCustomError(f"settings.{name}", "", {"value": value, **more})


def _mail_address(text: str) -> str:
    try:
        return addresses.mail_address(text)
    except ValueError:
        raise _wrong("no_address", _visible(text)) from None


def _one_line(text: str) -> str:
    try:
        return addresses.one_line(text)
    except ValueError:
        raise _wrong("no_line", _visible(text)) from None


def _visible(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)


def _time_of_day(text: str) -> str:
    try:
        dt.time.fromisoformat(text)
    except ValueError:
        raise _wrong("no_time", text) from None
    return text


def _amount(text: str) -> str:
    try:
        amount = Decimal(text)
    except ArithmeticError:
        raise _wrong("no_amount", text) from None
    if not amount.is_finite() or amount < 0:
        raise _wrong("no_amount", text)
    return text


Schedule = Annotated[str, AfterValidator(cron_line)]
TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
Amount = Annotated[str, AfterValidator(_amount)]


MailAddress = Annotated[str, AfterValidator(_mail_address)]
MailAddressOrNone = Annotated[str, AfterValidator(lambda text: _mail_address(text) if text else "")]
OneLine = Annotated[str, AfterValidator(_one_line)]


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

    cut_off: TimeOfDay
    near_days: int = Field(ge=0)
    swap_days: int = Field(ge=0)
    transfer_working_days: int = Field(ge=0)
    audit_working_days: int = Field(ge=0)
    trend_days: int = Field(gt=0)
    management_department: str
    value_high: Amount
    value_medium: Amount
    schedules: tuple[Schedule, ...]
    write_off_approvers: tuple[str, ...]
    mail_departments: bool
    mail_sites: bool


class MailSettings(_Shape):
    """How mail leaves the house; the password never stands in a file.

    It comes from DAYBOOK_SMTP_PASSWORD, else from the Prefect Secret block `password_block`. Waits are seconds; the
    attachment's limit counts it as it travels, in base64.
    """

    host: str
    port: int = Field(gt=0, le=65535)
    tls: Literal["none", "starttls", "tls"]
    user: str
    password_block: str
    sender: MailAddress
    sender_name: OneLine
    owner: MailAddressOrNone
    # All waits for one mail together stay within a sender's claim (tasks.mail.claiming.LEASE).
    timeout_seconds: int = Field(gt=0, le=120)
    connections: int = Field(gt=0, le=20)
    attachment_mib_max: int = Field(ge=0)
    schedules: tuple[Schedule, ...]


class RecipientSettings(_Shape):
    """Who gets the reports of which flows, in which language; with departments named, only what concerns those."""

    address: MailAddress
    name: OneLine = ""
    language: Literal["zh_CN", "en"] = "zh_CN"
    flows: tuple[str, ...] = Field(min_length=1)
    departments: tuple[str, ...] = ()


class ServeSettings(_Shape):
    """What `daybook serve` starts on this machine; waits are seconds."""

    host: str = Field(min_length=1)
    port: int = Field(ge=0, le=65535)
    reports_port: int = Field(ge=0, le=65535)
    reports_url: str
    choices_max: int = Field(ge=0)
    worker_limit: int = Field(gt=0)
    health_seconds: int = Field(gt=0)
    ask_seconds: int = Field(gt=0)
    unanswered_max: int = Field(gt=0)
    restarts_max: int = Field(ge=0)
    log_mib_max: int = Field(gt=0)
    logs_kept: int = Field(ge=0)

    @field_validator("reports_url")
    @classmethod
    def _web_address(cls, text: str) -> str:
        parts = urlsplit(text)
        # The pages name one another from the root, so they cannot stand below a path.
        if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
            raise _wrong("no_url", _visible(text))
        return text


class PackageSettings(_Shape):
    """What every night adds to a paid room: an amount a stay, guest or breakfast, or a share of the room charge."""

    name: str = Field(min_length=1)
    per: Literal["stay", "guest", "breakfast"] = "stay"
    amount: Amount | None = None
    share: Amount | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.amount is None) == (self.share is None):
            raise _wrong("no_package", self.name)
        return self


class NightAuditSettings(_Shape):
    """The choices of one hotel (spec 06); minutes and times of day are the hotel's own."""

    schedules: tuple[Schedule, ...]
    night_ends: TimeOfDay
    release_at: TimeOfDay
    no_show_minutes: int = Field(ge=0)
    locked_minutes: int = Field(ge=0)
    near_close_minutes: int = Field(ge=0)
    hourly_overnight: Literal["block", "convert"]
    approvers: tuple[str, ...]
    packages: tuple[PackageSettings, ...]
    breakfasts: dict[str, int]
    damage_prices: dict[str, Amount]


class SweepSettings(_Shape):
    """When reservations are swept."""

    schedules: tuple[Schedule, ...]


class CaretakerSettings(_Shape):
    """When a run is dead, and how often its work is taken up again.

    A living run says so every minute; less than two minutes of silence prove nothing.
    """

    schedules: tuple[Schedule, ...]
    silent_seconds: int = Field(ge=120)
    taken_up_max: int = Field(ge=0)


class Source(_Shape):
    """One dataset that comes from a database instead of a file: a SQLAlchemy URL and a query file."""

    dataset: str
    url: str
    query: str
    url_env: str = ""


_PROCESSES = ("stock_ledger", "night_audit")


class Settings(_Shape):
    """All settings of one home; `home` is the folder they were loaded for."""

    home: Path
    database_url: str
    timezone: str
    language: Literal["zh_CN", "en"]
    report_languages: tuple[Literal["zh_CN", "en"], ...] = Field(min_length=1)
    serve: ServeSettings
    caretaker: CaretakerSettings
    limits: Limits
    stock_ledger: StockLedgerSettings
    night_audit: NightAuditSettings
    reservation_sweep: SweepSettings
    mail: MailSettings
    recipients: tuple[RecipientSettings, ...]
    sources: dict[str, Source]
    aliases: dict[str, dict[str, tuple[str, ...]]]
    retention_years: int = Field(ge=3)
    catch_up_days: int = Field(ge=0)

    @model_validator(mode="after")
    def _known_flows(self) -> Self:
        """Every flow that a recipient names has a section of its own."""
        known = [name.replace("_", "-") for name in _PROCESSES]
        for one in self.recipients:
            for flow in one.flows:
                if flow not in known:
                    raise _wrong("no_flow", flow, address=one.address, known=", ".join(known))
        return self

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise _wrong("no_zone", name) from None
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
    own = home / "daybook.toml"
    chosen = _overlaid(tomllib.loads(DEFAULTS.read_text(encoding="utf-8")), _read(own))
    for name in sorted(ELSEWHERE & chosen.keys()):
        raise UnableToConfigure(own, name, "settings.not_here", {})
    home = home.absolute()
    url = os.environ.get("DAYBOOK_DATABASE_URL", "") or f"sqlite:///{home / 'daybook.db'}"
    try:
        return Settings(home=home, database_url=url, **chosen)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        setting = ".".join(str(part) for part in first["loc"])
        raise UnableToConfigure(own, setting or "recipients", *fault(first, Settings)) from wrong


def _read(own: Path) -> dict[str, Any]:
    """What the file of a home says; nothing where there is none."""
    try:
        return tomllib.loads(own.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError as wrong:
        raise UnableToConfigure(own, "", "settings.not_utf8", {}) from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise UnableToConfigure(own, "", *toml_fault(str(wrong))) from wrong
    except OSError as wrong:
        raise UnableToConfigure(own, "", "settings.unreadable", {}) from wrong


def home_folder() -> Path:
    """The home folder that DAYBOOK_HOME names, else `./var`; it need not exist yet."""
    return Path(os.environ.get("DAYBOOK_HOME") or "var").absolute()
