from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.golden import Story, expected_of, stories, told_by

STORIES = stories()


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_the_program_says_of_a_story_what_was_frozen(story: Story, tmp_path: Path) -> None:
    frozen, said = expected_of(story), told_by(story, tmp_path)
    if frozen != said:
        names = sorted(frozen.keys() | said.keys())
        changes = [line for name in names for line in _changes(name, frozen.get(name, ""), said.get(name, ""))]
        way_out = f"if this is right: python -m tests.golden {story.name}"
        pytest.fail("\n".join([story.tells, *changes, way_out]), pytrace=False)


def _changes(name: str, frozen: str, said: str) -> list[str]:
    lines = frozen.splitlines(), said.splitlines()
    return list(difflib.unified_diff(*lines, f"frozen {name}", f"now {name}", lineterm="", n=2))
