"""What the commands of people at a desk share: their options, the opened home, who acts and why."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from flows.command_line import said

if TYPE_CHECKING:
    import datetime as dt

    from config.settings import Settings
    from tasks.adapters.store import Store

Id = Annotated[str, typer.Argument(help=said("cli.option.id"))]
Reason = Annotated[str, typer.Option("--reason", help=said("cli.option.reason"))]
By = Annotated[str, typer.Option("--by", help=said("cli.option.by"))]
Json = Annotated[bool, typer.Option("--json", help=said("cli.option.json"))]
Debug = Annotated[bool, typer.Option("--debug", help=said("cli.option.debug"))]


def opened() -> tuple[Store, Settings, dt.datetime]:
    """The store of the home folder, its settings, and the present moment; raises as found_home does."""
    from flows.opening import found_home
    from tasks.adapters.clock import now

    store, settings = found_home()
    return store, settings, now(settings.timezone)


def who(by: str) -> str:
    """The name that was given, else the user's."""
    return by.strip() or getpass.getuser()


def given(reason: str) -> str:
    """The reason that was given; raises BadParameter for none."""
    if not reason.strip():
        raise typer.BadParameter(said("cli.error.no_reason"), param_hint="--reason")
    return reason.strip()
