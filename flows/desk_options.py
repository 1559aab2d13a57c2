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
Until = Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD", help=said("cli.option.until"))]
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
    """The name that was given, else the user's; raises BadParameter as readable does."""
    return readable(by, "--by") or getpass.getuser()


def last_day(until: str) -> dt.date | None:
    """The day that was given as the last one, None for no end; raises BadParameter for what is no day."""
    return day_given(until, "--until")


def day_given(text: str, option: str) -> dt.date | None:
    """The day that was given, None for none; raises BadParameter for what is no day."""
    import datetime as dt

    try:
        return dt.date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise typer.BadParameter(said("cli.error.date", value=text), param_hint=option) from None


def readable(text: str, option: str) -> str:
    """The text without blanks at its ends; raises BadParameter for one in another encoding than the program reads."""
    # Python stands such bytes for lone surrogates, which no database keeps.
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise typer.BadParameter(said("cli.error.unreadable"), param_hint=option)
    return text.strip()


def given(reason: str) -> str:
    """The reason that was given; raises BadParameter for none, or as readable does."""
    said_why = readable(reason, "--reason")
    if not said_why:
        raise typer.BadParameter(said("cli.error.no_reason"), param_hint="--reason")
    return said_why
