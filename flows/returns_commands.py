"""The command that shows the life of one serial on one page."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.command_line import language, report_error, said
from flows.desk_options import Debug, opened, readable


def serial(
    number: Annotated[str, typer.Argument(help=said("cli.option.serial"))],
    output: Annotated[str, typer.Option("--output", "-o", help=said("cli.option.serial_output"))] = "",
    debug: Debug = False,
) -> None:
    """Shows what happened to one serial, in order, or writes it as an HTML page to print."""
    with report_error(debug=debug):
        from pathlib import Path

        from tasks.adapters.pages import html_page, text_page
        from tasks.adapters.whole_files import write_whole
        from tasks.damaged_returns.steps.life import life_of

        store, settings, now = opened()
        with store.reading() as connection:
            report = life_of(connection, readable(number, "NUMBER"), now.date(), settings.damaged_returns.share_by)
        if output:
            print(write_whole(Path(output), html_page(report, language()).encode("utf-8")))
        else:
            print(text_page(report, language()), end="")
