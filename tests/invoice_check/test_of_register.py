"""The register as a whole: a clean company has no break, and no two breaks are known by one id (spec 04)."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.invoice_check.documents import documents_of
from tasks.invoice_check.material import VOIDED, Material
from tasks.invoice_check.of_register import Money, RegisterJudged, judge_register
from tasks.invoice_check.policy import Policy, Rate, Series
from tasks.invoice_check.shapes import DECISIONS, LINKS
from tests.invoice_check.drawing import books, framed, invoices, told

ON = dt.date(2026, 11, 30)
ALWAYS = (dt.date(1994, 1, 1), dt.date(9999, 12, 31))
POLICY = Policy(
    rates=tuple(Rate(rate, *ALWAYS) for rate in (1300, 600, 0)),
    series=(Series("slips", ("slip",), ("S-",), "year"),),
    self_printed=("own",),
    paperless=("digital",),
    lent_words=("代开",),
)
COLUMNS = "kind | code | number | issued_on | buyer | net | rate | state | original | department | drawer | issuer"


def judged(register: list[str], held: list[str], platform: list[str] | None = None) -> RegisterJudged:
    lines = invoices("\n".join([COLUMNS, *register]))
    material = Material(
        invoices=lines,
        books=books("\n".join(["kind | code | first | last | department", *held])),
        platform=None if platform is None else invoices("\n".join([COLUMNS, *platform])),
        receipts=None,
        entries=None,
        decisions=framed(DECISIONS, []),
        voided=framed(VOIDED, []),
        clerks={},
    )
    documents = documents_of(lines, POLICY.terms_days)
    return judge_register(material, documents, Money(framed(LINKS, []), None, frozenset()), POLICY, ON)


@settings(max_examples=5)
@given(st.data())
def test_a_clean_company_has_no_break(data: st.DataObject) -> None:
    register: list[str] = []
    digital: list[str] = []
    held: list[str] = []
    for department in ("第一业务部", "第二业务部"):
        first = data.draw(st.integers(1, 10**7))
        # Two books one after the other; where the second one is not begun the first may be in use still.
        sizes = [data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))]
        used = data.draw(st.integers(0, sum(sizes)))
        for size, start in zip(sizes, (first, first + sizes[0]), strict=True):
            held.append(f"special | 4400193130 | {start:08d} | {start + size - 1:08d} | {department}")
        day = 1
        for at in range(used):
            day += data.draw(st.integers(0, 2))
            net, rate = data.draw(st.integers(1, 10**6)), data.draw(st.sampled_from(["13%", "6%", "0%"]))
            state, buyer = data.draw(st.sampled_from(["valid", "void"])), f"{department}{at}"
            paper = f"special | 4400193130 | {first + at:08d} | {day:02d} | {buyer}"
            register.append(f"{paper} | {net} | {rate} | {state} | - | {department} | 王 | 海风公司")
            number = f"2644200000{first + at:08d}"
            own = f"digital | - | {{}} | {day:02d} | 数电{buyer} | {{}} | {rate} | {{}} | {{}} | {department} | 李 | -"
            digital.append(own.format(f"{number}11", net, "valid", "-"))
            if state == "void":
                digital.append(own.format(f"{number}12", -net, "red", f"{number}11"))
    slips = data.draw(st.integers(0, 5))
    register += [
        f"slip | - | S-2026-{at:04d} | 0{at} | 客{at} | 5 | 0% | valid | - | - | - | -" for at in range(1, slips)
    ]
    if register or digital:
        rows = data.draw(st.permutations(register + digital))
        assert told(judged(rows, held, digital).findings) == []


def test_no_two_breaks_of_a_bad_register_are_known_by_one_id() -> None:
    paper = "special | 4400193130 | {} | {} | 海风公司 | {} | {} | {} | {} | {} | 王 | {}"
    register = [
        paper.format("00000001", "05", "100", "13%", "valid", "-", "第一业务部", "海风公司"),
        paper.format("00000004", "04", "100", "12%", "valid", "-", "第二业务部", "海风公司"),
        paper.format("00000005", "03", "100", "12%", "valid", "-", "第二业务部", "陆风公司"),
        paper.format("00000005", "03", "7", "12%", "valid", "-", "第二业务部", "海风公司"),
        paper.format("00000031", "10-01", "-100", "13%", "red", "-", "-", "海风公司"),
        paper.format("33", "10-01", "-100", "13%", "valid", "00000001", "-", "海风公司"),
        "own | 44 | 0001 | 06 | 甲 | 1 | 13% | valid | - | - | - | -",
        "digital | - | 25442000000000000011 | 06 | 甲 | 1 | 13% | red | - | - | - | -",
        "slip | - | X-0001 | 06 | 甲 | 1 | 13% | valid | - | - | - | -",
        "slip | - | S-2026-0001 | 06 | 甲 | 1 | 13% | valid | - | - | - | -",
        "slip | - | S-2026-0004 | 06 | 甲 | 1 | 13% | valid | - | - | - | -",
    ]
    held = [
        "special | 4400193130 | 00000001 | 00000025 | 第一业务部",
        "special | 4400193130 | 00000020 | 00000030 | 第二业务部",
        "own | 44 | 0001 | 0009 | -",
    ]
    found = judged(register, held, ["digital | - | 26442000000000000011 | 06 | 甲 | 1 | 13% | valid | - | - | - | -"])
    ids = [one.id for one in found.findings]
    twice = [one for one in found.findings if ids.count(one.id) > 1]
    assert told(twice) == []
    assert {one.kind for one in found.findings} >= {
        "GAP", "OUT_OF_ORDER", "NOT_FROM_BOOK", "LENT", "ISSUED_BY_OTHER", "BOOK_SPLIT", "DUPLICATE", "ARITHMETIC",
        "RED_LINK", "NUMBER_FORMAT", "NUMBER_DAMAGED", "NOT_IN_REGISTER",
    }  # fmt: skip
