"""All wording for people, by language and key: the catalogues `catalogues/<language>/<area>.po`.

A key is written `area.name`, for example `stock_ledger.kind.QUANTITY`; the text may hold `{parameters}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

CATALOGUES = Path(__file__).with_name("catalogues")
LANGUAGES = ("zh_CN", "en")


class UnknownWording(KeyError):
    """A key stands in no catalogue of the language; the text names both."""


@cache
def area(language: str, name: str) -> Mapping[str, str]:
    """The wordings of one area in one language by their key within the area; raises UnknownWording for no such area."""
    from babel.messages.pofile import read_po

    path = CATALOGUES / language / f"{name}.po"
    if language not in LANGUAGES or not path.is_file():
        raise UnknownWording(f"{name} ({language})")
    with path.open("rb") as file:
        return MappingProxyType({str(one.id): str(one.string) for one in read_po(file, locale=language) if one.id})


def catalogue(language: str) -> Mapping[str, str]:
    """Every wording of one language by its whole key; raises UnknownWording for a language that is not shipped."""
    if language not in LANGUAGES:
        raise UnknownWording(language)
    names = sorted(path.stem for path in (CATALOGUES / language).glob("*.po"))
    return {f"{name}.{key}": text for name in names for key, text in area(language, name).items()}


def wording(language: str, key: str, /, **parameters: object) -> str:
    """The text of `key` in `language` with its parameters filled in; raises UnknownWording for an unknown key."""
    name, _, rest = key.partition(".")
    text = area(language, name).get(rest)
    if text is None:
        raise UnknownWording(f"{key} ({language})")
    return text.format_map(parameters) if parameters else text


def in_every_language(key: str, /, **parameters: object) -> str:
    """The text of `key` in every language, in one line: what ops see in the Prefect UI, whoever they are."""
    said = dict.fromkeys(wording(language, key, **parameters) for language in LANGUAGES)
    return " · ".join(said)
