"""Where no server is configured, mails are files with readable names."""

from __future__ import annotations

from pathlib import Path

from tasks.adapters.store import Store
from tasks.mail.outbox import listed, queue, unsent
from tasks.mail.steps import dispatch
from tests.mail.nouns import DOMAIN, NOW, new_mail
from tests.mail.post import office


def test_mails_are_written_as_files_that_people_know_by_their_names(store: Store, tmp_path: Path) -> None:
    mails = [new_mail("wang@example.test", report="第1业务部"), new_mail("li/../x@example.test"), new_mail("a" * 300)]
    with store.writing() as connection:
        queue(connection, mails, DOMAIN, NOW)
    assert dispatch(office(store, None, home=tmp_path)).outcomes == {"filed": 3}
    files = sorted((tmp_path / "outbox").iterdir())
    assert [path.name.rpartition("_")[0] for path in files] == [
        "2026-11-20_stock-ledger_" + "a" * 36,
        "2026-11-20_stock-ledger_li-..-x@example.test",
        "2026-11-20_stock-ledger_第1业务部_wang@example.test",
    ]
    assert b"To: wang@example.test" in files[2].read_bytes()
    with store.reading() as connection:
        assert {(mail.state, Path(mail.last_answer).suffix) for mail in listed(connection)} == {("filed", ".eml")}
        assert unsent(connection, "stock-ledger") == 0
    assert dispatch(office(store, None, home=tmp_path)).outcomes == {}
