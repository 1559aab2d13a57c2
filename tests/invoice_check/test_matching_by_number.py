"""Entries and receipts that name their invoices (spec 04: matching)."""

from __future__ import annotations

import pytest

from tests.invoice_check.drawn_money import booked, paid

INVOICES = """
    number   | code       | buyer | day   | net
    00012340 | 1100224130 | 大华  | 11-03 | 1000.00
    00012345 | 1100224130 | 大华  | 11-04 | 500.00
    00012346 | 1100224130 | 中兴  | 11-05 | 300.00
    00012346 | 4403224130 | 海信  | 11-05 | 700.00
    INV-0077 | -          | 海信  | 11-06 | 80.00
    C1200    | -          | 海信  | 11-06 | -20.00
    1300     | -          | 海信  | 11-06 | 90.00
"""


def one(invoice: str, amount: str, customer: str = "-", day: str = "11-20") -> list[str]:
    return booked(INVOICES, f"voucher|day|customer|amount|invoice\nV1|{day}|{customer}|{amount}|{invoice}")


@pytest.mark.parametrize(
    "written",
    [
        "00012340",
        "12340",
        " 0012340",
        "1100224130-00012340",
        "1100224130 00012340",
        "００012340",
        "发票号00012340",
        "No.00012340",
        "代码1100224130 号码00012340",
    ],
)
def test_one_number_is_found_however_it_is_written(written: str) -> None:
    assert one(written, "1000.00") == ["1100224130-00012340=V1 1000.00 number"]


@pytest.mark.parametrize("written", ["00012341", "0001234", "112340", "00012349"])
def test_numbers_that_only_look_alike_are_never_matched(written: str) -> None:
    assert one(written, "1000.00", "大华") == []


def test_a_look_alike_with_the_right_customer_and_amount_stays_unmatched_too() -> None:
    assert one("00012345", "1000.00", "大华") == ["1100224130-00012345=V1 1000.00 number amount"]


@pytest.mark.parametrize(
    ("written", "amount", "customer", "found"),
    [
        ("00012346", "300.00", "中兴", "1100224130-00012346=V1 300.00 number"),
        ("00012346", "300.00", "-", "1100224130-00012346=V1 300.00 number"),
        ("00012346", "250.00", "海信", "4403224130-00012346=V1 250.00 number amount"),
        ("4403224130/00012346", "300.00", "-", "4403224130-00012346=V1 300.00 number amount"),
    ],
)
def test_a_number_of_two_books_is_settled_by_code_customer_and_amount(
    written: str, amount: str, customer: str, found: str
) -> None:
    assert one(written, amount, customer) == [found]


@pytest.mark.parametrize(("amount", "customer"), [("999.00", "-"), ("300.00", "大华")])
def test_a_number_of_two_books_that_nothing_settles_is_not_matched(amount: str, customer: str) -> None:
    assert one("00012346", amount, customer) == []


@pytest.mark.parametrize(
    ("written", "amount", "found"),
    [
        ("INV0077", "80.00", "INV-0077=V1 80.00 number"),
        ("INV77", "80.00", "INV-0077=V1 80.00 number"),
        ("77", "80.00", "INV-0077=V1 80.00 number"),
        ("FP1300", "90.00", "1300=V1 90.00 number"),
        ("1200", "-20.00", "C1200=V1 -20.00 number"),
    ],
)
def test_a_prefix_may_be_written_or_not(written: str, amount: str, found: str) -> None:
    assert one(written, amount) == [found]


def test_a_prefix_that_other_invoices_bear_is_no_word_before_the_number() -> None:
    assert one("C1300", "90.00", "海信") == []


@pytest.mark.parametrize(
    "written", ["00012340、00012345", "00012340,12345", "00012340/00012345", "00012340；00012345 已核", "12340 12345"]
)
def test_one_entry_for_several_invoices_is_shared_among_them(written: str) -> None:
    assert one(written, "1500.00") == [
        "1100224130-00012340=V1 1000.00 number",
        "1100224130-00012345=V1 500.00 number",
    ]


def test_a_span_names_all_of_its_numbers() -> None:
    invoices = "number|buyer|day|net\n" + "\n".join(f"0000{n}|大华|11-03|100.00" for n in range(7001, 7005))
    ledger = "voucher|day|customer|amount|invoice\nV1|11-20|-|300.00|00007001-00007003"
    assert booked(invoices, ledger) == [f"0000{n}=V1 100.00 number" for n in (7001, 7002, 7003)]


def test_part_payments_add_up_and_a_payment_may_cover_several() -> None:
    money = """
        number | day   | payer | amount  | invoice
        R1     | 11-05 | 大华  | 600.00  | 00012340
        R2     | 11-09 | 大华  | 530.00  | 00012340
        R3     | 11-09 | 大华  | 200.00  | 00012345
        R4     | 11-09 | 大华  | 700.00  | 00012345、00012346（中兴）
    """
    assert paid(INVOICES, money) == [
        "1100224130-00012340=R1 600.00 number",
        "1100224130-00012340=R2 530.00 number",
        "1100224130-00012345=R3 200.00 number amount",
        "1100224130-00012345=R4 700.00 number amount",
    ]


def test_void_invoices_match_nothing() -> None:
    invoices = "number|buyer|day|net|state\n00000001|大华|11-03|100.00|void"
    assert booked(invoices, "voucher|day|customer|amount|invoice\nV1|11-20|大华|100.00|00000001") == []
    assert booked(invoices, "voucher|day|customer|amount|invoice\nV1|11-20|大华|100.00|-") == []


def test_other_accounts_are_no_revenue() -> None:
    ledger = "voucher|day|customer|amount|invoice|account\nV1|11-20|大华|1000.00|00012340|1122"
    assert booked(INVOICES, ledger) == []


def test_a_number_that_a_crowd_of_books_bears_is_settled_as_any_other() -> None:
    books = [f"00000001 | 11002241{at:02d} | 客户{at % 20} | 11-03 | {100 + at}.00" for at in range(40)]
    invoices = "\n".join(("number | code | buyer | day | net", *books))
    ledger = """
        voucher | day   | customer | amount | invoice
        V1      | 11-20 | 客户3    | 123.00 | 00000001
        V2      | 11-20 | 客户3    | 7.00   | 1100224105 00000001
        V3      | 11-20 | -        | 130.00 | 00000001
        V4      | 11-20 | 客户4    | 7.00   | 00000001
        V5      | 11-20 | -        | 7.00   | 00000001
        V6      | 11-20 | 别人     | 131.00 | 00000001
    """
    assert booked(invoices, ledger) == [
        "1100224105-00000001=V2 7.00 number amount",
        "1100224123-00000001=V1 123.00 number",
        "1100224130-00000001=V3 130.00 number",
    ]
