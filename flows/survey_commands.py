"""The commands by which people work on complaints, corrective actions and commendations."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Annotated

import typer

from flows.command_line import language, report_error, said
from flows.desk_options import By, Debug, Json, day_given, given, opened, readable, who

survey = typer.Typer(no_args_is_help=True)
cases = typer.Typer(no_args_is_help=True)
actions = typer.Typer(no_args_is_help=True)
commendations = typer.Typer(no_args_is_help=True)
survey.add_typer(cases, name="cases", help=said("cli.command.survey_cases"))
survey.add_typer(actions, name="actions", help=said("cli.command.survey_actions"))
survey.add_typer(commendations, name="commendations", help=said("cli.command.survey_commendations"))


class Sort(Enum):
    """The sorts of complaints."""

    valid = "valid"
    help = "help"
    information = "information"
    venting = "venting"


Case = Annotated[int, typer.Argument(help=said("cli.option.case"))]
Number = Annotated[int, typer.Argument(help=said("cli.option.measure"))]
On = Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help=said("cli.option.done_on"))]
Done = Annotated[str, typer.Option("--measure", help=said("cli.option.what_was_done"))]
Why = Annotated[str, typer.Option("--reason", help=said("cli.option.reason"))]
Every = Annotated[bool, typer.Option("--all", help=said("cli.option.every"))]
Handler = Annotated[str, typer.Option("--department", help=said("cli.option.handler"))]
Rows = Sequence[Mapping[str, object]]


@cases.command("list", help=said("cli.command.cases_list"))
def list_cases(department: Handler = "", every: Every = False, as_json: Json = False, debug: Debug = False) -> None:
    """Lists the complaint cases, the most urgent first."""
    with report_error(debug=debug):
        from flows.survey_desk_work import case_rows, cases_in_words

        _print(case_rows(department.strip(), every=every), cases_in_words, as_json=as_json)


@cases.command(help=said("cli.command.cases_sort"))
def sort(
    case: Case,
    kind: Annotated[Sort, typer.Option("--as", help=said("cli.option.case_sort"))],
    by: By = "",
    debug: Debug = False,
) -> None:
    """Says what kind of complaint it is."""
    _on_case(case, "sort", by, word=kind.value, debug=debug)


@cases.command(help=said("cli.command.cases_handle"))
def handle(case: Case, measure: Done = "", on: On = "", by: By = "", debug: Debug = False) -> None:
    """Says what was done about it."""
    _on_case(case, "handle", by, on, readable(measure, "--measure"), debug=debug)


@cases.command(help=said("cli.command.cases_call"))
def call(case: Case, on: On = "", by: By = "", debug: Debug = False) -> None:
    """Says that the customer was called, which closes it."""
    _on_case(case, "call", by, on, debug=debug)


@cases.command("withdraw", help=said("cli.command.cases_withdraw"))
def withdraw_case(case: Case, reason: Why = "", by: By = "", debug: Debug = False) -> None:
    """Says that it is no complaint."""
    _on_case(case, "withdraw", by, note=given(reason), debug=debug)


@actions.command("list", help=said("cli.command.actions_list"))
def list_actions(every: Every = False, as_json: Json = False, debug: Debug = False) -> None:
    """Lists the corrective actions."""
    _list_measures("action", every=every, as_json=as_json, debug=debug)


@actions.command(help=said("cli.command.actions_done"))
def done(number: Number, measure: Done = "", on: On = "", by: By = "", debug: Debug = False) -> None:
    """Says what the department did."""
    _on_measure(number, "done", by, on, readable(measure, "--measure"), debug=debug)


@actions.command(help=said("cli.command.actions_verify"))
def verify(number: Number, on: On = "", by: By = "", debug: Debug = False) -> None:
    """Says that it helped, which closes it."""
    _on_measure(number, "verify", by, on, debug=debug)


@actions.command(help=said("cli.command.actions_reopen"))
def reopen(number: Number, reason: Why = "", by: By = "", debug: Debug = False) -> None:
    """Says that it did not help."""
    _on_measure(number, "reopen", by, note=given(reason), debug=debug)


@actions.command("withdraw", help=said("cli.command.actions_withdraw"))
def withdraw_action(number: Number, reason: Why = "", by: By = "", debug: Debug = False) -> None:
    """Says that there is no cause for it."""
    _on_measure(number, "withdraw", by, note=given(reason), debug=debug)


@commendations.command("list", help=said("cli.command.commendations_list"))
def list_commendations(every: Every = False, as_json: Json = False, debug: Debug = False) -> None:
    """Lists the commendations."""
    _list_measures("commendation", every=every, as_json=as_json, debug=debug)


@commendations.command(help=said("cli.command.commendations_give"))
def give(number: Number, on: On = "", by: By = "", debug: Debug = False) -> None:
    """Says that it was given."""
    _on_measure(number, "give", by, on, debug=debug)


@commendations.command("withdraw", help=said("cli.command.commendations_withdraw"))
def withdraw_commendation(number: Number, reason: Why = "", by: By = "", debug: Debug = False) -> None:
    """Says that there is no cause for it."""
    _on_measure(number, "withdraw", by, note=given(reason), debug=debug)


def _on_case(case: int, what: str, by: str, on: str = "", note: str = "", *, word: str = "", debug: bool) -> None:
    with report_error(debug=debug):
        from flows.survey_desk_work import worked_on_cases
        from tasks.adapters.speech import spoken
        from tasks.survey.acts import Act

        _, _, now = opened()
        act = Act(what, day_given(on, "--on") or now.date(), now.date(), word=word, note=note)
        print("\n".join(spoken(one, language()) for one in worked_on_cases([case], act, who(by))))


def _on_measure(number: int, what: str, by: str, on: str = "", note: str = "", *, debug: bool) -> None:
    with report_error(debug=debug):
        from flows.survey_desk_work import worked_on_measures
        from tasks.adapters.speech import spoken
        from tasks.survey.acts import Act

        _, _, now = opened()
        act = Act(what, day_given(on, "--on") or now.date(), now.date(), note=note)
        print("\n".join(spoken(one, language()) for one in worked_on_measures([number], act, who(by))))


def _list_measures(kind: str, *, every: bool, as_json: bool, debug: bool) -> None:
    with report_error(debug=debug):
        import functools

        from flows.survey_desk_work import measure_rows, measures_in_words

        _print(measure_rows(kind, every=every), functools.partial(measures_in_words, kind), as_json=as_json)


def _print(rows: Rows, in_words: Callable[..., str], *, as_json: bool) -> None:
    from flows.listing import is_read_by_a_program

    shown = json.dumps(rows, ensure_ascii=False) if as_json else ""
    print(shown or in_words(rows, whole=is_read_by_a_program()))
