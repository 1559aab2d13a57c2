"""The twelve habits of twelve custodians, as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from zhconv import convert

from benchmarks.demo_company.nouns import (
    DAMAGED_IN,
    DAMAGED_TRANSFER,
    GOOD_TRANSFER,
    OWN_USE_OUT,
    PETTY_IN,
    PURCHASE_IN,
    REPAIR_OUT,
    REPAIRED_IN,
    RETURN_TO_STOCK,
    SCRAP_OUT,
)

FULL_WIDTH = str.maketrans("0123456789-.", "０１２３４５６７８９－．")
Columns = tuple[tuple[str, str], ...]

STATED: Columns = (
    ("sequence", "序号"),
    ("date", "日期"),
    ("category", "出入库类别"),
    ("item", "物资编码"),
    ("item_name", "物资名称"),
    ("specification", "规格型号"),
    ("unit", "单位"),
    ("quantity", "数量"),
    ("warehouse", "仓库"),
    ("stated_balance", "结存"),
    ("handler", "经手人"),
    ("turbine", "风机号"),
    ("transfer_order", "调拨单号"),
    ("remark", "备注"),
)
UNSTATED: Columns = tuple(column for column in STATED if column[0] != "stated_balance")
UNNUMBERED: Columns = tuple(column for column in UNSTATED if column[0] != "sequence")
TRADITIONAL: Columns = tuple((name, convert(heading, "zh-hant")) for name, heading in UNSTATED)
WITH_UNITS: Columns = tuple(
    (name, {"quantity": "数量（件）", "date": "日期*", "item": "物资编码*"}.get(name, text)) for name, text in STATED
)
SHUFFLED: Columns = (*(UNSTATED[place] for place in (0, 2, 4, 5, 3, 1, 7, 6, 8, 10, 11, 9, 12)),)
WITH_MORE: Columns = (*UNSTATED[:5], ("photo", "照片编号"), *UNSTATED[5:], ("weather", "天气"))
WITH_SITE: Columns = (UNSTATED[0], ("site", "现场"), *UNSTATED[1:])
ENGLISH: Columns = (
    ("sequence", "No."),
    ("date", "Date"),
    ("category", "Category"),
    ("item", "Item code"),
    ("item_name", "Item name"),
    ("specification", "Specification"),
    ("unit", "Unit"),
    ("quantity", "Quantity"),
    ("warehouse", "Warehouse"),
    ("stated_balance", "Balance"),
    ("handler", "Handled by"),
    ("turbine", "Turbine"),
    ("transfer_order", "Transfer order"),
    ("remark", "Remark"),
)
ENGLISH_CATEGORIES = {
    PURCHASE_IN: "Purchase receipt",
    PETTY_IN: "Petty purchase receipt",
    DAMAGED_IN: "Damaged receipt",
    REPAIRED_IN: "Repaired receipt",
    RETURN_TO_STOCK: "Return to stock (red)",
    GOOD_TRANSFER: "Good transfer",
    DAMAGED_TRANSFER: "Damaged transfer",
    OWN_USE_OUT: "Own-use issue",
    REPAIR_OUT: "Return for repair issue",
    SCRAP_OUT: "Scrap issue",
}
META = (("现场名称:{name}", "", "", "填报日期:{day}", "", "填报人:{person}"),)
DASHED = "{y}-{m:02d}-{d:02d}"


@dataclass(frozen=True, slots=True)
class Shape:
    """One custodian's habits; texts are filled with name, code, day and person.

    `format` is xlsx, xls or the encoding of a csv; `dates` are forms of which each row takes one; `stores` how the
    store of good and that of damaged goods is written; `gaps` puts a blank row before every n-th row; `nothing` stands
    in column `nothing_at` when nothing moved.
    """

    file_name: str = "{code}_{day}.xlsx"
    format: str = "xlsx"
    columns: Columns = UNSTATED
    title: str = "现场出入库流水账"
    above: tuple[tuple[str, ...], ...] = META
    below: tuple[str, ...] = ()
    totals: str = "合计"
    merged: bool = True
    traditional: bool = False
    instructions: bool = False
    dates: tuple[str, ...] = (DASHED,)
    stated: str = DASHED
    stores: tuple[str, str] = ("完好品库", "损坏品库")
    code: str = "{}"
    codes_as_numbers: bool = False
    full_width: bool = False
    negative: str = "-{}"
    gaps: int = 0
    nothing: str = "无出入库"
    nothing_at: int = 0
    categories: Mapping[str, str] = field(default_factory=dict)

    def stated_date(self, day: dt.date) -> str:
        """`day` as it stands behind 填报日期."""
        return self.stated.format(y=day.year, m=day.month, d=day.day)


SHAPES = (
    Shape(columns=STATED, dates=("cell", DASHED)),
    Shape(
        columns=SHUFFLED,
        title="{name}出入库流水账",
        stated="{y}年{m}月{d}日",
        dates=("{y}年{m}月{d}日",),
        full_width=True,
        gaps=5,
    ),
    Shape(
        "{code}_{day}.xls",
        "xls",
        TRADITIONAL,
        traditional=True,
        title="現場出入庫流水賬",
        dates=("{y}/{m}/{d}", "cell"),
        above=(("現場名稱：{name}", "", "填報日期：{day}", "", "填報人：{person}"),),
        negative="－{}",
        nothing="本日無出入庫",
    ),
    Shape(
        "{name}{day}.csv",
        "gb18030",
        STATED,
        title="",
        above=(("现场名称:{name}", "填报日期:{day}"),),
        dates=("{y}.{m}.{d}",),
        totals="",
    ),
    Shape(
        columns=ENGLISH,
        title="Site stock ledger",
        above=(("Site: {code}", "", "Date: {day}", "", "Reported by: {person}"),),
        dates=("{d}-{mon}-{y}", "{y}-{m}-{d}"),
        stores=("Good stock", "Damaged stock"),
        totals="Total",
        nothing="No movement",
        categories=ENGLISH_CATEGORIES,
    ),
    Shape("{name}流水账{month}.xlsx", dates=("{y}{m:02d}{d:02d}", DASHED), below=("制表人：{person}",)),
    Shape(
        columns=WITH_MORE,
        codes_as_numbers=True,
        dates=("serial",),
        above=(("现场名称", "{name}"), ("填报日期", "{day}", "", "填报人", "{person}")),
        merged=False,
    ),
    Shape(
        columns=WITH_UNITS,
        full_width=True,
        dates=("{m}月{d}日", "{m}-{d}"),
        stated="{y}年{m}月{d}日",
        below=("审核人：", "制表人：{person}"),
        nothing_at=4,
    ),
    Shape(
        "{name}{month}流水账.xlsx", columns=WITH_SITE, above=(("填报日期：{day}",),), dates=("cell",), totals="本月合计"
    ),
    Shape(
        columns=UNSTATED,
        title="",
        above=(("填报日期:{day}",),),
        merged=False,
        code=" {} ",
        dates=("\u00a0{y}-{m}-{d} ",),
        totals="",
        gaps=7,
    ),
    Shape(
        "{code}_{day}.csv",
        "utf-8-sig",
        UNSTATED,
        negative="({})",
        stores=("{name}完好品库", "{name}损坏品库"),
        dates=("{y}/{m:02d}/{d:02d}",),
        nothing="本日无出入库业务",
    ),
    Shape(
        columns=UNNUMBERED,
        instructions=True,
        stores=("{code}A", "{code}B"),
        dates=("cell", "{y}年{m:02d}月{d:02d}日"),
        negative="({})",
    ),
)
