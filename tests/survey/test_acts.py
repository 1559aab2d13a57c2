"""What people may do with a complaint, an action or a commendation, and what is refused (spec 05)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.speech import spoken
from tasks.domain.message import Message
from tasks.survey.acts import CASE_ACTS, MEASURE_ACTS, SORTS, Act, acted_on_case, acted_on_measure

TODAY, ON, BEFORE = dt.date(2026, 11, 20), dt.date(2026, 11, 19), dt.date(2026, 11, 18)
CASE = {
    "case": "7",
    "sort": "",
    "state": "open",
    "measure": "",
    "handled_on": None,
    "called_on": None,
    "closed_on": None,
}
SORTED, HANDLED = (
    CASE | {"sort": "help"},
    CASE | {"sort": "help", "state": "handled", "handled_on": BEFORE},
)
CLOSED, WITHDRAWN = CASE | {"state": "closed"}, CASE | {"state": "withdrawn"}
ACTION = {"number": "3", "kind": "action", "state": "open", "reason": ""}
PRAISE = ACTION | {"kind": "commendation"}


def act(what: str, day: int = 19, word: str = "", note: str = "") -> Act:
    return Act(what, TODAY.replace(day=day), TODAY, word, note)


@pytest.mark.parametrize(
    ("case", "done", "changed"),
    [
        (CASE, act("sort", word="help"), {"sort": "help"}),
        (HANDLED, act("sort", word="valid"), {"sort": "valid"}),
        (CASE, act("sort", word="rude"), "sort"),
        (CLOSED, act("sort", word="help"), "over"),
        (SORTED, act("handle", note=" 换货 "), {"state": "handled", "measure": "换货", "handled_on": ON}),
        (HANDLED, act("handle", note="退款"), {"state": "handled", "measure": "退款", "handled_on": ON}),
        (CASE, act("handle", note="换货"), "unsorted"),
        (SORTED, act("handle", note=" "), "no_measure"),
        (SORTED, act("handle", day=21, note="换货"), "ahead"),
        (WITHDRAWN, act("handle", note="换货"), "over"),
        (HANDLED, act("call"), {"state": "closed", "called_on": ON, "closed_on": ON}),
        (HANDLED, act("call", day=18), {"state": "closed", "called_on": BEFORE,
                                        "closed_on": BEFORE}),
        (HANDLED, act("call", day=17), "early"),
        (SORTED, act("call"), "unhandled"),
        (CLOSED, act("call"), "over"),
        (CASE, act("withdraw", note="误填"), {"state": "withdrawn", "measure": "误填", "closed_on": ON}),
        (CASE, act("withdraw"), "no_reason"),
        (CLOSED, act("withdraw", note="误填"), "over"),
        (CASE, act("verify"), "act"),
    ],
)  # fmt: skip
def test_a_case_goes_from_sorted_to_handled_to_called(
    case: dict[str, Any], done: Act, changed: dict[str, Any] | str
) -> None:
    assert outcome(acted_on_case(case, done)) == changed


@pytest.mark.parametrize(
    ("row", "done", "changed"),
    [
        (ACTION, act("done", note="培训"), {"state": "done", "reason": "培训"}),
        (ACTION, act("done"), "no_measure"),
        (PRAISE, act("done", note="培训"), "no_action"),
        (ACTION, act("verify"), "undone"),
        (ACTION | {"state": "done"}, act("verify"), {"state": "verified", "closed_on": ON}),
        (ACTION | {"state": "done"}, act("reopen", note="无效"), {"state": "open", "reason": "无效"}),
        (ACTION | {"state": "done"}, act("reopen"), "no_reason"),
        (ACTION | {"state": "verified"}, act("reopen", note="无效"), "over"),
        (ACTION, act("give"), "no_commendation"),
        (PRAISE, act("give"), {"state": "given", "closed_on": ON}),
        (PRAISE | {"state": "given"}, act("give"), "over"),
        (
            PRAISE,
            act("withdraw", note="误算"),
            {"state": "withdrawn", "reason": "误算", "closed_on": ON},
        ),
        (PRAISE | {"state": "withdrawn"}, act("withdraw", note="误算"), "over"),
        (PRAISE, act("give", day=21), "ahead"),
        (PRAISE, act("sort", word="help"), "act"),
    ],
)
def test_an_action_is_done_and_verified_and_a_commendation_given(
    row: dict[str, Any], done: Act, changed: dict[str, Any] | str
) -> None:
    assert outcome(acted_on_measure(row, done)) == changed


@given(st.lists(st.tuples(st.sampled_from(CASE_ACTS), st.integers(1, 21), st.sampled_from(SORTS)), max_size=12))
def test_whatever_people_do_a_closed_case_was_sorted_handled_and_called_in_this_order(
    done: list[tuple[str, int, str]],
) -> None:
    row: dict[str, Any] = dict(CASE)
    for what, day, word in done:
        changed = acted_on_case(row, act(what, day, word, "说明"))
        if not isinstance(changed, Message):
            assert row["state"] in {"open", "handled"}
            row |= changed
    if row["state"] == "closed":
        assert row["sort"] in SORTS
        assert row["handled_on"] <= row["called_on"] == row["closed_on"] <= TODAY


@given(st.sampled_from(CASE_ACTS), st.sampled_from(MEASURE_ACTS), st.integers(1, 28), st.sampled_from(["en", "zh_CN"]))
def test_every_refusal_is_a_sentence(what: str, other: str, day: int, language: str) -> None:
    rows: list[dict[str, Any]] = [CASE, SORTED, HANDLED, CLOSED, WITHDRAWN]
    refused = [acted_on_case(row, act(what, day)) for row in rows]
    refused += [acted_on_measure(row | {"state": state}, act(other, day)) for row in (ACTION, PRAISE)
                for state in ("open", "done", "verified", "given", "withdrawn")]  # fmt: skip
    for one in refused:
        assert not isinstance(one, Message) or spoken(one, language).endswith((".", "。"))


def outcome(changed: dict[str, Any] | Message) -> dict[str, Any] | str:
    return changed.key.rpartition(".")[2] if isinstance(changed, Message) else changed
