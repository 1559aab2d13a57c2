"""The command by which a side answers a statement of accounts."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from flows.command_line import language, report_error, said
from flows.desk_options import By, Debug, Reason, given, readable, who


class Side(Enum):
    """The two sides of an account."""

    site = "site"
    department = "department"


def agree(
    site: Annotated[str, typer.Argument(help=said("cli.option.agree_site"))],
    period: Annotated[str, typer.Option("--period", metavar="YYYY-MM", help=said("cli.option.agree_period"))],
    side: Annotated[Side, typer.Option("--side", help=said("cli.option.agree_side"))],
    differs: Annotated[bool, typer.Option("--differs", help=said("cli.option.agree_not"))] = False,
    reason: Reason = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Keeps that one side agrees to the newest statement of a site, or that it does not and why."""
    with report_error(debug=debug):
        from flows.forms import MONTH
        from flows.stocktake_count import answered_statement
        from tasks.adapters.speech import spoken

        if not MONTH.fullmatch(period):
            raise typer.BadParameter(said("cli.error.period", value=period), param_hint="--period")
        why = given(reason) if differs else readable(reason, "--reason")
        told = answered_statement(site.strip(), period, side.value, not differs, (who(by), why))
        print(spoken(told, language()))
