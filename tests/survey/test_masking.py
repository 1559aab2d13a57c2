"""What personal data looks like in remarks, and what must stay as it was written (spec 05: masked)."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tasks.survey.masking import MASK, masked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("电话13800138000，谢谢", "电话***，谢谢"),
        ("打138-0013-8000或138 0013 8000", "打***或***"),
        ("１３８００１３８０００", "***"),
        ("1 3 8 0 0 1 3 8 0 0 0", "***"),
        ("+86 138 0013 8000", "***"),
        ("打(+86)13800138000", "打***"),
        ("(打13800138000)", "(打***)"),
        ("008613800138000", "***"),
        ("1380013800013900139000", "***"),
        ("0371-65888888转801", "***转801"),
        ("（010）8888 8888", "***"),
        ("座机65888888", "座机***"),
        ("Tel. 6588 8888", "Tel. ***"),
        ("+44 20 7946 0958", "***"),
        ("415-555-2671", "***"),
        ("身份证410105199001011234", "身份证***"),
        ("41010519900101123X。", "***。"),
        ("４１０１０５ １９９００１０１ １２３ｘ", "***"),
        ("410105900101123", "***"),
        ("11010519000101000XA", "***A"),
        ("卡号6222 0212 3456 7890 128", "卡号***"),
        ("6222021234567890123", "***"),
        ("护照E12345678", "护照***"),
        ("00852-2345 6789", "***"),
        ("400-800-1234", "***"),
        ("一三八零零一三八零零零", "***"),
        ("豫A·12345挡路", "***挡路"),
        ("车牌豫Ａ１２３４５", "车牌***"),
        ("粤BD12345停在门口", "***停在门口"),
        ("zhang.san@example.com.cn谢谢", "***谢谢"),
        ("微信号：abc12345", "***"),
    ],
)
def test_personal_data_is_masked(written: str, shown: str) -> None:
    assert masked(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "",
        "服务很好，谢谢！",
        "2026-11-20 13:00 在1805房等了40分钟",
        "2026年11月20日付了1,234.56元",
        "20261120",
        "电话20261120打过",
        "问卷W-0012、FORM-2026-11-0001、2026110001",
        "票号26117000000012345678",
        "186 2026-11-20",
        "房间15 2026-11-20 8点",
        "13:30-14:50 共 18 20 35 40",
        "数量13900 00000件",
        "新A级服务，新Apple15不错",
        "wechat payment is slow",
        "时间202611220930150",
        "三年 10 次，1 3 5 都来",
        "G20261120",
    ],
)
def test_ordinary_words_amounts_dates_and_form_numbers_stay(written: str) -> None:
    assert masked(written) == written


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


MOBILES = st.builds(str.__add__, st.sampled_from([f"1{at}" for at in range(3, 10)]), digits(9))
BORN = st.dates().map(lambda day: day.strftime("%m%d"))
IDENTITIES = st.builds(
    lambda region, year, born, rest, last: f"{region}0105{year}{born}{rest}{last}",
    st.sampled_from(["11", "31", "41", "44", "65"]), st.integers(1900, 2026), BORN, digits(3),
    st.sampled_from("0123456789Xx"),
)  # fmt: skip
PLATES = st.builds(
    lambda province, office, number: province + office + number,
    st.sampled_from("京沪豫粤新"), st.sampled_from("ABCDEFGH"), st.sampled_from(["12345", "A1234", "D12345", "1234F"]),
)  # fmt: skip
MAILS = st.from_regex(r"[a-z][a-z0-9.]{0,8}[a-z]@[a-z]{2,8}\.(com|cn|com\.cn)", fullmatch=True)
AROUND = st.text(st.sampled_from("的，。 好慢A/（）:电话tel\n"), max_size=8)


def _spaced(number: str, gap: str) -> str:
    return gap.join((number[:3], number[3:7], number[7:]))


WRITTEN = st.one_of(
    MOBILES,
    st.builds(_spaced, MOBILES, st.sampled_from(["-", " ", "　", " - ", "."])),
    MOBILES.map(" ".join),
    MOBILES.map(lambda number: number.translate({ord(str(at)): chr(0xFF10 + at) for at in range(10)})),
    IDENTITIES,
    st.builds(lambda region, tail: f"{region}-{tail}", st.sampled_from(["010", "0371", "021"]), st.just("65888888")),
)


@given(AROUND, WRITTEN, AROUND)
def test_no_telephone_or_identity_number_is_left_whatever_surrounds_it(before: str, number: str, after: str) -> None:
    left = masked(before + number + after)
    assert MASK in left
    assert not re.search(r"\d{4}", left)


@given(AROUND, st.one_of(PLATES, MAILS), AROUND)
def test_no_plate_or_address_is_left_whatever_surrounds_it(before: str, written: str, after: str) -> None:
    # Letters glued to it are part of another word.
    assume(not re.match(r"[A-Za-z]", after) and not re.search(r"[A-Za-z.]$", before))
    assert written not in masked(before + written + after)


@given(st.text(st.sampled_from("0123456789-. 的电话XA@:年豫"), max_size=60))
def test_what_is_masked_stays_as_it_is(text: str) -> None:
    once = masked(text)
    assert masked(once) == once


@given(
    st.text(st.characters(exclude_categories=["Nd", "No", "Nl", "Lo", "Cs"], exclude_characters="@＠﹫"), max_size=60)
)
def test_a_text_without_digits_and_addresses_stays(text: str) -> None:
    assert masked(text) == text


@given(MOBILES, MOBILES, st.sampled_from([" ", "，", "/", "、", ""]))
def test_two_numbers_beside_one_another_are_both_masked(one: str, other: str, between: str) -> None:
    assert not re.search(r"\d", masked(one + between + other))
