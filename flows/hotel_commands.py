"""The commands of a hotel's desk: a reservation taken back, the deposits that are held."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.command_line import language, report_error, said
from flows.desk_options import By, Debug, Json, Reason, given, who

reservations = typer.Typer(no_args_is_help=True)
deposits = typer.Typer(no_args_is_help=True)


@reservations.command(help=said("cli.command.restore"))
def restore(
    number: Annotated[str, typer.Argument(help=said("cli.option.reservation"))],
    reason: Reason = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Takes back a reservation that was released or set to no-show, and tells where its guest can sleep."""
    with report_error(debug=debug):
        from flows.hotel_desk import restored
        from tasks.adapters.speech import spoken

        print("\n".join(spoken(one, language()) for one in restored(number, who(by), given(reason))))


@deposits.command("list", help=said("cli.command.deposits"))
def list_(
    reservation: Annotated[str, typer.Option("--reservation", help=said("cli.option.of_reservation"))] = "",
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Lists the deposits that are held, the oldest first."""
    with report_error(debug=debug):
        from flows.hotel_desk import deposit_rows, deposits_in_words
        from flows.listing import is_read_by_a_program

        rows = deposit_rows(reservation)
        shown = json.dumps(rows, ensure_ascii=False) if as_json else ""
        print(shown or deposits_in_words(rows, whole=is_read_by_a_program()))
