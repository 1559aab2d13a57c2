"""The desk between steps and Prefect: a step is a plain function that turns into a Prefect task inside a flow run."""

from __future__ import annotations

import datetime as dt
import functools
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from config.wording import in_every_language

if TYPE_CHECKING:
    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun

# The name of a failed state that says: the input has not come. The flow itself does what it should.
BLOCKED = "Blocked"
P = ParamSpec("P")
R = TypeVar("R")


def step(
    name: str,
    *,
    retries: int = 0,
    wait_seconds: float = 0.0,
    retry_if: Callable[[BaseException, int], bool] | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator under which a function runs as a Prefect task inside a flow run and plainly elsewhere.

    The task bears the wording `name` in every language, for ops read the run's steps by it.

    Retries count only in a flow run, where `retry_if` is told the error and how often it was tried; a plain call
    raises at once. So the same flow body runs with and without a server.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.cache
        def as_task() -> Callable[P, R]:
            from prefect import task

            made = task(
                name=in_every_language(name),
                retries=retries,
                retry_delay_seconds=wait_seconds,
                retry_condition_fn=_condition(retry_if) if retry_if else None,
                persist_result=False,
            )
            return made(function)

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return as_task()(*args, **kwargs) if in_flow_run() else function(*args, **kwargs)

        return run

    return decorate


def _condition(retry_if: Callable[[BaseException, int], bool]) -> Callable[[Task[..., Any], TaskRun, State[Any]], bool]:
    def holds(_task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
        try:
            state.result(raise_on_failure=True)
        except Exception as error:  # noqa: BLE001 - whatever the step raised is judged by the step's own rule
            return retry_if(error, run.run_count)
        return False

    return holds


def in_flow_run() -> bool:
    """Whether the caller runs inside a Prefect flow run; a program that never imported Prefect does not."""
    if "prefect" not in sys.modules:
        return False
    from prefect.context import FlowRunContext, TaskRunContext

    return FlowRunContext.get() is not None and TaskRunContext.get() is None


def planned_moment() -> dt.datetime | None:
    """The moment for which the present flow run was scheduled; None outside of one."""
    if not in_flow_run():
        return None
    from prefect.runtime import flow_run

    return flow_run.get_scheduled_start_time()


def in_deployed_run() -> bool:
    """Whether the caller runs inside a flow run of a deployment: planned, or started from its form."""
    if not in_flow_run():
        return False
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    return context is not None and context.flow_run is not None and context.flow_run.deployment_id is not None


def show_figures(key: str, markdown: str, description: str) -> None:
    """Shows `markdown` as the artifact `key` of the present flow run; does nothing outside of one."""
    if "prefect" not in sys.modules:
        return
    from prefect.context import FlowRunContext, TaskRunContext

    # Whoever shows figures does so as a step, which is a task by then and so no longer `in_flow_run`.
    if FlowRunContext.get() is None and TaskRunContext.get() is None:
        return
    from prefect.artifacts import create_markdown_artifact

    create_markdown_artifact(key=key, markdown=markdown, description=description)


def mark_run(name: str, *tags: str) -> None:
    """Gives the present flow run its name and adds `tags` to those it bears; does nothing outside of one."""
    _update_run(tags, " ".join(name.split()))


def tag_run(*tags: str) -> None:
    """Adds `tags` to those that the present flow run bears; does nothing outside of one."""
    _update_run(tags)


def _update_run(tags: Sequence[str], name: str | None = None) -> None:
    if not in_flow_run():
        return
    from prefect.client.orchestration import get_client
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    assert context is not None
    assert context.flow_run is not None
    with get_client(sync_client=True) as client:
        # Tags are replaced as a whole, and those of the run's beginning may be older than those it bears now.
        borne = client.read_flow_run(context.flow_run.id).tags
        client.update_flow_run(context.flow_run.id, name=name, tags=sorted({*borne, *(tag for tag in tags if tag)}))


def tell(line: str) -> None:
    """Tells whoever runs the flow: in the log of the present flow run, else on stderr."""
    if "prefect" in sys.modules:
        from prefect.context import FlowRunContext, TaskRunContext

        if FlowRunContext.get() is not None or TaskRunContext.get() is not None:
            from prefect.logging import get_run_logger

            get_run_logger().warning(line)
            return
    print(line, file=sys.stderr)  # noqa: T201 - the log of a run without Prefect
