"""What a home's daybook.toml may say: a wrong word is one line that names file and key, and nothing is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import UnableToConfigure, load_settings

RECIPIENT = '[[recipients]]\nname = "{name}"\naddress = "{address}"\nflows = ["{flow}"]\n'


def _home(folder: Path, text: str) -> Path:
    (folder / "daybook.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("li.na@example.com", "li.na@example.com"),
        ("kuguan@cangku.local", "kuguan@cangku.local"),
        ("root@localhost", "root@localhost"),
        ("caiwu@例子.中国", "caiwu@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_an_address_that_a_mail_server_takes_is_read(tmp_path: Path, address: str, read: str) -> None:
    home = _home(tmp_path, RECIPIENT.format(name="李娜", address=address, flow="stock-ledger"))
    assert [one.address for one in load_settings(home).recipients] == [read]


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        (RECIPIENT.format(name="李娜", address="li.na", flow="stock-ledger"), "[recipients.0.address]"),
        (RECIPIENT.format(name="李娜", address="李娜@example.com", flow="stock-ledger"), "[recipients.0.address]"),
        (RECIPIENT.format(name="李娜", address="a@b.cn, c@d.cn", flow="stock-ledger"), "[recipients.0.address]"),
        (RECIPIENT.format(name="李娜", address="a@b.cn\\r\\nX: c@d.cn", flow="stock-ledger"), "[recipients.0.address]"),
        (RECIPIENT.format(name="李\\r\\nBcc: c@d.cn", address="a@b.cn", flow="stock-ledger"), "[recipients.0.name]"),
        (RECIPIENT.format(name="李娜", address="a@b.cn", flow="stock_ledgers"), "there is no flow stock_ledgers"),
        ('[[recipients]]\naddress = "a@b.cn"\n', "[recipients.0.flows]"),
        ('[mail]\nsender = "Daybook <a@b.cn>"\n', "[mail.sender]"),
        ('[mail]\nsender_name = "流水账\\nTo: c@d.cn"\n', "[mail.sender_name]"),
        ('[mail]\nowner = "nobody"\n', "[mail.owner]"),
        ('[mail]\ntls = "ssl"\n', "[mail.tls]"),
        ('[mail]\nschedules = ["every hour"]\n', "[mail.schedules.0]"),
        ("[caretaker]\nsilent_seconds = 30\n", "[caretaker.silent_seconds]"),
        ('[mail]\npassword = "secret"\n', "[mail.password]"),
    ],
)
def test_what_no_mail_may_be_sent_by_is_refused_at_load(tmp_path: Path, toml: str, named: str) -> None:
    with pytest.raises(UnableToConfigure) as refused:
        load_settings(_home(tmp_path, toml))
    line = str(refused.value)
    assert "\n" not in line
    assert str(tmp_path / "daybook.toml") in line
    assert named in line


@pytest.mark.parametrize(
    ("toml", "english", "chinese"),
    [
        ("near_dayz = 1", "there is no such setting; is near_days meant?", "没有这项设置；是否应为 near_days？"),
        ("near_days = 'x'", "should be a whole number", "应为整数"),
        ("near_days = -1", "should be 0 or more", "应不小于 0"),
        ("mail_sites = 'perhaps'", "should be true or false", "应为 true 或 false"),
        ("value_high = 3", "should be a text in quotes", "应为引号中的文字"),
        ("cut_off = 'noon'", "“noon” is no time of day; write it like 09:30", "“noon”不是时刻；请写成 09:30"),
        ("schedules = 'x'", "should be a list in square brackets", "应为方括号中的列表"),
        ("[mail]\ntls = 'ssl'", "should be one of: none, starttls, tls", "应为以下之一：none, starttls, tls"),
        ("[mail]\nport = 99999", "should be 65535 or less", "应不大于 65535"),
        ("[sources.x]\nurl = 'x'", "is missing and must be set", "缺少这项，必须填写"),
        ("[aliases]\nitems = 3", "should be a section with settings of its own", "应为含若干设置的一节"),
        ("[serve]\nhost = ''", "must not be empty", "不能为空"),
    ],
)
def test_a_wrong_setting_is_said_in_the_words_of_the_reader(
    tmp_path: Path, toml: str, english: str, chinese: str
) -> None:
    with pytest.raises(UnableToConfigure) as refused:
        load_settings(_home(tmp_path, f"[stock_ledger]\n{toml}\n"))
    assert refused.value.in_words("en").endswith(f"] {english}")
    assert refused.value.in_words("zh_CN").endswith(f"] {chinese}")


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('synonyms = { "非常满意" = "顶呱呱" }', "[survey] 非常满意 is said to mean 顶呱呱"),
        ('synonyms = { "很满意" = "不满意" }', "[survey] 很满意 stands for two different answers"),
        ('no_answer = ["不满意"]', "[survey] 不满意 stands for two different answers"),
        ('no_answer = ["不清楚"]\nnot_applicable = ["不清楚"]', "[survey] 不清楚 stands for two different answers"),
        ("complaint_at = 3", "[survey.complaint_at] should be one of: 1, 2"),
        ('cycle = "week"', "[survey.cycle] should be one of: month, quarter, year"),
        ('[survey.scale]\n6 = ["极满意"]', "[survey] 6 is no mark of the scale"),
        ('[survey.target]\nsatisfaction = "90"', "[survey.target.satisfaction] 90 is no share"),
        ('[survey.targets."业务一部"]\nminimum = 0', "[survey.targets.业务一部.minimum] should be more than 0"),
        ('[survey.groups]\n"质量" = ["外观"]\n"外观" = ["外观"]', "[survey] 外观 stands in two groups"),
        ('[survey.renames]\n"甲" = "乙"\n"乙" = "丙"', "[survey] 乙 is itself an older heading"),
    ],
)
def test_a_choice_of_the_survey_that_means_nothing_or_two_things_is_refused(
    tmp_path: Path, toml: str, named: str
) -> None:
    with pytest.raises(UnableToConfigure) as refused:
        load_settings(_home(tmp_path, f"[survey]\n{toml}\n"))
    line = str(refused.value)
    assert "\n" not in line
    assert named in line


@pytest.mark.parametrize("meant", ["很满意", "很 满意", "5", "very satisfied"])
def test_a_synonym_names_a_word_or_a_mark_of_the_scale(tmp_path: Path, meant: str) -> None:
    home = _home(tmp_path, f'[survey]\nsynonyms = {{ "非常满意" = "{meant}" }}\n')
    assert load_settings(home).survey.synonyms == {
        "满意": "比较满意",
        "satisfied": "fairly satisfied",
        "非常满意": meant,
    }
