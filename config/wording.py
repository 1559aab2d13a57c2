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
def catalogue(language: str) -> Mapping[str, str]:
    """Every wording of one language by its key; raises UnknownWording for a language that is not shipped."""
    from babel.messages.pofile import read_po

    if language not in LANGUAGES:
        raise UnknownWording(language)
    texts: dict[str, str] = {}
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    texts[f"{path.stem}.{message.id}"] = str(message.string)
    return MappingProxyType(texts)


def wording(language: str, key: str, /, **parameters: object) -> str:
    """The text of `key` in `language` with its parameters filled in; raises UnknownWording for an unknown key."""
    texts = catalogue(language)
    if key not in texts:
        raise UnknownWording(f"{key} ({language})")
    return texts[key].format_map(parameters) if parameters else texts[key]
