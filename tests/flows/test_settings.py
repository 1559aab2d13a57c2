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
