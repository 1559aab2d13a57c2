"""The one door to jieba, which divides Chinese text into words."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

Segment = Callable[[str], tuple[str, ...]]
"""The words of a text in their order, signs and spaces among them."""
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def segmenter(folder: Path) -> Segment:
    """What divides texts into words; its dictionary is read when the first Chinese text comes, and kept in `folder`.

    `folder` is made where it is not there. Nothing is read from or written to the folder for temporary files of all
    users, where jieba would trust whatever lies under its name.
    """
    loaded: list[Any] = []

    def words(text: str) -> tuple[str, ...]:
        if not _CHINESE.search(text):
            return tuple(_WORD.findall(text))
        if not loaded:
            loaded.append(_tokenizer(folder))
        return tuple(loaded[0].lcut(text))

    return words


def _tokenizer(folder: Path) -> Any:
    with warnings.catch_warnings():
        # Old ways of writing in the library itself.
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(folder)
    tokenizer.initialize()
    return tokenizer
