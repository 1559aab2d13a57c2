from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.golden import Story, begun, expected_of, stories, told_by
from tests.plans import plans, through_history

STORIES = stories()
# Between them they ask every question of the flow: carried and returned breaks of every kind, amended rows, answers,
# notices, quarantined cells, a month's end. They are played once, for what they say and for what they ask.
YEARS_BEHIND = {
    "agreed_transfers_at_month_end", "amended", "answered_by_workbook", "balance", "late_run", "ledger_late_by_notice",
    "open_transfer", "quarantined_rows", "stated_balance", "swap_incomplete", "unaudited", "written_off",
}  # fmt: skip


def test_the_stories_that_show_what_is_asked_are_there() -> None:
    assert {story.name for story in STORIES} >= YEARS_BEHIND


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_a_story_is_told_as_it_was_frozen_and_asks_nothing_of_all_that_ever_was(story: Story, tmp_path: Path) -> None:
    # Made beforehand: a migration may well go through everything.
    begun(story.folder.parent / "_company" / story.company)
    with plans() as seen:
        said = told_by(story, tmp_path)
    if story.name in YEARS_BEHIND:
        assert len(seen) > 30, "the runs asked nothing"
        assert not through_history(seen), "\n\n".join(through_history(seen))
    frozen = expected_of(story)
    if frozen != said:
        names = sorted(frozen.keys() | said.keys())
        changes = [line for name in names for line in _changes(name, frozen.get(name, ""), said.get(name, ""))]
        way_out = f"if this is right: python -m tests.golden {story.name}"
        pytest.fail("\n".join([story.tells, *changes, way_out]), pytrace=False)


def _changes(name: str, frozen: str, said: str) -> list[str]:
    lines = frozen.splitlines(), said.splitlines()
    return list(difflib.unified_diff(*lines, f"frozen {name}", f"now {name}", lineterm="", n=2))
