"""What is wrong with the words of a command, in the reader's language: typer knows its own in English alone."""

from __future__ import annotations

import re
from typing import Any

import typer
from typer.exceptions import TyperException

from config.wording import wording

# What typer says where it gives the parts of its sentence no names of their own.
_SENTENCES = (
    ("command", r"No such command '(.+)'\."),
    ("extra", r"Got unexpected extra argument\(s\) \((.+)\)"),
    ("no_value", r"Option '(.+)' requires an argument\."),
    ("no_flag_value", r"Option '(.+)' does not take a value\."),
)


def wrong_words(wrong: TyperException, language: str) -> str:
    """The line that names the wrong word and what might be meant; typer's own line for what nobody has met yet."""
    if isinstance(wrong, typer.BadParameter):
        return _of_parameter(wrong, language)
    if type(wrong).__name__ == "NoSuchOption":
        option, similar = (getattr(wrong, name, None) for name in ("option_name", "possibilities"))
        known = wording(language, "cli.wrong.similar", words=", ".join(sorted(similar))) if similar else ""
        return wording(language, "cli.wrong.option", word=option) + known
    line = " ".join(wrong.format_message().split())
    for name, sentence in _SENTENCES:
        if found := re.fullmatch(sentence, line):
            return wording(language, f"cli.wrong.{name}", word=found[1])
    return line


def _of_parameter(wrong: typer.BadParameter, language: str) -> str:
    # typer names no types for these in public; its own errors bear the parameter, ours their finished words.
    parameter: Any = wrong.param
    if parameter is None:
        return wording(language, "cli.wrong.told", word=wrong.param_hint or "", why=wrong.message)
    word = max(parameter.opts, key=len)
    choices = [str(getattr(one, "value", one)) for one in parameter.type_descriptor.choices or ()]
    known = wording(language, "cli.wrong.known", words=", ".join(choices)) if choices else ""
    if type(wrong).__name__ == "MissingParameter":
        return wording(language, "cli.wrong.missing", word=word) + known
    least, most = (getattr(parameter, name, None) for name in ("min", "max"))
    if least is not None and most is not None:
        known = wording(language, "cli.wrong.range", least=least, most=most)
    elif parameter.type_descriptor.annotation is int:
        known = wording(language, "cli.wrong.whole")
    if not known:
        return wording(language, "cli.wrong.told", word=word, why=wrong.message)
    return wording(language, "cli.wrong.value", word=word) + known
