from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.golden import Story, expected_of, stories, told_by

STORIES = stories()


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_the_program_says_of_a_story_what_was_frozen(story: Story, tmp_path: Path) -> None:
    frozen, said = expected_of(story), told_by(story, tmp_path)
    changes = [
        line
        for name in sorted(frozen.keys() | said.keys())
        for line in difflib.unified_diff(
            frozen.get(name, "").splitlines(), said.get(name, "").splitlines(), f"frozen {name}", f"now {name}", "", "", 2
        )
    ]
    if frozen != said:
        pytest.fail("\n".join([story.tells, *changes, f"if this is right: python -m tests.golden {story.name}"]), pytrace=False)
