"""Which parts and boxes go, and when: the rules of spec 03, each as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks.damaged_returns.policy import Policy
from tests.damaged_returns.drawing import Drawn, looked_at, rows, told
from tests.stocktake.drawing import said

# 0.864 + 0.540 + 0.990 = 2.394 m³
THREE = Drawn(
    listed="""
        serial | box | registered_on
        S1     | X1  | 01
        S2     | X2  | 02
        S3     | X3  | 03
        """,
    boxes="""
        box | sides
        X1  | 1.2×0.9×0.8
        X2  | 1×0.9×0.6
        X3  | 1.1×1×0.9
        """,
)
FOURTH = Drawn(THREE.listed + "S4 | X4 | 05", (THREE.boxes or "") + "X4 | 1.01×0.6×1")


def test_what_is_not_full_waits_for_its_fifteenth_day() -> None:
    assert rows(looked_at(THREE, "15").sites, "site cause volume due_on boxes") == ["DF01 - 2.394 11-16 3"]
    assert looked_at(THREE, "15").sealing.batches.empty
    made = looked_at(THREE, "16").sealing
    assert rows(made.batches, "batch cause parts boxes volume") == ["RB-DF01-20261116-01 days 3 3 2.394"]
    assert rows(made.parts, "batch line box serial") == [
        "RB-DF01-20261116-01 1 X1 S1",
        "RB-DF01-20261116-01 2 X2 S2",
        "RB-DF01-20261116-01 3 X3 S3",
    ]


def test_exactly_three_cubic_metres_go_at_once() -> None:
    found = looked_at(FOURTH, "05")
    assert rows(found.sealing.batches, "batch cause parts volume") == ["RB-DF01-20261105-01 volume 4 3"]


def test_a_hair_less_than_three_waits() -> None:
    hair = Drawn(FOURTH.listed, (THREE.boxes or "") + "X4 | 1.01×0.6×0.9999")
    assert looked_at(hair, "05").sealing.batches.empty


@pytest.mark.parametrize("withdrawn", ["quantity", "box"])
def test_a_part_withdrawn_before_the_seal_lowers_the_sum_again(withdrawn: str) -> None:
    listed = {
        "quantity": "serial | box | quantity\nS1 | X1 | 1\nS2 | X2 | 1\nS3 | X3 | 0\nS4 | X4 | 1",
        "box": "serial | box | quantity\nS1 | X1 | 1\nS2 | X2 | 1\nS3 | - | 1\nS4 | X4 | 1",
    }[withdrawn]
    found = looked_at(replace(FOURTH, listed=listed), "05")
    assert rows(found.sites, "cause volume") == ["- 2.01"]


def test_days_count_from_the_last_batch_where_there_is_one() -> None:
    later = replace(THREE, last_batches="date\n04")
    assert looked_at(later, "18").sealing.batches.empty
    assert len(looked_at(later, "19").sealing.batches) == 1


def test_a_site_with_nothing_eligible_gets_no_batch() -> None:
    held = Drawn("serial | box | turbine\nS1 | X1 | -", "box | sides\nX1 | 2×2×2")
    found = looked_at(held, "30")
    assert (len(found.sites), len(found.sealing.batches)) == (0, 0)
    assert told(found.findings) == ["HELD_INCOMPLETE part:S1"]


def test_a_record_that_lacks_fields_is_held_and_each_is_named() -> None:
    found = looked_at(Drawn("serial | turbine | new_serial | cause | replaced_on\nS1 | - | - | - | -"), "16")
    assert rows(found.waiting, "serial state missing") == ["S1 held turbine replaced_on new_serial cause"]
    [one] = found.findings
    assert said(one.message) == (
        "备件 S1（变桨电机）暂缓返回：记录缺少 风机号、更换日期、新件编号、损坏原因"
        "（文件 清单.xlsx，工作表“Sheet1”，第 3 行）；请补填后重新发送清单。"
    )
    assert one.refs == ("damaged_parts:DF01:S1",)


def test_a_box_is_whole_and_stays_while_a_part_in_it_may_not_go() -> None:
    found = looked_at(
        Drawn(
            "serial | box | cause\nS1 | X1 | 磨损\nS2 | X1 | -\nS3 | X2 | 磨损",
            "box | sides\nX1 | 1×1×1\nX2 | 1×1×1",
        ),
        "16",
    )
    assert rows(found.packed, "box state") == ["X1 held", "X2 ready"]
    assert rows(found.sealing.parts, "serial") == ["S3"]


@pytest.mark.parametrize(
    ("box", "state", "kinds"),
    [
        ("X1 | 1×1×1 | wooden_box | yes | yes", "ready", []),
        ("X1 | 1×1×1 | carton     | yes | yes", "rule", ["PACKING_RULE box:X1"]),
        ("X1 | 1×1×1 | wooden_box | no  | yes", "rule", ["PACKING_RULE box:X1"]),
        ("X1 | 1×1×1 | wooden_box | yes | no", "rule", ["PACKING_RULE box:X1"]),
        ("X1 | 1×1×1 | -          | yes | yes", "rule", ["PACKING_RULE box:X1"]),
        ("X1 | 1×-×1 | wooden_box | yes | yes", "dimension", ["BOX_DIMENSION box:X1"]),
        ("X1 | 1×0×1 | wooden_box | yes | yes", "dimension", ["BOX_DIMENSION box:X1"]),
        ("X1 | -×1×1 | carton     | yes | yes", "dimension", ["BOX_DIMENSION box:X1", "PACKING_RULE box:X1"]),
        ("X9 | 1×1×1 | wooden_box | yes | yes", "dimension", ["BOX_DIMENSION box:X1"]),
    ],
)
def test_a_box_that_breaks_a_rule_or_is_not_measured_stays_and_its_parts_stay_eligible(
    box: str, state: str, kinds: list[str]
) -> None:
    found = looked_at(Drawn("serial | box\nS1 | X1", f"box | sides | packing | plastic | separators\n{box}"), "16")
    assert rows(found.packed, "box state") == [f"X1 {state}"]
    assert told(found.findings) == kinds
    assert rows(found.waiting, "state") == ["eligible"]
    assert len(found.sealing.batches) == (state == "ready")


def test_a_box_without_a_side_is_never_counted_as_nothing() -> None:
    found = looked_at(Drawn("serial | box\nS1 | X1\nS2 | X2", "box | sides\nX1 | 2×2×-\nX2 | 1×1×2.9999"), "02")
    assert rows(found.sites, "volume cause") == ["2.9999 -"]
    assert rows(found.packed, "box volume") == ["X1 -", "X2 2.9999"]
    assert said(found.findings[0].message) == "箱 X1（1 件）缺少高：体积未知（不按 0 计），量好之前不装入批次。"


def test_without_boxes_ever_delivered_packing_is_not_checked_and_stops_nothing() -> None:
    found = looked_at(Drawn("serial | box\nS1 | X1\nS2 | -", boxes=None), "16")
    assert rows(found.sealing.batches, "cause parts boxes volume") == ["days 2 1 -"]
    assert found.findings == ()


def test_parts_in_no_box_wait_for_one() -> None:
    found = looked_at(Drawn("serial | box\nS1 | -", "box | sides\nX1 | 1×1×1"), "30")
    assert rows(found.sites, "eligible boxes cause") == ["1 0 -"]


@pytest.mark.parametrize(
    ("item", "by_person", "route", "flag", "category", "state"),
    [
        ("I  | spare | -  ", "no", "scrap", "-", "DAMAGED_TRANSFER_OUT", "eligible"),
        ("II | spare | -  ", "no", "application", "-", "REPAIR_OUT", "eligible"),
        ("II | spare | 30 ", "no", "application", "-", "REPAIR_OUT", "eligible"),
        ("II | spare | 10-01", "no", "application", "out_of_warranty", "REPAIR_OUT", "eligible"),
        ("II | spare | -  ", "yes", "application", "by_person", "REPAIR_OUT", "eligible"),
        ("II | tool  | 01 ", "no", "application", "-", "REPAIR_OUT", "warranty_tool"),
        ("II | tool  | 10-31", "no", "application", "out_of_warranty", "REPAIR_OUT", "eligible"),
        ("II | tool  | -  ", "no", "application", "out_of_warranty", "REPAIR_OUT", "eligible"),
        ("II | tool  | 30 ", "yes", "application", "by_person", "REPAIR_OUT", "eligible"),
        ("I  | tool  | 30 ", "no", "scrap", "-", "DAMAGED_TRANSFER_OUT", "eligible"),
        ("-  | spare | -  ", "no", "unclassed", "-", "DAMAGED_TRANSFER_OUT", "eligible"),
    ],
)
def test_class_warranty_and_who_damaged_it_say_what_becomes_of_a_part(
    item: str, by_person: str, route: str, flag: str, category: str, state: str
) -> None:
    found = looked_at(
        Drawn(
            f"serial | replaced_on | by_person | box\nS1 | 01 | {by_person} | X1",
            "box | sides\nX1 | 1×1×1",
            items=f"item | item_class | sort | warranty_until\nA1 | {item}",
        ),
        "16",
    )
    assert rows(found.waiting, "route flag category state") == [f"{route} {flag} {category} {state}"]
    assert told(found.findings) == (["WARRANTY_TOOL part:S1"] if state == "warranty_tool" else [])
    assert len(found.sealing.batches) == (state == "eligible")


@pytest.mark.parametrize(
    ("item_class", "repaired", "by_person", "flag"),
    [("II", 3, "no", "too_often"), ("II", 4, "yes", "too_often"), ("II", 2, "yes", "by_person"), ("I", 3, "no", "-")],
)
def test_what_was_repaired_to_the_limit_is_flagged_before_anything_else(
    item_class: str, repaired: int, by_person: str, flag: str
) -> None:
    found = looked_at(
        Drawn(
            f"serial | repaired | by_person | box\nS1 | {repaired} | {by_person} | X1",
            "box | sides\nX1 | 1×1×1",
            items=f"item | item_class\nA1 | {item_class}",
        ),
        "16",
    )
    assert rows(found.sealing.parts, "serial flag") == [f"S1 {flag}"]


def test_a_box_whose_row_was_set_aside_is_told_with_that_row() -> None:
    parts, boxes = "serial | box\nS1 | X1\nS2 | X2\nS3 | X3", "box | sides\nX9 | 1×1×1"
    aside = "site | box_key | row\nDF01 | X1 | 4\n- | X2 | 5\nDF02 | X3 | 6"
    found = looked_at(Drawn(parts, boxes, set_aside=aside), "16")
    keys = [(one.message.key, dict(one.message.parameters).get("row", "")) for one in found.findings]
    assert told(found.findings) == [f"BOX_DIMENSION box:{box}" for box in ("X1", "X2", "X3")]
    assert keys == [
        ("waiting.BOX_DIMENSION.set_aside", "4"),
        ("waiting.BOX_DIMENSION.set_aside", "5"),
        ("waiting.BOX_DIMENSION.unregistered", ""),
    ]


def test_what_lies_in_the_store_decides_and_the_first_registered_comes_first() -> None:
    found = looked_at(
        Drawn(
            "serial | registered_on | item\nS2 | 02 | A1\nS1 | 01 | A1\nS3 | 03 | A1\nS4 | 03 | A2",
            stock="item | quantity\nA1 | 2\nA3 | 1.5",
        ),
        "16",
    )
    assert rows(found.waiting, "serial state warehouse_key") == [
        "S2 eligible DF01B",
        "S1 eligible DF01B",
        "S3 not_on_hand DF01B",
        "S4 not_on_hand DF01B",
    ]
    assert told(found.findings) == ["NOT_ON_HAND part:S3", "NOT_ON_HAND part:S4", "NOT_ON_LIST A3"]
    assert [(one.expected, one.found) for one in found.findings][-1] == ("0", "1.5")


def test_what_is_sealed_and_has_not_left_counts_for_no_other_part() -> None:
    drawn = Drawn("serial\nS2", stock="item | quantity\nA1 | 1", leaving="item\nA1")
    assert told(looked_at(drawn, "16").findings) == ["NOT_ON_HAND part:S2"]
    both = replace(drawn, stock="item | quantity\nA1 | 2")
    assert told(looked_at(both, "16").findings) == []


def test_where_the_erp_lists_every_serial_these_decide() -> None:
    found = looked_at(
        Drawn("serial | registered_on\nS1 | 01\nS2 | 02", stock="item | quantity | serials\nA1 | 1 | s-2"), "16"
    )
    assert rows(found.waiting, "serial state") == ["S1 not_on_hand", "S2 eligible"]


def test_a_site_of_whose_store_nothing_is_known_is_not_checked() -> None:
    found = looked_at(Drawn("site | serial\nXH01 | S1", stock="item | quantity\nA1 | 0"), "16")
    assert rows(found.waiting, "state") == ["eligible"]
    assert found.findings == ()


def test_a_second_batch_of_a_day_gets_the_next_number() -> None:
    again = replace(FOURTH, used={"DF01": 1}, last_batches="date\n05")
    assert rows(looked_at(again, "05").sealing.batches, "batch") == ["RB-DF01-20261105-02"]


def test_every_site_has_a_batch_of_its_own() -> None:
    found = looked_at(
        Drawn(
            "site | serial | box\nXH01 | S1 | X1\nDF01 | S2 | X1\nDF02 | S3 | X1",
            "site | box | sides\nXH01 | X1 | 1×1×1\nDF01 | X1 | 2×2×1",
        ),
        "16",
    )
    assert rows(found.sealing.batches, "batch cause volume parts") == [
        "RB-DF01-20261116-01 volume 4 1",
        "RB-XH01-20261116-01 days 1 1",
    ]
    assert told(found.findings) == ["BOX_DIMENSION box:X1"]


def test_the_house_may_choose_other_days_and_another_volume() -> None:
    policy = Policy(days=7, volume=10**12)
    assert len(looked_at(THREE, "02", policy).sealing.batches) == 1
    alone = Drawn("serial | box\nS1 | X1", "box | sides\nX1 | 0.5×1×1")
    assert looked_at(alone, "07", policy).sealing.batches.empty
    assert len(looked_at(alone, "08", policy).sealing.batches) == 1


def test_a_box_measured_in_centimetres_does_not_go() -> None:
    found = looked_at(Drawn("serial | box\nS1 | X1", "box | sides\nX1 | 120×90×80"), "16")
    assert rows(found.packed, "box state volume") == ["X1 dimension -"]
    assert [said(one.message) for one in found.findings] == [
        "箱 X1（1 件）的长、宽、高太大，单位应为米；核对之前不装入批次。"
    ]


def test_what_lies_there_is_there_for_complete_records_first() -> None:
    drawn = Drawn("serial | registered_on | cause\nH1 | 01 | -\nS1 | 02 | 磨损", stock="item | quantity\nA1 | 1")
    assert rows(looked_at(drawn, "16").waiting, "serial state on_hand") == ["H1 held False", "S1 eligible True"]
