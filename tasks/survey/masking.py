"""Personal data in what people write: telephone and identity numbers, plates, mail addresses (spec 05: masked)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

MASK = "***"
_TEXTS_KEPT = 65_536
# The longest that is looked for is a bank card, each digit by itself.
_GROUPS_MAX = 19
_GROUP_MIN = 3
_BESIDE = 10
# With the code of the country (ITU E.164).
_FOREIGN = range(8, 16)
_WRITTEN_AMERICAN = (3, 3, 4)

# What people write between the digits of one number.
_GAP = re.compile(r"[\s\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff._·•()/]{0,3}")
_GROUP = re.compile(r"\d+")
_CHECK_LETTER = re.compile(rf"x|{_GAP.pattern}x(?![a-z])")
_CARD = re.compile(r"62\d{14,17}")
# Two numbers may stand together without a gap; 0 is what one dials before a mobile number of another city.
_MOBILE = re.compile(r"(?:(?:00)?86|0)?(?:1[3-9]\d{9})+")
_SERVICE = re.compile(r"[48]00\d{7}|00(?:852|853|886)\d{8,9}")
_LANDLINE = re.compile(r"(?:(?:00)?86)?0?(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}")
_AREA = re.compile(r"(?:(?:00)?86)|0(?:10|2\d|[3-9]\d\d)")
_AMERICAN = re.compile(r"[2-9]\d\d[2-9]\d{6}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_CALLED = re.compile(r"(?:电话|座机|手机|号码|致电|回电|tel|phone|call)(?!.*\d)")
_REGION = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}"
_BORN = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(rf"{_REGION}(?:(?:18|19|20)\d\d{_BORN}\d{{3}}[\dx]|\d\d{_BORN}\d{{3}})")
_WRITTEN = re.compile(
    # An address of mail.
    r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]+\s?@\s?[a-z0-9\-]+(?:\.[a-z0-9\-]+)+"
    # A plate: the province, its office, five signs or six for new energy, at least three of them digits.
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][\s·•.\-]?[a-hj-z][\s·•.\-]{0,2}"
    r"(?=(?:[a-z]*\d){3})(?:[a-hj-np-z0-9]{5,6}|[a-hj-np-z0-9]{4}[挂学警港澳])(?![a-z0-9])"
    # A Chinese passport, unless it may be a number made of a day.
    r"|(?<![a-z0-9])(?:[eg](?!(?:19|20)\d\d(?:0[1-9]|1[0-2]))\d{8}|e[a-z]\d{7})(?![a-z0-9])"
    # A mobile number in words.
    r"|[一幺][三四五六七八九][零〇一二三四五六七八九幺]{9}(?!\d)"
    # A name in a messenger that holds a number.
    r"|(?:微信|weixin|wechat|qq|vx)[号id\s:是为]{0,5}(?=(?:[a-z_\-]*\d){4})[a-z0-9_\-]{5,20}"
)


@lru_cache(maxsize=_TEXTS_KEPT)
def masked(text: str) -> str:
    """`text` with each telephone and identity number, bank card, number plate and mail address as `***`.

    However it is spaced, in full-width signs or in the middle of words; what is glued to further digits is another
    number. Amounts, dates and the numbers of forms stay.
    """
    plain = "".join(map(_plain, text))
    spans = sorted([*(found.span() for found in _WRITTEN.finditer(plain)), *_numbers(plain)])
    parts, at = [], 0
    for first, end in spans:
        if first >= at:
            parts += [text[at:first], MASK]
        at = max(at, end)
    return "".join((*parts, text[at:])) if parts else text


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """The same sign as one of half width and in lower case, or itself."""
    plain = unicodedata.normalize("NFKC", sign).lower()
    return plain if len(plain) == 1 else sign


def _numbers(plain: str) -> Iterator[tuple[int, int]]:
    """Where personal numbers stand: the longest from the left."""
    groups = [found.span() for found in _GROUP.finditer(plain)]
    at = 0
    while at < len(groups):
        for size in range(_joined(plain, groups[at : at + _GROUPS_MAX]), 0, -1):
            own = groups[at : at + size]
            end = _personal(plain, own)
            if end:
                yield _begun(plain, own[0][0], end), end
                at += size
                break
        else:
            at += 1


def _begun(plain: str, first: int, end: int) -> int:
    """Where it begins with the plus sign and the opening bracket that belong to it."""
    first -= plain.endswith("+", 0, first)
    inside = plain[first:end]
    return first - (plain.endswith("(", 0, first) and inside.count(")") > inside.count("("))


def _joined(plain: str, groups: Sequence[tuple[int, int]]) -> int:
    """How many of the groups of digits may be one number, from the first on."""
    size = 1
    while size < len(groups) and _GAP.fullmatch(plain, groups[size - 1][1], groups[size][0]):
        size += 1
    return size


def _personal(plain: str, groups: Sequence[tuple[int, int]]) -> int:
    """Where the personal number ends that these groups of digits are together; 0 where they are none."""
    digits = "".join(plain[first:end] for first, end in groups)
    lengths = [end - first for first, end in groups]
    first, end = groups[0][0], groups[-1][1]
    letter = _CHECK_LETTER.match(plain, end)
    if letter and _IDENTITY.fullmatch(digits + "x"):
        return letter.end()
    if _IDENTITY.fullmatch(digits) or _foreign(plain[:first], digits):
        return end
    # Pairs and single digits beside others are dates, times and amounts, unless it is all single digits.
    dialled = lengths[1:] if _AREA.fullmatch(digits[: lengths[0]]) else lengths
    if min(dialled, default=_GROUP_MIN) < _GROUP_MIN and max(lengths) > 1:
        return 0
    known = _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits) or _landline(digits) or _american(digits, lengths)
    return end if known or _CARD.fullmatch(digits) or _local(plain[:first], digits) else 0


def _landline(digits: str) -> bool:
    """Whether it is a landline with the code of its city, which begins with 0 or follows that of the country."""
    return digits.startswith(("0", "86")) and _LANDLINE.fullmatch(digits) is not None


def _foreign(before: str, digits: str) -> bool:
    """Whether a plus sign makes it a number of any country."""
    return before.endswith("+") and len(digits) in _FOREIGN


def _american(digits: str, lengths: Sequence[int]) -> bool:
    """Whether it is one of North America, which is known by how it is written."""
    return tuple(lengths) == _WRITTEN_AMERICAN and _AMERICAN.fullmatch(digits) is not None


def _local(before: str, digits: str) -> bool:
    """Whether it is a number without the code of its city, which only the words before it tell."""
    told = _CALLED.search(before[-_BESIDE:])
    return bool(told) and _LOCAL.fullmatch(digits) is not None and not _DATE.fullmatch(digits)
