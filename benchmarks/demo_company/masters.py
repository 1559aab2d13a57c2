"""Who and what there is: departments, wind farms, stores and four hundred things to keep in them."""

from __future__ import annotations

from numpy.random import Generator

from benchmarks.demo_company.chance import between, pick
from benchmarks.demo_company.nouns import DAMAGED, GOOD, MANAGEMENT, QUALITY_WORDS, Department, Item, Site, Warehouse

PLACES = (
    ("大丰", "DF"),
    ("如东", "RD"),
    ("滨海", "BH"),
    ("响水", "XS"),
    ("灌云", "GY"),
    ("东台", "DT"),
    ("启东", "QD"),
    ("射阳", "SY"),
    ("赣榆", "GA"),
    ("泗洪", "SH"),
    ("盱眙", "XY"),
    ("宝应", "BY"),
)
PHASES = "一二三四五六七八九"
REGIONS = (("盐城", "YC"), ("南通", "NT"), ("连云港", "LY"), ("淮安", "HA"), ("宿迁", "SQ"), ("扬州", "YZ"))
SURNAMES = "张王李赵陈杨周吴徐孙朱高林何郭马"
GIVEN = ("建国", "敏", "志强", "丽", "海涛", "静", "永刚", "雪梅", "国栋", "洁", "明", "晓东")
PLATFORMS = ("1.5MW", "2.0MW", "2.5MW", "3.0MW")
PRODUCTION = (("SC01A", "生产管理部完好品库", GOOD), ("SC01B", "生产管理部损坏品库", DAMAGED))

# Prices in cents from which an item is of class A or B.
COSTLY, MIDDLING = 1_000_000, 100_000

# name, unit, class, lowest and highest price in yuan
SPARES = (
    ("变桨电机", "台", "Ⅱ", 4200, 9800),
    ("变桨控制器", "台", "Ⅱ", 8600, 21000),
    ("偏航减速器", "台", "Ⅱ", 15000, 38000),
    ("偏航电机", "台", "Ⅱ", 3600, 7200),
    ("变频器功率模块", "块", "Ⅱ", 9000, 26000),
    ("主控PLC模块", "块", "Ⅱ", 3800, 12500),
    ("发电机编码器", "个", "Ⅱ", 1800, 4600),
    ("滑环", "套", "Ⅱ", 12000, 32000),
    ("液压泵", "台", "Ⅱ", 2600, 8800),
    ("齿轮箱油泵电机", "台", "Ⅱ", 2900, 6400),
    ("超级电容模组", "组", "Ⅱ", 1500, 5200),
    ("机舱加速度传感器", "个", "Ⅱ", 700, 2600),
    ("风速仪", "个", "Ⅱ", 900, 3100),
    ("风向标", "个", "Ⅱ", 800, 2900),
    ("断路器", "个", "Ⅰ", 180, 1900),
    ("接触器", "个", "Ⅰ", 90, 860),
    ("接近开关", "个", "Ⅰ", 60, 340),
    ("温度传感器PT100", "支", "Ⅰ", 45, 260),
    ("防雷模块", "个", "Ⅰ", 120, 720),
    ("开关电源", "个", "Ⅱ", 260, 1600),
)
CONSUMABLES = (
    ("主轴承润滑脂", "kg", "Ⅰ", 60, 180),
    ("齿轮油", "L", "Ⅰ", 25, 90),
    ("液压油滤芯", "个", "Ⅰ", 80, 620),
    ("空气滤芯", "个", "Ⅰ", 30, 240),
    ("碳刷", "只", "Ⅰ", 35, 190),
    ("熔断器", "只", "Ⅰ", 12, 140),
    ("高强螺栓", "套", "Ⅰ", 6, 88),
    ("偏航刹车片", "片", "Ⅰ", 160, 780),
    ("O型密封圈", "个", "Ⅰ", 2, 36),
    ("尼龙扎带", "包", "Ⅰ", 8, 30),
    ("清洗剂", "瓶", "Ⅰ", 18, 65),
    ("防锈漆", "桶", "Ⅰ", 70, 210),
    ("航空插头", "个", "Ⅰ", 25, 320),
    ("电缆接头", "个", "Ⅰ", 9, 75),
)
TOOLS = (
    ("力矩扳手", "把", "Ⅰ", 380, 2600),
    ("液压扳手", "套", "Ⅱ", 9800, 42000),
    ("数字万用表", "块", "Ⅰ", 260, 1800),
    ("红外测温仪", "台", "Ⅰ", 320, 2100),
    ("绝缘电阻表", "台", "Ⅱ", 900, 4800),
    ("吊带", "根", "Ⅰ", 60, 680),
    ("卸扣", "个", "Ⅰ", 25, 260),
    ("内六角扳手套装", "套", "Ⅰ", 60, 320),
    ("绝缘手套", "双", "Ⅰ", 90, 280),
    ("安全绳", "根", "Ⅰ", 150, 620),
)
SORTS = (("备件", "03", SPARES), ("耗材", "05", CONSUMABLES), ("工具", "01", TOOLS))


def departments_of(rng: Generator, count: int) -> tuple[Department, ...]:
    """`count` business departments, then the department that manages them all."""
    names = [(f"{region}业务部", code) for region, code in REGIONS[:count]]
    names += [(f"第{number}业务部", f"D{number}") for number in range(len(names) + 1, count + 1)]
    return tuple(
        Department(name, code, _person(rng), _person(rng), f"{code.lower()}@daybook.example")
        for name, code in [*names, (MANAGEMENT, "YG")]
    )


def sites_of(rng: Generator, departments: tuple[Department, ...], count: int) -> tuple[Site, ...]:
    """`count` wind farms spread over the departments."""
    sites = []
    for number in range(count):
        place, letters = PLACES[number * 5 % len(PLACES)]
        phase = number // len(PLACES)
        name = f"{place}{PHASES[phase]}期" if phase < len(PHASES) else f"{place}第{phase + 1}风场"
        department = departments[number % len(departments)]
        sites.append(Site(f"{letters}{phase + 1:02d}", name, department, _person(rng), _person(rng), number % 12))
    return tuple(sites)


def warehouses_of(sites: tuple[Site, ...], departments: tuple[Department, ...]) -> tuple[Warehouse, ...]:
    """Two stores of every site and department, and those of production management."""
    stores = []
    for site in sites:
        for quality in (GOOD, DAMAGED):
            name = f"{site.name}{QUALITY_WORDS[quality]}品库"
            stores.append(Warehouse(site.warehouse(quality), name, site.code, "", quality, "现场"))
    for department in departments:
        for quality, letter in ((GOOD, "A"), (DAMAGED, "B")):
            name = f"{department.name}{QUALITY_WORDS[quality]}品库"
            stores.append(Warehouse(f"{department.code}-{letter}", name, "", department.name, quality, "业务部"))
    stores += [Warehouse(code, name, "", "", quality, "生产管理部") for code, name, quality in PRODUCTION]
    return tuple(stores)


def items_of(rng: Generator, count: int) -> list[Item]:
    """`count` items, about half of them spares; every specification stands once."""
    items = []
    for number in range(count):
        sort, class_code, kinds = SORTS[(0, 1, 0, 2, 0, 1)[number % 6]]
        kind = number // 2 % len(kinds)
        name, unit, item_class, low, high = kinds[kind]
        price = between(rng, low * 100, high * 100)
        code = f"{class_code}{kind + 1:02d}{number * 5 + 40:04d}"
        abc = "A" if price > COSTLY else "B" if price > MIDDLING else "C"
        specification = _specification(rng, name, number)
        items.append(
            Item(
                code,
                name,
                specification,
                unit,
                sort,
                item_class,
                abc,
                f"{price // 100}.{price % 100:02d}",
                f"0.{between(rng, 1, 120):03d}",
            )
        )
    return items


def twin_of(item: Item) -> Item:
    """The same thing entered in the master a second time under another code."""
    return Item(
        f"{item.code[:4]}9{item.code[5:]}",
        item.name,
        item.specification,
        item.unit,
        item.sort,
        item.item_class,
        item.abc,
        item.price,
        item.volume,
    )


def _person(rng: Generator) -> str:
    return pick(rng, SURNAMES) + pick(rng, GIVEN)


def _specification(rng: Generator, name: str, number: int) -> str:
    if name == "高强螺栓":
        return f"M{between(rng, 8, 36)}×{60 + number}"
    if name == "O型密封圈":
        return f"Φ{40 + number}*{between(rng, 2, 9)}"
    return f"{pick(rng, PLATFORMS)}-{pick(rng, ('YB', 'KX', 'DS', 'GW', 'HT'))}{100 + number}"
