"""What customers wrote: by department and rating, masked, and its most frequent words (spec 05: remarks)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tasks.adapters.segmentation import segmenter
from tasks.survey.policy import Policy
from tasks.survey.remarks import remarks_of, words_of
from tasks.survey.shapes import REMARKS
from tests.survey.drawn_forms import drawn_forms, framed

POLICY = Policy(answers={})
FORMS = """
form | department | product | overall | 质量 | remark
W-5  | 二部       | 轮胎    | 1       | 5    | 太慢
W-2  | 一部       | -       | 5       | 4    | 很好，电话13800138000
W-3  | 一部       | -       | 5       | 1    | 轮胎旧
W-4  | 一部       | -       | 3       | 5    | 一般
W-6  | 一部       | -       | -       | ?    | 无所谓
W-7  | 一部       | -       | 2       | 5    | -
W-1  | 一部       | -       | 5       | 5    | 旧话
W-1  | 一部       | -       | 2       | 5    | 新话
"""


def remarks(table: str = FORMS) -> pd.DataFrame:
    drawn = drawn_forms(table)
    return remarks_of(drawn.forms, drawn.answers, drawn.questions, POLICY)


def test_remarks_stand_by_department_and_rating_with_the_item_complained_of() -> None:
    shown = remarks()[["place", "department", "rating", "form", "text", "question"]]
    assert shown.to_numpy().tolist() == [
        [1, "一部", "dissatisfied", "W-1", "新话", ""],
        [2, "一部", "dissatisfied", "W-3", "轮胎旧", "质量"],
        [3, "一部", "neutral", "W-4", "一般", ""],
        [4, "一部", "neutral", "W-6", "无所谓", ""],
        [5, "一部", "satisfied", "W-2", "很好，电话***", ""],
        [6, "二部", "dissatisfied", "W-5", "太慢", ""],
    ]


def test_forms_without_remarks_have_none() -> None:
    assert remarks("form | 质量\nW-1 | 5").empty
    assert remarks("form | 质量").empty
    assert remarks("form | remark\nW-1 | 好")["rating"].tolist() == ["satisfied"]


def words(table: str, policy: Policy) -> list[tuple[str, int, int]]:
    found = words_of(framed(REMARKS, table), str.split, policy)
    return list(found.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("table", "found"),
    [
        # A word counts once for each form.
        ("form | rating | text\nW-1 | dissatisfied | 慢 慢 慢\nW-2 | satisfied | 慢", [("慢", 2, 1)]),
        # Stop words, signs, numbers and single letters are none; letters count in lower case and half width.
        ("form | rating | text\nW-1 | satisfied | 的 *** ， 12 3.5 a Slow ＳＬＯＷ", [("slow", 1, 0)]),
        # The more frequent first, then those of dissatisfied forms, then by the sign.
        (
            "form | rating | text\nW-1 | satisfied | 好 快\nW-2 | satisfied | 好\nW-3 | dissatisfied | 旧",
            [("好", 2, 0), ("旧", 1, 1), ("快", 1, 0)],
        ),
        ("form", []),
    ],
)
def test_the_most_frequent_words_count_forms(table: str, found: list[tuple[str, int, int]]) -> None:
    assert words(table, Policy(answers={}, stop_words=frozenset({"的"}))) == found


def test_no_more_words_are_shown_than_the_house_wants() -> None:
    assert words("form | text\nW-1 | 好 快 旧", Policy(answers={}, words_shown=2)) == [("好", 1, 0), ("快", 1, 0)]


def test_chinese_is_divided_into_words_with_a_dictionary_kept_in_the_given_folder(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    divided = segmenter(folder)
    assert divided("very slow, don't come") == ("very", "slow", "don't", "come")
    assert not folder.exists()
    assert divided("服务态度很好") == ("服务态度", "很", "好")
    assert [path.name for path in folder.iterdir()] == ["jieba.cache"]
    # Once more with what was kept.
    assert segmenter(folder)("服务态度很好") == ("服务态度", "很", "好")


def test_a_damaged_dictionary_in_the_folder_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "jieba.cache").write_bytes(b"damaged")
    assert "轮胎" in segmenter(tmp_path)("轮胎旧")
