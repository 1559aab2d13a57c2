"""A hotel's deliveries drawn as tables: one ordinary row of each dataset, and files dropped from what is written."""

from __future__ import annotations

from pathlib import Path

from tests.keeping.company import Company

ROWS = {
    "room_types": "房型 | 门市价 | 床位数\n大床 | 388.00 | 1",
    "rooms": "房号 | 房型 | 楼层 | 状态 | 房态 | 客房部房态\n0301 | 大床 | 3 | 正常 | 干净 | 住",
    "operators": "操作员 | 最低折扣 | 可删锁定预订 | 可放行夜审\n李 | 0.80 | 否 | 是",
    "corporate_accounts": "单位 | 信用额度 | 协议折扣 | 余额\n华东电力 | 20000 | 85折 | -1,200.50",
    "members": "会员号 | 姓名 | 积分 | 每元积分\nHY01 | 王 | 120 | 1.5",
    "reservations": """
        预订号 | 类型 | 预订人 | 房型 | 房数 | 预抵             | 预离       | 房价   | 录入人 | 录入时间
        YD1    | 散客 | 王     | 大床 | 1    | 2026-11-20 14:00 | 2026-11-21 | 388.00 | 李     | 2026-11-10 09:00
        """,
    "stays": """
        账号 | 房号 | 客人 | 入住类型 | 抵店             | 预离       | 门市价 | 折扣 | 房价   | 操作员
        A1   | 0301 | 王   | 正常     | 2026-11-20 14:00 | 2026-11-21 | 388    | 1    | 388.00 | 李
        """,
    "operation_log": "时间 | 操作员 | 动作 | 对象 | 前 | 后\n2026-11-20 20:00 | 李 | 改价 | A1 | 388.00 | 328.00",
    "shifts": """
        班次号 | 操作员 | 营业日     | 开班  | 交班  | 备用金 | 方式 | 交班金额
        S1     | 李     | 2026-11-20 | 08:00 | 16:00 | 500    | 现金 | 888.00
        S1     | 李     | 2026-11-20 | 08:00 | 16:00 | -      | 微信 | 0
        """,
    "deposits": """
        流水号 | 预订号 | 日期时间         | 方式 | 金额   | 操作员 | 班次号
        D1     | YD1    | 2026-11-20 10:00 | 现金 | 100.00 | 李     | S1
        """,
    "folio": """
        流水号 | 账号 | 营业日     | 时间  | 项目 | 金额   | 操作员 | 备注
        F1     | A1   | 2026-11-20 | 20:00 | 房费 | 388.00 | 李     | -
        """,
    "payments": """
        流水号 | 账号 | 营业日     | 时间  | 方式 | 金额   | 操作员 | 班次号
        P1     | A1   | 2026-11-20 | 20:30 | 现金 | 388.00 | 李     | S1
        """,
    "pos_checks": """
        单号 | 营业点 | 时间             | 金额  | 结算   | 房号 | 客人 | 操作员
        C1   | 餐厅   | 2026-11-20 19:30 | 88.00 | 挂房账 | 0301 | 王   | 赵
        """,
}


def table(text: str) -> list[list[str]]:
    """The cells of a drawn table, headings first; `-` is a blank cell."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return [["" if cell.strip() == "-" else cell.strip() for cell in line.split("|")] for line in lines]


def drop(company: Company, dataset: str, name: str, drawn: str) -> Path:
    """A file of the drawn table in the inbox."""
    return company.drop(dataset, name, table(drawn))


def row(dataset: str, **cells: str) -> str:
    """The dataset's ordinary first row with some cells changed, under its headings."""
    headings, first, *_ = table(ROWS[dataset])
    unknown = set(cells) - set(headings)
    assert not unknown, f"{dataset} has no column {sorted(unknown)}"
    changed = [cells.get(heading, cell) or "-" for heading, cell in zip(headings, first, strict=True)]
    return "\n".join(" | ".join(line) for line in (headings, changed))
