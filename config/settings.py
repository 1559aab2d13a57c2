"""The settings of one home folder: the shipped defaults overlaid with the home's own `daybook.toml`.

Every shape is frozen and refuses unknown keys, so a misspelt setting is an error and never a silence.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator

from config.invoice_settings import InvoiceCheckSettings
from config.setting_kinds import (
    Amount,
    MailAddress,
    MailAddressOrNone,
    Month,
    OneLine,
    Schedule,
    Shape,
    Share,
    TimeOfDay,
    visible,
    wrong,
)
from config.survey_settings import SurveySettings
from config.wording import wording
from config.wrong_settings import ELSEWHERE, fault, toml_fault

DEFAULTS = Path(__file__).with_name("daybook.toml")


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


class Limits(Shape):
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


class StockLedgerSettings(Shape):
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


class MailSettings(Shape):
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


class RecipientSettings(Shape):
    """Who gets the reports of which flows, in which language; with departments named, only what concerns those."""

    address: MailAddress
    name: OneLine = ""
    language: Literal["zh_CN", "en"] = "zh_CN"
    flows: tuple[str, ...] = Field(min_length=1)
    departments: tuple[str, ...] = ()


class ServeSettings(Shape):
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
            raise wrong("no_url", visible(text))
        return text


class PackageSettings(Shape):
    """What every night adds to a paid room: an amount a stay, guest or breakfast, or a share of the room charge."""

    name: str = Field(min_length=1)
    per: Literal["stay", "guest", "breakfast"] = "stay"
    amount: Amount | None = None
    share: Amount | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.amount is None) == (self.share is None):
            raise wrong("no_package", self.name)
        return self


class NightAuditSettings(Shape):
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


class TimetableSettings(Shape):
    """When a flow runs that has no other choice."""

    schedules: tuple[Schedule, ...]


class CountLimitsSettings(Shape):
    """How far a count of one class may be off before it is counted again; shares of the book, "0.04" is 4 %.

    A limit that is not named does not bind; quantities are in the item's unit, the value is in yuan.
    """

    plus_share: Share | None = None
    minus_share: Share | None = None
    plus_quantity: Amount | None = None
    minus_quantity: Amount | None = None
    value: Amount | None = None


class StocktakeSettings(Shape):
    """The choices of the monthly stocktake (spec 02); `limits` by ABC class, `unclassified` stands for items without.

    An approval of at most `department_limit` is the department manager's, above it one of `management_approvers`.
    """

    schedules: tuple[Schedule, ...]
    deadline_working_days: int = Field(ge=0)
    remind_working_days: int = Field(gt=0)
    blind: bool
    supervised_months: tuple[Month, ...]
    department_limit: Amount
    management_approvers: tuple[str, ...]
    unclassified: str
    limits: dict[str, CountLimitsSettings]
    mail_departments: bool
    mail_sites: bool

    @model_validator(mode="after")
    def _known_class(self) -> Self:
        if self.unclassified not in self.limits:
            raise wrong("no_count_class", self.unclassified, known=", ".join(sorted(self.limits)))
        return self


class DamagedReturnsSettings(Shape):
    """The choices of the return of damaged parts (spec 03); days are calendar days, the volume is in cubic metres."""

    schedules: tuple[Schedule, ...]
    days: int = Field(gt=0)
    volume: Amount
    shipped_days: int = Field(ge=0)
    received_days: int = Field(ge=0)
    repaired_days: int = Field(ge=0)
    scrap_limit: int = Field(gt=0)
    freight_share: Share
    express_limit: Amount
    share_by: Literal["volume", "weight"]
    box_side_max: Amount
    receiving_warehouse: str
    advance_list_to: tuple[MailAddress, ...]
    production_department: str
    mail_departments: bool
    mail_sites: bool


class CaretakerSettings(Shape):
    """When a run is dead, and how often its work is taken up again.

    A living run says so every minute; less than two minutes of silence prove nothing.
    """

    schedules: tuple[Schedule, ...]
    silent_seconds: int = Field(ge=120)
    taken_up_max: int = Field(ge=0)


class Source(Shape):
    """One dataset that comes from a database instead of a file: a SQLAlchemy URL and a query file."""

    dataset: str
    url: str
    query: str
    url_env: str = ""


_PROCESSES = (
    "stock_ledger", "stocktake", "account_agreement", "damaged_returns", "invoice_check", "survey", "night_audit",
)  # fmt: skip


class Settings(Shape):
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
    stocktake: StocktakeSettings
    account_agreement: TimetableSettings
    damaged_returns: DamagedReturnsSettings
    invoice_check: InvoiceCheckSettings
    survey: SurveySettings
    night_audit: NightAuditSettings
    reservation_sweep: TimetableSettings
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
                    raise wrong("no_flow", flow, address=one.address, known=", ".join(known))
        return self

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise wrong("no_zone", name) from None
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
    except ValidationError as refused:
        first = refused.errors()[0]
        setting = ".".join(str(part) for part in first["loc"])
        raise UnableToConfigure(own, setting or "recipients", *fault(first, Settings)) from refused


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
