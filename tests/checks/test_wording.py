"""Every wording of the checks exists in both languages, with the same parameters, and every message finds its own."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from config.wording import LANGUAGES, catalogue, wording
from tasks.domain.finding import Finding
from tasks.domain.message import Message
from tasks.stock_ledger.cases import all_of
from tests.checks import test_audits_and_swaps as audits_and_swaps
from tests.checks import test_balances as balances
from tests.checks import test_row_checks as rows
from tests.checks import test_transfers as transfers

AREA = "checks."


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things_about_the_same_parameters() -> None:
    areas = {
        language: {key: parameters(text) for key, text in catalogue(language).items() if key.startswith(AREA)}
        for language in LANGUAGES
    }
    assert areas["zh_CN"] == areas["en"]
    assert areas["en"]


def test_no_wording_is_kept_that_no_check_says() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path("tasks/stock_ledger").glob("*.py"))
    composed = ("checks.quality.", "checks.TRANSFER_REFERENCE.")
    unsaid = [
        key for key in catalogue("en") if key.startswith(AREA) and not key.startswith(composed) and key not in code
    ]
    assert unsaid == []


def said(language: str, one: Message) -> str:
    told = {name: said(language, value) if isinstance(value, Message) else value for name, value in one.parameters}
    return wording(language, one.key, **told)


def one_of_each() -> list[Finding]:
    swap = f"{audits_and_swaps.HEAD}\n{audits_and_swaps.ISSUE}"
    return [
        *rows.AS_WRITTEN,
        *transfers.AS_WRITTEN,
        *audits_and_swaps.swapped(swap, "2026-11-30"),
        *balances.balanced("DF01A | A1 | 9"),
        *balances.below_zero("OWN_USE_OUT | 11 | DF01 | DF01A | A1"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_can_be_said_in_both_languages(language: str) -> None:
    for one in one_of_each():
        text = said(language, one.message)
        assert text.endswith(("。", "."))
        assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_of_one_break_follow_one_another_without_a_stray_sign(language: str) -> None:
    whole = said(language, all_of([one.message for one in one_of_each()]))
    assert "。；" not in whole
    assert ".;" not in whole
