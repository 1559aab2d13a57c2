"""The cells of many forms are what a parser of their JSON makes of them, whatever people wrote."""

from __future__ import annotations

import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tasks.survey.cells import cells_of

_WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ['","', '"', "\\", '["', '"]', "", "很满意", "5", "\\u0041", "\n"]
)
_FORMS = st.integers(0, 4).flatmap(
    lambda many: st.tuples(st.just(many), st.lists(st.lists(_WRITTEN, min_size=many, max_size=many), max_size=6))
)


@given(_FORMS)
def test_every_cell_is_found_again(drawn: tuple[int, list[list[str]]]) -> None:
    many, forms = drawn
    texts = [json.dumps(form, ensure_ascii=False, separators=(",", ":")) for form in forms]
    word_of, words = cells_of(pa.array(texts, type=pa.large_string()), many)
    assert word_of.shape == (len(forms), many)
    assert [[words[at] for at in row] for row in word_of] == forms
    assert len(set(words)) == len(words)
