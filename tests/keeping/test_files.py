"""A file is archived once and gone from the inbox; what is not taken is said by its name and stops no other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.adapters.speech import spoken
from tasks.adapters.store import open_store
from tasks.intake.steps import refused_files
from tasks.intake.tables import files
from tests.keeping.company import DAY, EARLIER, IN, OUT, Company


def test_a_file_is_read_archived_counted_and_gone_from_the_inbox(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), (2, DAY, OUT, "A2", 1))
    taken = company.take_in().datasets[0]
    assert (taken.files_read, taken.read, taken.accepted) == (1, 2, 2)
    assert company.live() == [("DF01", DAY, 1, "A1", 2), ("DF01", DAY, 2, "A2", 1)]
    assert company.waiting() == []
    (place,) = [place for dataset, place in company.rows(files, "dataset", "archived_as") if dataset == "ledger"]
    assert (company.home / str(place)).is_file()
    assert company.verified() == []


def test_the_same_content_under_another_name_is_a_repeat_and_counts_nothing(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    company.take_in()
    before = company.counts("ledger")
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), name="copy.csv")
    taken = company.take_in()
    assert taken.datasets[0].files_repeated == 1
    assert [one.key for one in taken.notices] == ["inbox.about_file"]
    assert company.counts("ledger") == before
    assert company.waiting() == []


def test_a_refused_file_is_named_kept_aside_and_tried_again_when_dropped_again(company: Company) -> None:
    for _ in range(2):
        company.drop("ledger", "odd.csv", [["nothing", "here"], ["1", "2"]])
        taken = company.take_in()
        assert (taken.datasets[0].files_refused, taken.datasets[0].files_repeated) == (1, 0)
        assert company.waiting() == []
    with company.store.reading() as connection:
        (refused,) = refused_files(connection)
    assert (refused.dataset, refused.name) == ("ledger", "odd.csv")
    assert (company.home / refused.lies_at).is_file()
    assert refused.lies_at.startswith("quarantine/ledger/")


def test_one_bad_file_stops_no_other(company: Company) -> None:
    company.drop("ledger", "a.csv", [["nothing"]])
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    taken = company.take_in().datasets[0]
    assert (taken.files_read, taken.files_refused) == (1, 1)


def test_what_is_no_file_of_a_known_dataset_is_said_and_stays(company: Company) -> None:
    inbox = company.home / "inbox"
    for name in (
        "loose.xlsx",
        "unknown/a.csv",
        "ledger/inner/a.csv",
        "ledger/~$DF01.xlsx",
        "ledger/.hidden",
        "ledger/a.part",
    ):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_text("x", encoding="utf-8")
    (inbox / "ledger" / "link.csv").symlink_to(inbox / "loose.xlsx")
    taken = company.take_in()
    assert sorted(one.key for one in taken.notices) == [
        "inbox.link",
        "inbox.loose_file",
        "inbox.not_a_file",
        "inbox.unknown_folder",
    ]
    assert taken.datasets == ()
    assert len(company.waiting()) == 7


NOBODY = 65534


@contextmanager
def permissions_count(folder: Path) -> Iterator[None]:
    """Within the block this process is a user for whom permissions count, and `folder` is that user's."""
    root = os.geteuid() == 0
    if root:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_what_cannot_be_read_or_taken_out_is_said_and_stops_no_other() -> None:
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder), open_store(f"sqlite:///{Path(folder) / 'daybook.db'}"))
        company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A1", 2))
        company.take_in()
        company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2)).chmod(0)
        company.ledger("DF02", DAY, (1, DAY, IN, "A1", 2))
        company.drop("late_notice", "n.csv", [["现场", "日期", "原因"], ["DF02", DAY, "网络中断"]]).parent.chmod(0o500)
        company.drop("items", "i.csv", [["存货编码", "存货名称"], ["A1", "轴承"]]).parent.chmod(0)
        with permissions_count(Path(folder)):
            notices = company.take_in().notices
        for name in ("late_notice", "items"):
            (Path(folder) / "inbox" / name).chmod(0o700)
        assert {one.key for one in notices} == {"inbox.unreadable", "inbox.stays", "inbox.unreadable_folder"}
        assert "Permission denied" not in " ".join(spoken(one, "zh_CN") for one in notices)
        assert [row[0] for row in company.live() if row[1] == DAY] == ["DF02"]
        assert company.counts("late_notice") == (1, 1, 0, 0)
        company.store.engine.dispose()


def test_a_changed_archive_is_found(company: Company) -> None:
    ((place,), *_) = company.rows(files, "archived_as")
    (company.home / str(place)).write_text("other", encoding="utf-8")
    assert len(company.verified()) == 1
    (company.home / str(place)).unlink()
    assert "missing" in company.verified()[0]
