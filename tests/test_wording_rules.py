"""The rules of wording: what people read stands in the catalogues, in both languages alike."""

from __future__ import annotations

import ast
import re
from collections import Counter

from config.wording import catalogue
from tests import house

# A key is "area.name"; the areas are the catalogues' own. "…" stands where the code goes on with a value.
KEY = re.compile(r"^([a-z_]+)\.([A-Za-z0-9_.\-]+…?|…)$")
QUOTED = re.compile(r"""["']([a-z_]+\.[A-Za-z0-9_.\-]*)["'](\s*~)?""")
FILES = (".j2", ".po", ".css", ".toml", ".xlsx", ".csv", ".html", ".txt")


def _named(lines: list[str]) -> str:
    return "\n".join(sorted(lines))


def test_both_languages_have_the_same_wording_keys() -> None:
    chinese, english = (catalogue(language) for language in house.LANGUAGES)
    missing = [f"{key}: not in en" for key in chinese.keys() - english.keys()]
    missing += [f"{key}: not in zh_CN" for key in english.keys() - chinese.keys()]
    assert not missing, _named(missing)


def test_both_languages_take_the_same_parameters() -> None:
    chinese, english = (catalogue(language) for language in house.LANGUAGES)
    uneven = [
        f"{key}: {sorted(house.parameters(chinese[key]))} in zh_CN, {sorted(house.parameters(english[key]))} in en"
        for key in chinese.keys() & english.keys()
        if house.parameters(chinese[key]) != house.parameters(english[key])
    ]
    assert not uneven, _named(uneven)


def test_no_wording_is_empty_and_no_key_stands_twice() -> None:
    wrong = []
    for path in house.tracked():
        if path.startswith("config/catalogues/") and path.endswith(".po"):
            lines = (house.ROOT / path).read_text(encoding="utf-8").splitlines()
            keys = Counter(line for line in lines if line.startswith("msgid ") and line != 'msgid ""')
            wrong += [f"{path}: {key} stands {times} times" for key, times in keys.items() if times > 1]
    wrong += [
        f"{key} ({language}) is empty"
        for language in house.LANGUAGES
        for key, text in catalogue(language).items()
        if not text
    ]
    assert not wrong, _named(wrong)


def _said_in_code() -> list[tuple[str, str]]:
    """(where, key) of every text in the code that has the shape of a key; a key that goes on ends with a dot."""
    said = []
    for source in house.sources("flows", "tasks"):
        begun = {
            id(node.values[0]) for node in source.nodes if isinstance(node, ast.JoinedStr) and len(node.values) > 1
        }
        said += [(source.at(node), text + "…" * (id(node) in begun)) for text, node in house.texts(source)]
    return said


def _said_in_templates() -> list[tuple[str, str]]:
    said = []
    for path in house.tracked():
        if path.startswith("templates/") and path.endswith(".j2"):
            text = (house.ROOT / path).read_text(encoding="utf-8")
            said += [(path, found[1] + "…" * bool(found[2])) for found in QUOTED.finditer(text)]
    return said


def test_every_wording_key_in_code_and_templates_stands_in_the_catalogues() -> None:
    known = catalogue("zh_CN")
    areas = {key.partition(".")[0] for key in known} | {*house.processes()}
    unknown = []
    for where, text in {*_said_in_code(), *_said_in_templates()}:
        key = KEY.match(text)
        if not key or key[1] not in areas or text.endswith(FILES):
            continue
        there = any(one.startswith(text[:-1]) for one in known) if text.endswith("…") else text in known
        if not there:
            unknown.append(f"{where}: {text}")
    assert not unknown, _named(unknown)


def test_messages_fill_exactly_the_parameters_of_their_wording() -> None:
    known = catalogue("zh_CN")
    uneven = []
    for source in house.sources("flows", "tasks"):
        for name, node in house.calls(source):
            if name.rpartition(".")[2] not in {"wording", "message"} or any(
                given.arg is None for given in node.keywords
            ):
                continue
            keys = [
                a.value
                for a in node.args[:2]
                if isinstance(a, ast.Constant) and isinstance(a.value, str) and a.value in known
            ]
            given = {keyword.arg for keyword in node.keywords}
            uneven += [
                f"{source.at(node)}: {key} gets {sorted(map(str, given))}, not {sorted(house.parameters(known[key]))}"
                for key in keys
                if given != house.parameters(known[key])
            ]
    assert not uneven, _named(uneven)


def test_wording_for_people_stands_in_catalogues_and_not_in_the_code() -> None:
    found = [
        f"{source.at(node)}: {text.strip()[:40]}"
        for source in house.sources("flows", "tasks", "templates")
        for text, node in house.texts(source, patterns=False)
        if house.CHINESE.search(text)
    ]
    # A pattern that reads what people wrote is grammar and may stand beside its reader.
    assert not found, "Chinese words belong to config (catalogues, words, datasets):\n" + _named(found)


def test_templates_hold_no_wording_of_their_own() -> None:
    found = []
    for path in house.tracked():
        if path.startswith("templates/") and path.endswith(".j2"):
            text = re.sub(r"\{#.*?#\}", "", (house.ROOT / path).read_text(encoding="utf-8"), flags=re.DOTALL)
            found += [f"{path}: {line.strip()[:60]}" for line in text.splitlines() if house.CHINESE.search(line)]
    assert not found, _named(found)
