"""The cells of many forms, read from their JSON at once: each distinct word once, and which word stands where."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
_BETWEEN = '","'
_OPENS, _CLOSES, _ESCAPE = '["', '"]', "\\"


def cells_of(texts: pa.Array, many: int) -> tuple[Ints, list[str]]:
    """Which word stands in each cell (one row a text, `many` columns), and the words.

    `texts` are JSON arrays of `many` texts each. Without escapes and spaces between, as nearly all are, they are taken
    apart as they stand: no cell becomes an object of its own, which is what parsing fifteen million of them would cost.
    """
    plain = pc.and_(
        pc.and_(pc.starts_with(texts, _OPENS), pc.ends_with(texts, _CLOSES)),
        pc.and_(pc.invert(pc.match_substring(texts, _ESCAPE)), pc.equal(pc.count_substring(texts, _BETWEEN), many - 1)),
    ).to_numpy(zero_copy_only=False)
    if not many or not plain.any():
        return _parsed(texts, many)
    inner = pc.utf8_slice_codeunits(texts.filter(pa.array(plain)), len(_OPENS), -len(_CLOSES))
    cells = pc.split_pattern(inner, _BETWEEN).flatten().dictionary_encode()
    word_of = np.empty((len(texts), many), dtype=np.int64)
    word_of[plain] = cells.indices.to_numpy().reshape(-1, many)
    words = cells.dictionary.to_pylist()
    if not plain.all():
        others, their = _parsed(texts.filter(pa.array(~plain)), many)
        at = {word: place for place, word in enumerate(words)}
        places = [at.setdefault(word, len(at)) for word in their]
        word_of[~plain] = np.array(places, dtype=np.int64)[others]
        words = list(at)
    return word_of, words


def _parsed(texts: pa.Array, many: int) -> tuple[Ints, list[str]]:
    at: dict[str, int] = {}
    places = [at.setdefault(cell, len(at)) for text in texts.to_pylist() for cell in orjson.loads(text)]
    return np.array(places, dtype=np.int64).reshape(len(texts), many), list(at)
