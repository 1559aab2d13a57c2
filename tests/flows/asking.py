"""A small process that asks before it acts, as stocktake and night audit do: some breaks count as explained at once."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.approving import Asking, decided
from flows.desk_options import opened
from flows.forms import BreakIds, Who, separate
from tasks.adapters.markdown import cell, table
from tasks.adapters.speech import spoken
from tasks.domain.message import message
from tasks.register.approvals import Question
from tasks.register.breaks import Done, explain, find


@flow(name="explain-together", persist_result=False)
async def explain_together(break_ids: BreakIds, who: Who) -> State[str]:
    """Explains the breaks that somebody else approves."""
    store, settings, now = opened()
    names = separate(break_ids)
    with store.reading() as connection:
        rows = [find(connection, name) for name in names]
    shown = table(
        ["#", "ID", "·"], [[str(number), one.id, cell(spoken(one.message, "en"))] for number, one in enumerate(rows, 1)]
    )
    question = Question(
        "explain-together",
        names[0],
        message("register.answered.done"),
        "\n".join(shown),
        tuple(one.id for one in rows),
    )
    answered = await decided(Asking(store, settings, lambda: now, who, "small"), question)
    with store.writing() as connection:
        for one in rows:
            act = answered.state == "approved" and one.id not in answered.excepted
            # Done twice it is done once: whoever starts this again after a crash finds it done.
            if act and find(connection, one.id).state == "open":
                done = Done("explain", answered.answered_by, answered.answer_reason, now)
                explain(connection, one.id, done)
    return Completed(message=f"{answered.state} {len(answered.excepted)}")
