"""What is wrong with a setting, as a wording: the key that people wrote, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

# Set by variables of the environment and so no words of the file.
ELSEWHERE = frozenset({"home", "database_url"})
_KEYS = {
    "missing": "settings.missing",
    "bool_type": "settings.true_or_false",
    "bool_parsing": "settings.true_or_false",
    "string_type": "settings.text",
    "tuple_type": "settings.list",
    "dict_type": "settings.section",
    "model_type": "settings.section",
    "model_attributes_type": "settings.section",
    "too_short": "settings.not_empty",
    "string_too_short": "settings.not_empty",
}
_LIMITS = {
    "greater_than": ("settings.more_than", "gt"),
    "greater_than_equal": ("settings.at_least", "ge"),
    "less_than_equal": ("settings.at_most", "le"),
}
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def fault(error: ErrorDetails, shape: type[BaseModel]) -> tuple[str, dict[str, object]]:
    """The key of the wording that says what is wrong, and its parameters; `shape` is what the whole file must be."""
    kind, where, given = error["type"], error["loc"], error.get("ctx", {})
    if kind.startswith("settings."):
        return kind, dict(given)
    if kind == "extra_forbidden":
        known = sorted(set(_shape_at(where[:-1], shape).model_fields) - ELSEWHERE)
        near = get_close_matches(str(where[-1]), known, n=1)
        return ("settings.unknown_near", {"near": near[0]}) if near else ("settings.unknown", {"known": _listed(known)})
    if kind == "literal_error":
        return "settings.one_of", {"known": _listed(get_args(_shape_at(where, shape)))}
    if kind in _LIMITS:
        key, limit = _LIMITS[kind]
        return key, {"limit": given[limit]}
    return ("settings.whole_number" if kind.startswith("int_") else _KEYS.get(kind, "settings.wrong")), {}


def toml_fault(said: str) -> tuple[str, dict[str, object]]:
    """The same of a file that is not written as TOML, by what the parser `said` of it."""
    found = _PLACE.search(said)
    return ("settings.toml", {"line": found[1], "column": found[2]}) if found else ("settings.toml_end", {})


def _shape_at(where: tuple[int | str, ...], shape: Any) -> Any:
    """The type that stands at a path of keys and places."""
    for part in where:
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            shape = shape.model_fields[str(part)].annotation
        else:
            shape = get_args(shape)[1 if get_origin(shape) in (dict, Mapping) else 0]
    return shape


def _listed(names: Any) -> str:
    return ", ".join(map(str, names))
