"""The command line `daybook`: it imports pandas and Prefect only when a command needs them."""

from __future__ import annotations

import datetime as dt
import json
import sys
from enum import Enum
from typing import Annotated

import typer

from flows.command_line import BLOCKED, Watched, ended_by_signal, home, in_words, report_error, said, status_of

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=said("cli.help"))


class Flow(Enum):
    """The flows that `daybook run` knows."""

    stock_ledger = "stock-ledger"
    stocktake = "stocktake"
    account_agreement = "account-agreement"
    damaged_returns = "damaged-returns"
    invoice_check = "invoice-check"
    survey = "survey"
    night_audit = "night-audit"
    reservation_sweep = "reservation-sweep"


class Step(Enum):
    """The steps of a stocktake, in their order."""

    open = "open"
    collect = "collect"
    decide = "decide"
    report = "report"


Date = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help=said("cli.option.date"))]
Department = Annotated[str, typer.Option("--department", help=said("cli.option.department"))]
Json = Annotated[bool, typer.Option("--json", help=said("cli.option.json"))]
Debug = Annotated[bool, typer.Option("--debug", help=said("cli.option.debug"))]


@app.command(help=said("cli.command.run"))
def run(
    flow: Annotated[Flow, typer.Argument(help=said("cli.option.flow"))],
    date: Date = None,
    period: Annotated[str, typer.Option("--period", metavar="YYYY-MM", help=said("cli.option.period"))] = "",
    department: Department = "",
    as_json: Json = False,
    no_mail: Annotated[bool, typer.Option("--no-mail", help=said("cli.option.no_mail"))] = False,
    orchestrated: Annotated[bool, typer.Option("--orchestrated", help=said("cli.option.orchestrated"))] = False,
    first_date: Annotated[
        str | None, typer.Option("--first-date", metavar="YYYY-MM-DD", help=said("cli.option.first_date"))
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help=said("cli.option.preview"))] = False,
    reprint: Annotated[bool, typer.Option("--reprint", help=said("cli.option.reprint"))] = False,
    at: Annotated[str | None, typer.Option("--at", metavar="YYYY-MM-DD HH:MM", help=said("cli.option.at"))] = None,
    step: Annotated[Step | None, typer.Option("--step", help=said("cli.option.step"))] = None,
    site: Annotated[str, typer.Option("--site", help=said("cli.option.site"))] = "",
    warehouse: Annotated[str, typer.Option("--warehouse", help=said("cli.option.warehouse"))] = "",
    abc: Annotated[str, typer.Option("--abc", help=said("cli.option.abc"))] = "",
    items: Annotated[str, typer.Option("--items", help=said("cli.option.items"))] = "",
    spot: Annotated[int, typer.Option("--spot", min=0, help=said("cli.option.spot"))] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help=said("cli.option.seed"))] = 0,
    debug: Debug = False,
) -> None:
    """Runs one flow now: exit 0 when it did its work, 1 when it is blocked, 2 for wrong words or configuration."""
    with report_error(debug=debug):
        from flows.runners import Wanted
        from flows.runners import run as run_flow

        with Watched(quiet=as_json) as watched:
            wanted = Wanted(
                date=_date(date),
                department=department,
                mail=not no_mail,
                first_date=_date(first_date, "--first-date"),
                preview=preview,
                reprint=reprint,
                at=_moment(at),
                period=_period(period),
                step=step.value if step else "",
                site=site.strip(),
                warehouse=warehouse.strip(),
                abc=abc.strip().upper(),
                items=tuple(filter(None, items.replace(",", " ").replace("，", " ").split())),
                spot=spot,
                seed=seed,
            )
            summary = run_flow(flow.value, wanted, watched, orchestrated=orchestrated)
        print(json.dumps(summary, ensure_ascii=False) if as_json else in_words(summary))
        if summary["status"] == "blocked":
            raise typer.Exit(BLOCKED)


@app.command("import", help=said("cli.command.import"))
def import_(as_json: Json = False, debug: Debug = False) -> None:
    """Reads everything that waits in the inbox and reports rows by dataset."""
    with report_error(debug=debug):
        from flows.running import import_inbox, imported_in_words

        with Watched(quiet=as_json) as watched:
            taken = import_inbox(watched)
        print(json.dumps(taken.as_json(), ensure_ascii=False) if as_json else imported_in_words(taken))


@app.command(help=said("cli.command.template"))
def template(
    dataset: Annotated[str, typer.Argument(help=said("cli.option.dataset"))],
    output: Annotated[str, typer.Option("--output", "-o", help=said("cli.option.output"))] = "",
    language: Annotated[str, typer.Option("--language", help=said("cli.option.language"))] = "",
    debug: Debug = False,
) -> None:
    """Writes an empty workbook of a dataset to hand out."""
    with report_error(debug=debug):
        from flows.running import write_template

        print(write_template(dataset, output, language))


@app.command(help=said("cli.command.verify"))
def verify(debug: Debug = False) -> None:
    """Checks every stored invariant; exit 1 with the list when one fails."""
    with report_error(debug=debug):
        from flows.running import broken_invariants

        broken = broken_invariants()
        print("\n".join(broken) if broken else said("cli.verify.good"), file=sys.stderr if broken else sys.stdout)
        if broken:
            raise typer.Exit(BLOCKED)


@app.command(help=said("cli.command.status"))
def status(as_json: Json = False, debug: Debug = False) -> None:
    """Shows last run, open exceptions, waiting approvals and unsent mails of each flow."""
    with report_error(debug=debug):
        from flows.running import state_in_words, state_of_affairs

        state = state_of_affairs()
        print(json.dumps(state, ensure_ascii=False) if as_json else state_in_words(state))


@app.command(help=said("cli.command.demo"))
def demo(
    days: Annotated[int, typer.Option("--days", min=2, max=60, help=said("cli.option.days"))] = 30,
    direct: Annotated[bool, typer.Option("--direct", help=said("cli.option.direct"))] = False,
    debug: Debug = False,
) -> None:
    """Makes a small company in the home folder, runs every flow on it, prints where the reports lie."""
    with report_error(debug=debug):
        from flows.demo import run_demo

        with Watched(quiet=False) as watched:
            lines = run_demo(home(), days=days, direct=direct, watched=watched)
        print("\n".join(lines))


@app.command(help=said("cli.command.serve"))
def serve(debug: Debug = False) -> None:
    """Prefect server, deployments with their schedules, and a worker, until stopped."""
    with report_error(debug=debug):
        from flows.serving import serve_until_stopped

        serve_until_stopped()


def _period(text: str) -> str:
    from flows.forms import COUNT

    if text and not COUNT.fullmatch(text):
        raise typer.BadParameter(said("cli.error.period", value=text), param_hint="--period")
    return text


def _moment(text: str | None) -> dt.datetime | None:
    """A moment of the hotel's own clock; a zone that is written is not looked at."""
    if text is None:
        return None
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise typer.BadParameter(said("cli.error.moment", value=text), param_hint="--at") from None


def _date(text: str | None, option: str = "--date") -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(said("cli.error.date", value=text), param_hint=option) from None


def _add_desk() -> None:
    from flows.desk_commands import approve, exceptions, reject
    from flows.hotel_commands import deposits, reservations
    from flows.invoice_commands import invoices
    from flows.mail_commands import mail
    from flows.returns_commands import serial
    from flows.stocktake_commands import agree
    from flows.survey_commands import survey

    app.add_typer(exceptions, name="exceptions", help=said("cli.command.exceptions"))
    app.add_typer(reservations, name="reservations", help=said("cli.command.reservations"))
    app.add_typer(deposits, name="deposits", help=said("cli.command.deposits"))
    app.add_typer(invoices, name="invoices", help=said("cli.command.invoices"))
    app.add_typer(survey, name="survey", help=said("cli.command.survey"))
    app.add_typer(mail, name="mail", help=said("cli.command.mail"))
    app.command("approve", help=said("cli.command.approve"))(approve)
    app.command("reject", help=said("cli.command.reject"))(reject)
    app.command("agree", help=said("cli.command.agree"))(agree)
    app.command("serial", help=said("cli.command.serial"))(serial)


_add_desk()


def main() -> None:
    """The entry point of the script `daybook`."""
    with ended_by_signal():
        sys.exit(status_of(app))


if __name__ == "__main__":
    main()
