"""When a shipment needs an application, and which price on file counts (spec 03: freight)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.damaged_returns.freight import FreightLimits, freight_findings
from tasks.domain.keys import code_key
from tests.damaged_returns.tracks import frame, named, told

LIMITS = FreightLimits(share=11_000, express=20_000)
PRICES = "origin|destination|mode|price|effective_on\n大丰|北京|hired|1000|01-01\n大丰|北京|shared|300|01-01"


def found(shipments: str, prices: str = PRICES) -> list[str]:
    return named(freight_findings(frame("shipments", shipments), frame("prices", prices), LIMITS))


@pytest.mark.parametrize(
    ("mode", "cost", "application", "breaks"),
    [
        ("hired", "1000.00", "-", []),
        ("hired", "1100.00", "-", []),
        ("hired", "1100.01", "-", ["FREIGHT_NO_APPLICATION shipments:1 1100.00→1100.01"]),
        ("hired", "1100.01", "SQ-1", []),
        ("shared", "330.00", "-", []),
        ("shared", "330.01", "-", ["FREIGHT_NO_APPLICATION shipments:1 330.00→330.01"]),
        ("air", "0.01", "-", ["FREIGHT_NO_APPLICATION shipments:1 -→0.01"]),
        ("air", "9000", "SQ-1", []),
        ("express", "200.00", "-", []),
        ("express", "200.01", "-", ["FREIGHT_NO_APPLICATION shipments:1 200.00→200.01"]),
        ("express", "200.01", "SQ-1", []),
    ],
)
def test_a_shipment_needs_an_application_only_above_what_is_free(
    mode: str, cost: str, application: str, breaks: list[str]
) -> None:
    assert found(f"number|mode|cost|application\nYD-1|{mode}|{cost}|{application}") == breaks


def test_a_price_that_is_no_whole_share_frees_no_part_of_a_cent() -> None:
    prices = "price\n0.05"
    assert found("number|cost\nYD-1|0.05", prices) == []
    assert found("number|cost\nYD-1|0.06", prices) == ["FREIGHT_NO_APPLICATION shipments:1 0.05→0.06"]


def test_the_price_in_force_on_the_day_counts() -> None:
    prices = """
        effective_on | price
        10-01        | 1000
        11-10        | 2000
    """
    shipments = """
        number | date  | cost
        before | 09-30 | 10
        old    | 11-09 | 1200
        new    | 11-10 | 1200
    """
    assert found(shipments, prices) == [
        "FREIGHT_NO_PRICE shipments:1 -→10.00",
        "FREIGHT_NO_APPLICATION shipments:2 1100.00→1200.00",
    ]


def test_a_price_counts_for_its_route_its_mode_and_its_direction_alone() -> None:
    shipments = """
        number | origin  | destination | mode   | cost
        here   | 大 丰   | 北京        | hired  | 1000
        back   | 北京    | 大丰        | hired  | 1000
        other  | 大丰    | 上海        | hired  | 1000
        mode   | 大丰    | 北京        | shared | 1000
    """
    prices = "price\n1000"
    assert [one.split()[1] for one in found(shipments, prices)] == ["shipments:2", "shipments:4", "shipments:3"]


def test_of_two_prices_from_one_day_the_one_delivered_last_counts() -> None:
    assert found("number|cost\nYD-1|2200", "price\n1000\n2000") == []


def test_each_shipment_needs_an_application_of_its_own() -> None:
    shipments = """
        number | date | mode | application
        first  | 02   | air  | SQ-1
        second | 03   | air  | sq 1
        road   | 04   | hired | SQ-1
    """
    findings = freight_findings(frame("shipments", shipments), frame("prices", PRICES), LIMITS)
    assert named(findings) == ["FREIGHT_NO_APPLICATION shipments:2 -→1000.00"]
    assert told(findings)[0].endswith(
        "The application sq 1 on it is that of shipment first; each shipment needs its own."
    )


@pytest.mark.parametrize("text", ["无", "無", "没有", "/", "--", "—", "N/A", "none", "0"])
def test_a_word_for_none_is_no_application(text: str) -> None:
    rows = frame("shipments", "number|mode\nYD-1|air").assign(application=text, application_key=code_key(text))
    assert len(freight_findings(rows, None, LIMITS)) == 1


def test_without_any_prices_on_file_the_price_is_not_checked_but_air_and_express_are() -> None:
    shipments = frame("shipments", "number|mode|cost\na|hired|9999\nb|air|1\nc|express|201")
    assert named(freight_findings(shipments, None, LIMITS)) == [
        "FREIGHT_NO_APPLICATION shipments:2 -→1.00",
        "FREIGHT_NO_APPLICATION shipments:3 200.00→201.00",
    ]


def test_what_is_said_names_the_price_and_what_is_free() -> None:
    findings = freight_findings(frame("shipments", "number|cost\nYD-1|1500"), frame("prices", PRICES), LIMITS)
    [sentence] = told(findings, "zh_CN")
    assert sentence.startswith("FREIGHT_NO_APPLICATION 1100.00→1500.00: 运单 YD-1（包车，大丰 至 北京）运费 1500.00，")
    assert sentence.endswith("备案价 1000.00，不需申请的上限为 1100.00，没有申请单。")


@given(price=st.integers(1, 10_000_000), over=st.integers(-3, 3))
def test_the_limit_is_exact_at_every_price(price: int, over: int) -> None:
    prices = frame("prices", "price\n1").assign(price=price)
    shipments = frame("shipments", "number|cost\nYD-1|1").assign(cost=price * 11 // 10 + over)
    broken = bool(freight_findings(shipments, prices, LIMITS))
    assert broken == ((price * 11 // 10 + over) * 10 > price * 11)
