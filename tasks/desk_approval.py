"""The form in which people answer a question in the Prefect UI while its flow run is suspended.

A suspended run holds no process and outlives restarts; it starts again from its top once it is resumed, so whatever
comes before the question is done anew and must be safe to do twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, create_model

from config.wording import in_every_language
from tasks.desk import in_flow_run, tag_run

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import PrefectClient, SyncPrefectClient
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.objects import FlowRun
    from prefect.input import RunInput

_ALL, _SOME, _NONE = "approve_all", "approve_some", "reject"
# A run suspends itself under the approval's tag and the number of the asking.
_APPROVAL_OF_KEY = re.compile(r"approval-(\d+)-\d+")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody chose and wrote in the form; `excepted` are lines that an approval leaves out."""

    verdict: Literal["approved", "rejected"]
    excepted: tuple[str, ...]
    reason: str
    who: str


def may_suspend() -> bool:
    """Whether the caller's flow run can wait for people: it runs, and as a deployment, so that it can start again."""
    run = _present_run()
    return run is not None and run.deployment_id is not None


def questions_put(approval: int) -> int:
    """How often the present run has suspended itself for the approval of that number."""
    run = _present_run()
    fired = run.empirical_policy.pause_keys if run else None
    return sum(str(key).startswith(f"{_tag(approval)}-") for key in fired or ())


async def form_answer(approval: int, number: int, page: str, lines: tuple[str, ...]) -> Given:
    """What was given in the run's form of the `number`-th asking; suspends the run where nobody has answered it yet.

    `page` is the Markdown above the fields. Must be called in a run that `may_suspend`.
    """
    from prefect.flow_runs import asuspend_flow_run

    form = _form(lines).with_initial_data(description=page)
    answered: Any = await asuspend_flow_run(wait_for_input=form, key=f"{_tag(approval)}-{number}")
    verdicts = {in_every_language(f"form.verdict.{name}"): name for name in (_ALL, _SOME, _NONE)}
    verdict = verdicts[answered.decision]
    excepted = tuple(answered.excepted) if verdict == _SOME else ()
    return Given("rejected" if verdict == _NONE else "approved", excepted, answered.reason, answered.who)


def tag_run_of(approval: int) -> None:
    """Marks the present run as one that waits for the approval, so that an answer given elsewhere finds it."""
    tag_run(_tag(approval))


def is_awaited(approval: int) -> bool:
    """Whether another run than the present one is suspended for the approval; one is enough to act on its answer."""
    from prefect.client.orchestration import get_client

    run = _present_run()
    with get_client(sync_client=True) as client:
        return any(run is None or one.id != run.id for one in _suspended(client, _tag(approval)))


def resume_runs_of(approval: int, given: Given, server: Mapping[str, str]) -> int | None:
    """How many runs that wait for the approval go on because it was answered elsewhere, with `given`.

    `server` says by the names of Prefect's own variables where it is and which password it asks for. None where the
    server does not answer; such a run finds the answer when it next starts.
    """
    from httpx import HTTPError
    from prefect.client.orchestration import get_client
    from prefect.settings import temporary_settings

    try:
        with temporary_settings(_settings(server)), get_client(sync_client=True) as client:
            runs = _suspended(client, _tag(approval))
            for run in runs:
                client.resume_flow_run(run.id, run_input=_as_input(given))
    except (HTTPError, OSError):
        return None
    return len(runs)


async def suspended_runs(client: PrefectClient, tag: str) -> dict[UUID, int]:
    """The runs that bear `tag` and wait for people, each with the number of the approval that it waits for."""
    found = await client.read_flow_runs(flow_run_filter=_suspended_with(tag))
    waits = {run.id: _APPROVAL_OF_KEY.fullmatch(_pause_key(run)) for run in found}
    return {run: int(named[1]) for run, named in waits.items() if named}


async def resume_run(client: PrefectClient, run: UUID, given: Given) -> bool:
    """Whether the suspended run goes on now with `given` as its answer; not where somebody resumed it meanwhile."""
    from prefect.client.schemas.responses import SetStateStatus

    answered = await client.resume_flow_run(run, run_input=_as_input(given))
    return answered.status == SetStateStatus.ACCEPT


def _settings(server: Mapping[str, str]) -> dict[Any, Any]:
    """The settings that the variables name, for Prefect may have been loaded before they were set."""
    from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL

    known = {setting.name: setting for setting in (PREFECT_API_AUTH_STRING, PREFECT_API_URL)}
    return {known[name]: value for name, value in server.items()}


def _suspended(client: SyncPrefectClient, tag: str) -> list[FlowRun]:
    return list(client.read_flow_runs(flow_run_filter=_suspended_with(tag)))


def _suspended_with(tag: str) -> FlowRunFilter:
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.objects import StateType

    wanted = {"tags": {"all_": [tag]}, "state": {"type": {"any_": [StateType.PAUSED]}}}
    return FlowRunFilter.model_validate(wanted)


def _pause_key(run: FlowRun) -> str:
    return str(run.state.state_details.pause_key) if run.state else ""


def _as_input(given: Given) -> dict[str, object]:
    name = _NONE if given.verdict == "rejected" else _SOME if given.excepted else _ALL
    return {
        "decision": in_every_language(f"form.verdict.{name}"),
        "reason": given.reason,
        "who": given.who,
    } | ({"excepted": list(given.excepted)} if given.excepted else {})


def _form(lines: tuple[str, ...]) -> type[RunInput]:
    """The form's fields; none but the lines has a default, for an empty answer must be refused."""
    from prefect.input import RunInput

    verdicts = tuple(
        in_every_language(f"form.verdict.{name}") for name in (_ALL, _SOME, _NONE) if lines or name != _SOME
    )
    fields: Mapping[str, Any] = {"decision": (Literal[verdicts], _field("decision"))}
    if lines:
        chosen = list[Literal[lines]]  # type: ignore[valid-type]  # the lines are known when the form is made
        fields = {**fields, "excepted": (chosen, _field("excepted", default=[]))}
    fields = {
        **fields,
        "reason": (str, _field("answer_reason", pattern=r"\S")),
        "who": (str, _field("who", pattern=r"\S")),
    }
    made: type[RunInput] = create_model("ApprovalForm", __base__=RunInput, **fields)
    return made


def _field(name: str, default: Any = ..., pattern: str | None = None) -> Any:
    title, help_ = in_every_language(f"form.{name}"), in_every_language(f"form.{name}.help")
    return Field(default, title=title, description=help_, pattern=pattern)


def _tag(approval: int) -> str:
    return f"approval-{approval}"


def _present_run() -> FlowRun | None:
    if not in_flow_run():
        return None
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    return context.flow_run if context else None
