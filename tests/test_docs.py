"""The pages for ops say what is: each test's name is the rule."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import prefect.settings
import pytest
import typer

from config.settings import DEFAULTS
from flows.__main__ import app
from flows.deployments import DEPLOYMENTS
from tests import house

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = ROOT / "docs/operations.md", ROOT / "docs/operations.zh.md"
PAGES = pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["en", "zh"])
_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


def _blocks(page: Path) -> list[str]:
    return _FENCE.findall(page.read_text(encoding="utf-8"))


def _tokens(page: Path) -> list[str]:
    return _INLINE.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def _shown_commands(page: Path) -> list[list[str]]:
    lines = [line for block in _blocks(page) for line in block.splitlines()] + _tokens(page)
    found = [part for line in lines for part in re.findall(r"(?:^|&& )(daybook [a-z].*)", line)]
    return [shlex.split(one, comments=True)[1:] for one in found]


def _wrong(words: list[str]) -> str:
    """What of a command does not exist, "" for nothing."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    # Only groups have commands.
    while (known := getattr(command, "commands", None)) and rest:
        if rest[0] not in known:
            return f"{' '.join(words)}: no command {rest[0]}"
        command = known[rest.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    missing = [word for word in rest if word.startswith("-") and word not in options]
    return f"{' '.join(words)}: no option {missing[0]}" if missing else ""


def _keys(table: dict[str, object]) -> set[str]:
    inner = [_keys(value) for value in table.values() if isinstance(value, dict)]
    return set(table).union(*inner)


def test_both_pages_have_the_same_headings_tables_and_commands() -> None:
    shapes = []
    for page in (ENGLISH, CHINESE):
        prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
        levels = [line.split()[0] for line in prose.splitlines() if line.startswith(("#", "|"))]
        commands = [re.sub(r" +#.*", "", block) for block in _blocks(page)]
        shapes.append((levels, commands))
    assert shapes[0] == shapes[1]


def test_both_pages_name_the_same_things_in_each_section() -> None:
    named = []
    for page in (ENGLISH, CHINESE):
        sections = re.split(r"^## ", _FENCE.sub("", page.read_text(encoding="utf-8")), flags=re.MULTILINE)
        words = re.compile(r"[a-z_]+_[a-z_]+|\[[a-z_]+\]|[A-Z]+_[A-Z_]+|daybook [a-z-]+|[a-z]+-[a-z]+")
        named.append([{word for token in _INLINE.findall(one) for word in words.findall(token)} for one in sections])
    assert named[0] == named[1]


@PAGES
def test_every_command_shown_exists(page: Path) -> None:
    commands = _shown_commands(page)
    assert len(commands) > 10
    assert not [said for words in commands if (said := _wrong(words))]


def test_a_command_or_option_that_is_none_would_be_seen() -> None:
    assert _wrong(["mail", "post"])
    assert _wrong(["run", "stock-ledger", "--day", "2026-11-20"])


@PAGES
def test_every_settings_key_and_section_named_exists(page: Path) -> None:
    known = _keys(tomllib.loads(DEFAULTS.read_text(encoding="utf-8")))
    datasets = set(tomllib.loads((ROOT / "config/datasets.toml").read_text(encoding="utf-8")))
    named = {token for token in _tokens(page) if re.fullmatch(r"[a-z]+(_[a-z]+)+|\[[a-z_]+\]", token)}
    assert {token.strip("[]") for token in named} <= known | datasets


@PAGES
def test_every_file_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    tracked = set(house.tracked())
    linked = [(page.parent / path).resolve() for path in re.findall(r"\]\(([^)]+)\)", text)]
    installed = [path for path in re.findall(r"/opt/daybook/([\w./-]+)", text) if not path.startswith(".venv")]
    named = [path.relative_to(ROOT).as_posix() for path in linked] + installed
    assert named
    assert not [path for path in named if path not in tracked]


@PAGES
def test_every_variable_named_is_known_to_daybook_or_prefect(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    own = "".join(
        path.read_text(encoding="utf-8") for room in ("flows", "config") for path in (ROOT / room).glob("*.py")
    )
    assert not [name for name in set(re.findall(r"DAYBOOK_[A-Z_]+", text)) if name not in own]
    prefects = set(re.findall(r"PREFECT_(?:API|SERVER)_[A-Z_]+", text))
    assert not [name for name in prefects if not hasattr(prefect.settings, name)]


@PAGES
def test_every_deployment_is_told_of(page: Path) -> None:
    assert {one.name for one in DEPLOYMENTS} <= set(_tokens(page))


@PAGES
def test_a_page_stays_within_250_lines(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 250
