"""The commands by which people decide about invoices: match, unmatch, ignore, withdraw, list."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.command_line import language, report_error, said
from flows.desk_options import By, Debug, Json, Reason, Until, given, last_day, opened, who

invoices = typer.Typer(no_args_is_help=True)
Names = Annotated[list[str], typer.Argument(help=said("cli.option.invoice_names"))]


@invoices.command(help=said("cli.command.invoices_match"))
def match(names: Names, reason: Reason = "", until: Until = "", by: By = "", debug: Debug = False) -> None:
    """Says that invoices and receipts or vouchers belong together."""
    _decide("match", names, reason, until, by, debug=debug)


@invoices.command(help=said("cli.command.invoices_unmatch"))
def unmatch(names: Names, reason: Reason = "", until: Until = "", by: By = "", debug: Debug = False) -> None:
    """Says that they do not."""
    _decide("unmatch", names, reason, until, by, debug=debug)


@invoices.command(help=said("cli.command.invoices_ignore"))
def ignore(names: Names, reason: Reason = "", until: Until = "", by: By = "", debug: Debug = False) -> None:
    """Leaves invoices, receipts or vouchers out of the matching."""
    _decide("ignore", names, reason, until, by, debug=debug)


@invoices.command(help=said("cli.command.invoices_withdraw"))
def withdraw(
    decision: Annotated[int, typer.Argument(help=said("cli.option.decision"))],
    reason: Reason = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Takes a decision back."""
    with report_error(debug=debug):
        from flows.invoice_desk_work import withdrawn
        from tasks.adapters.speech import spoken

        _, _, now = opened()
        print(spoken(withdrawn(decision, who(by), given(reason), now), language()))


@invoices.command("list", help=said("cli.command.invoices_list"))
def list_(as_json: Json = False, debug: Debug = False) -> None:
    """Lists what was decided, the newest first."""
    with report_error(debug=debug):
        from flows.invoice_desk_work import decision_rows, decisions_in_words
        from flows.listing import is_read_by_a_program

        rows = decision_rows()
        shown = json.dumps(rows, ensure_ascii=False) if as_json else ""
        print(shown or decisions_in_words(rows, whole=is_read_by_a_program()))


def _decide(act: str, names: list[str], reason: str, until: str, by: str, *, debug: bool) -> None:
    with report_error(debug=debug):
        from flows.invoice_desk_work import decided
        from tasks.adapters.speech import spoken
        from tasks.invoice_check.steps import Decision

        wanted = Decision(act, tuple(names), who(by), given(reason), last_day(until))
        _, _, now = opened()
        print(spoken(decided(wanted, now), language()))
