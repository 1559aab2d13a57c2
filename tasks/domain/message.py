"""A sentence for people before it has a language: a catalogue key and its parameters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import orjson

WORDS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Message:
    """A wording to be: `key` in the catalogues and parameters that are texts or messages themselves."""

    key: str
    parameters: tuple[tuple[str, str | Message], ...] = field(default=())

    def to_json(self) -> str:
        """A text that `message_from_json` turns back into an equal message; the same message gives the same text."""
        plain = _plain(self)
        try:
            return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode()
        except TypeError:
            # A lone surrogate, which somebody typed.
            return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def message(key: str, /, **parameters: str | int | Message) -> Message:
    """The message of `key`; whole numbers become texts."""
    if not parameters:
        return _bare(key)
    named = [(name, value if isinstance(value, Message) else str(value)) for name, value in sorted(parameters.items())]
    return Message(key, tuple(named))


@lru_cache(maxsize=WORDS_KEPT)
def _bare(key: str) -> Message:
    return Message(key)


def message_from_json(text: str) -> Message:
    """The message that `Message.to_json` wrote; raises ValueError on any other text."""
    return _built(json.loads(text))


def keys_of(one: Message) -> Iterable[str]:
    """Every catalogue key that `one` needs, its own first."""
    yield one.key
    for _, value in one.parameters:
        if isinstance(value, Message):
            yield from keys_of(value)


def _plain(value: str | Message) -> object:
    if isinstance(value, Message):
        return {"key": value.key, "with": {name: _plain(inner) for name, inner in value.parameters}}
    return value


def _built(plain: object) -> Message:
    if not isinstance(plain, dict) or set(plain) != {"key", "with"}:
        raise ValueError(f"not a message: {plain!r}")
    inner = {name: _built(value) if isinstance(value, dict) else str(value) for name, value in plain["with"].items()}
    return Message(str(plain["key"]), tuple(sorted(inner.items())))
