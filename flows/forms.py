"""Forms that ops fill in: fields with titles in every language, and choices made from what the home knows.

A field is a type for a flow's parameter. What a form may refuse stands in its schema, so that the server says it before
a run starts; the flow judges it again, for a schema can be passed by.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, JsonValue, WithJsonSchema
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

from config.wording import in_every_language

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient

# What a drop-down offers for "no choice"; the API takes nothing that the drop-down does not hold.
ALL = in_every_language("form.all")
# What stands between the number of a choice and what tells it from the others.
BETWEEN = " · "
# In a field's schema: by which name its choices are known, and whether several may be chosen at once.
CHOICES, SEVERAL = "choices", "several"
_DAY = {"type": "string", "format": "date", "pattern": r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"}


def titled(name: str, **schema: JsonValue) -> FieldInfo:
    """What the field `name` says of itself in a form, from the catalogue `form`; `schema` holds what it refuses."""
    said: JsonDict = {"title": in_every_language(f"form.{name}"), "description": in_every_language(f"form.{name}.help")}
    field: FieldInfo = Field(json_schema_extra={**said, **schema})
    return field


def _day(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return dt.date.fromisoformat(given.strip()) if given.strip() else None
    except ValueError:
        raise ValueError(in_every_language("form.error.date", value=given)) from None


def _first_words(given: object) -> object:
    """What several choices, each begun by its number, are as a line that somebody wrote."""
    if not isinstance(given, list | tuple):
        return given
    return ", ".join(str(one).split()[0] for one in given if str(one).strip())


def _number(given: object) -> object:
    """The number with which a single choice begins, or what somebody wrote in its stead."""
    return given.split(BETWEEN)[0].strip() if isinstance(given, str) else given


BusinessDate = Annotated[dt.date | None, BeforeValidator(_day), WithJsonSchema(_DAY), titled("business_date")]
ReturnsDate = Annotated[dt.date | None, BeforeValidator(_day), WithJsonSchema(_DAY), titled("returns_date")]
Until = Annotated[dt.date | None, BeforeValidator(_day), WithJsonSchema(_DAY), titled("until")]
FirstDate = Annotated[dt.date | None, BeforeValidator(_day), WithJsonSchema(_DAY), titled("first_date")]
InvoiceDate = Annotated[dt.date | None, BeforeValidator(_day), WithJsonSchema(_DAY), titled("invoice_date")]
Preview = Annotated[bool, titled("preview")]
Reprint = Annotated[bool, titled("reprint")]
SweepMoment = Annotated[dt.datetime | None, WithJsonSchema({"type": "string", "format": "date-time"}), titled("at")]
_MONTH = r"20\d\d-(0[1-9]|1[0-2])"
MONTH = re.compile(_MONTH)
# A count of some part of the stock bears a number behind its month.
COUNT = re.compile(_MONTH + r"(-S[1-9]\d*)?")
STEPS = ("open", "collect", "decide", "report")
CLASSES = ("A", "B", "C")
CountPeriod = Annotated[str, titled("count_period", pattern=f"^({COUNT.pattern})?$")]
MonthPeriod = Annotated[str, titled("month_period", pattern=f"^({MONTH.pattern})?$")]
SurveyPeriod = Annotated[str, titled("survey_period", pattern=f"^({MONTH.pattern})?$")]
InvoicePeriod = Annotated[str, titled("invoice_period", pattern=f"^({MONTH.pattern})?$")]
CountStep = Annotated[str, titled("count_step", enum=["", *STEPS])]
SiteCode = Annotated[str, titled("count_site")]
CountWarehouse = Annotated[str, titled("count_warehouse")]
CountClass = Annotated[str, titled("count_class", enum=["", *CLASSES])]
ItemList = Annotated[str, titled("count_items")]
SpotItems = Annotated[int, titled("count_spot", minimum=0)]
CountSeed = Annotated[int, titled("count_seed", minimum=0)]
Department = Annotated[str, titled("department", choices="departments")]
WaitForErp = Annotated[bool, titled("wait_for_erp")]
SendMail = Annotated[bool, titled("send_mail")]

_SOMETHING = r"\S"
_NUMBERS = r"^\s*(\d+([\s,，、;；]+\d+)*)?\s*$"
VERDICTS = {in_every_language(f"form.verdict.{name}"): name for name in ("approve_all", "approve_some", "reject")}
_BREAK_IDS = r"^\s*[0-9A-Za-z-]{4,40}([\s,，、;；]+[0-9A-Za-z-]{4,40})*\s*$"
BreakIds = Annotated[
    str, BeforeValidator(_first_words), titled("break_ids", choices="breaks", several=True, pattern=_BREAK_IDS)
]
Reason = Annotated[str, titled("reason", pattern=_SOMETHING)]
Owner = Annotated[str, titled("owner", pattern=_SOMETHING)]
Who = Annotated[str, titled("who", pattern=_SOMETHING)]
ApprovalNumber = Annotated[int, titled("approval", minimum=1)]
Decision = Annotated[str, titled("decision", enum=list(VERDICTS))]
AnswerReason = Annotated[str, titled("answer_reason", pattern=_SOMETHING)]
ExceptedNames = Annotated[str, titled("excepted_names")]
MailNumbers = Annotated[str, titled("mails", pattern=_NUMBERS)]
MailReason = Annotated[str, titled("mail_reason", pattern=_SOMETHING)]
DECISIONS = {in_every_language(f"form.decide.{name}"): name for name in ("match", "unmatch", "ignore")}
InvoiceAct = Annotated[str, titled("invoice_act", enum=list(DECISIONS))]
InvoiceNames = Annotated[str, titled("invoice_names", pattern=_SOMETHING)]
_SOME_NUMBERS = r"^\s*\d+([\s,，、;；]+\d+)*\s*$"
CASE_ACTS = {in_every_language(f"form.case_act.{name}"): name for name in ("sort", "handle", "call", "withdraw")}
SORTS = {in_every_language(f"form.sort.{name}"): name for name in ("valid", "help", "information", "venting")}
MEASURE_ACTS = {
    in_every_language(f"form.measure_act.{name}"): name for name in ("done", "verify", "reopen", "give", "withdraw")
}
CaseNumbers = Annotated[
    str, BeforeValidator(_first_words), titled("cases", choices="complaints", several=True, pattern=_SOME_NUMBERS)
]
CaseAct = Annotated[str, titled("case_act", enum=list(CASE_ACTS))]
CaseSort = Annotated[str, titled("case_sort", enum=["", *SORTS])]
MeasureNumbers = Annotated[
    str, BeforeValidator(_first_words), titled("measures", choices="measures", several=True, pattern=_SOME_NUMBERS)
]
MeasureAct = Annotated[str, titled("measure_act", enum=list(MEASURE_ACTS))]
Note = Annotated[str, titled("note")]
DoneOn = Annotated[dt.date | None, BeforeValidator(_day), WithJsonSchema(_DAY), titled("done_on")]
ReservationNumber = Annotated[
    str, BeforeValidator(_number), titled("reservation", choices="reservations", pattern=_SOMETHING)
]
RestoreReason = Annotated[str, titled("restore_reason", pattern=_SOMETHING)]


def separate(text: str) -> tuple[str, ...]:
    """What was written into one line with spaces, commas or semicolons (also full-width ones) between, each once."""
    return tuple(dict.fromkeys(part for part in re.split(r"[\s,，、;；]+", text) if part))


def chosen(value: str) -> str:
    """What was chosen in a drop-down that also offers everything; "" for everything."""
    return "" if value.strip() == ALL else value.strip()


def filled(schema: Mapping[str, Any], choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The schema of a form whose drop-downs hold `choices` by name; one without any choice stays a line to write in.

    A field that may stay empty loses its default null, which the page would send and the server then refuse.
    """
    made = copy.deepcopy(dict(schema))
    for field in made.get("properties", {}).values():
        if "default" in field and field["default"] is None:
            del field["default"]
        if CHOICES in field:
            _offer(field, choices.get(field[CHOICES], ()))
    return made


def _offer(field: dict[str, Any], choices: Sequence[str]) -> None:
    """Turns a field into a drop-down of `choices` (of `several` at once), or back into a line to write in."""
    field.pop("enum", None)
    if field.get(SEVERAL):
        for name in ("items", "minItems", "uniqueItems"):
            field.pop(name, None)
        field["type"] = "string"
        if choices:
            items = {"type": "string", "enum": list(choices)}
            field.update({"type": "array", "items": items, "minItems": 1, "uniqueItems": True})
        return
    if field.get("default") in {"", ALL}:
        field["default"] = ALL
    if choices:
        field["enum"] = [*([ALL] if "default" in field else []), *choices]


async def refresh_forms(client: PrefectClient, tag: str, choices: Mapping[str, Sequence[str]]) -> int:
    """How many deployments that bear `tag` got a form with other choices than before."""
    from prefect.client.schemas.actions import DeploymentUpdate
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    ours = await client.read_deployments(deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=[tag])))
    changed = 0
    for one in ours:
        before = one.parameter_openapi_schema or {}
        after = filled(before, choices)
        if after != before:
            await client.update_deployment(one.id, DeploymentUpdate(parameter_openapi_schema=after))
            changed += 1
    return changed
