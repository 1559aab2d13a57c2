"""What a remark names in passing: a transfer order, a packing list.

Source: spec 01, movement categories.

People write these in their own words, so each rule reads the remark after NFKC, in simplified or traditional
characters or in English. Every distinct remark is read once.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.keys import code_key
from tasks.domain.texts import distinct

_CODE = r"(?=[0-9A-Za-z\-_/]*\d)[0-9A-Za-z][0-9A-Za-z\-_/]*"
_ORDER = re.compile(
    rf"(?:[调調][拨撥]?[单單](?:[编編]?[号號])?|transfer\s*order(?:\s*(?:no|number)\b\.?)?)\s*[:#]?\s*({_CODE})"
    r"|(?<![0-9A-Za-z])(DB[\-_ ]?\d[0-9A-Za-z\-_]*)",
    re.IGNORECASE,
)
_PACKING_LIST = re.compile(
    rf"(?:[装裝]?箱[单單号號](?:[编編]?[号號])?|packing\s*list(?:\s*(?:no|number)\b\.?)?)\s*[:#]?\s*{_CODE}",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?<!\d)(?:\d{4}[\-/.年])?\d{1,2}[\-/.月]\d{1,2}日?(?![\d\-])|(?<!\d)(?:\d{4}年)?\d{1,2}月")
# A code has letters and digits, or digits joined by dashes, or at least four digits: a bare small number is a quantity.
_LIKE_A_CODE = re.compile(
    r"(?<![0-9A-Za-z])(?:(?=[0-9\-_/]*[A-Za-z])(?=[A-Za-z\-_/]*\d)[0-9A-Za-z][0-9A-Za-z\-_/]*|\d+[\-_]\d+|\d{4,})"
)


def named_orders(order: pd.Series[str], remark: pd.Series[str]) -> pd.Series[str]:
    """Every row's transfer order as a code key: that of its own column, else the first its remark names, else ""."""
    unsaid = ((order == "") & (remark != "")).to_numpy(dtype=np.bool_)
    if not unsaid.any():
        return order.astype("str")
    said = distinct(remark[unsaid])
    named = order.to_numpy(dtype=object, copy=True)
    named[unsaid] = said.each([named_order("", text) for text in said.texts])
    return pd.Series(named, index=order.index, dtype="str")


def packing_lists_named(order: pd.Series[str], remark: pd.Series[str]) -> npt.NDArray[np.bool_]:
    """Per row whether its remark names a packing list: any code that is neither the transfer order nor a date."""
    said = distinct(remark)
    lists = [_packing_list_of(text) for text in said.texts]
    sure = said.flags([one is None for one in lists])
    at = np.flatnonzero(said.flags([bool(one) for one in lists]))
    codes = np.array([one or "" for one in lists], dtype=object)[said.codes[at]]
    sure[at] = codes != order.iloc[at].to_numpy(dtype=object)
    return sure


def named_order(order: str, remark: str) -> str:
    """`order` unless blank, else the key of the first transfer order in `remark` (调拨单号:DB-1, DB-1), else ""."""
    if order:
        return order
    found = _ORDER.search(unicodedata.normalize("NFKC", remark))
    return code_key(found.group(1) or found.group(2)) if found else ""


def names_packing_list(order: str, remark: str) -> bool:
    """Whether `remark` holds the code of a packing list; the codes of transfer orders and dates are none."""
    code = _packing_list_of(remark)
    return code is None or code not in ("", order)


def _packing_list_of(remark: str) -> str | None:
    """None if `remark` names a packing list whatever the order, else its only code (the order's own, perhaps) or ""."""
    text = unicodedata.normalize("NFKC", remark)
    if _PACKING_LIST.search(text):
        return None
    codes = {code_key(code) for code in _LIKE_A_CODE.findall(_DATE.sub(" ", _ORDER.sub(" ", text)))}
    return None if len(codes) > 1 else next(iter(codes), "")
