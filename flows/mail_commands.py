"""The commands of the outbox: list, retry, send."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from flows.command_line import BLOCKED, report_error, said
from flows.desk_options import By, Debug, Json, Reason, opened, readable, who

mail = typer.Typer(no_args_is_help=True)


@mail.command("list", help=said("cli.command.mail_list"))
def list_(
    everything: Annotated[bool, typer.Option("--all", help=said("cli.option.mail_all"))] = False,
    flow: Annotated[str, typer.Option("--flow", help=said("cli.option.flow"))] = "",
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Lists the mails that have not reached their readers, with `--all` every mail, oldest first."""
    with report_error(debug=debug):
        from flows.mail_words import mail_rows, mail_table

        store, _, now = opened()
        rows = mail_rows(store, flow, now.tzinfo, everything=everything)
        print(json.dumps(rows, ensure_ascii=False) if as_json else mail_table(rows))


@mail.command(help=said("cli.command.mail_retry"))
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help=said("cli.option.mail_ids"))] = None,
    everything: Annotated[bool, typer.Option("--all", help=said("cli.option.mail_retry_all"))] = False,
    reason: Reason = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Makes mails that failed, or may have arrived, due again."""
    with report_error(debug=debug):
        from flows.mail_words import given_up
        from tasks.mail.outbox import Asked
        from tasks.mail.outbox import retry as due_again

        if bool(ids) == everything:
            raise typer.BadParameter(said("cli.error.mail_ids"), param_hint="IDS")
        store, _, now = opened()
        chosen = ids or given_up(store)
        with store.writing() as connection:
            retried = due_again(connection, chosen, Asked(who(by), now, readable(reason, "--reason")))
        missed = sorted(set(chosen) - {one.id for one in retried})
        print(said("cli.done.mail_retried", mails=len(retried)))
        if missed:
            print(said("cli.done.mail_not_retried", ids=", ".join(map(str, missed))))


@mail.command(help=said("cli.command.mail_send"))
def send(as_json: Json = False, debug: Debug = False) -> None:
    """Sends what is due, now; exit 1 when the mail server cannot be used."""
    with report_error(debug=debug):
        from flows.mail_words import dispatched_in_words
        from flows.posting import arranged_post
        from tasks.mail.steps import send_due

        opened()
        done = send_due(asyncio.run(arranged_post()), at_once=True)
        print(json.dumps(done, ensure_ascii=False) if as_json else dispatched_in_words(done))
        if done["held_until"]:
            raise typer.Exit(BLOCKED)
