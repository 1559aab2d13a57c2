"""The inbox: files that wait, their safe copies, the archive of what was read and the quarantine of what was refused.

A file is first copied under its content hash and read from that copy, then archived, then recorded in the database,
and only then taken out of the inbox: a crash anywhere leaves it there to be found again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from config.refusals import refusal
from tasks.adapters.speech import spoken
from tasks.domain.message import Message, message

CHUNK = 1 << 20
NAME_BYTES_MAX = 160
FOLDERS_AT_ONCE = 8
STALE_COPY_SECONDS = 86_400
_TEMPORARY = re.compile(
    r"^(\.|~\$|thumbs\.db$|desktop\.ini$)|(~|\.tmp|\.temp|\.part|\.partial|\.crdownload|\.swp|\.lock)$", re.IGNORECASE
)
_UNSAFE = re.compile(r"[^\w.()+=,@ -]+")


class UnableToKeepFile(Exception):
    """A file cannot be copied, archived or removed; `.message` is one line that names it, and so is the text."""

    def __init__(self, path: Path, wrong: OSError) -> None:
        """Keep what the operating system refuses at `path` for the reader's language."""
        super().__init__(path, wrong)
        self.message = _refused(wrong, path)

    def __str__(self) -> str:
        """The line in English, as logs have it."""
        return spoken(self.message, "en")


class UnableToReadFile(Exception):
    """A file in the inbox cannot be read; `.message` is the reason, which stops no other file."""

    def __init__(self, wrong: OSError) -> None:
        """Keep what the operating system refuses for the reader's language."""
        super().__init__(wrong)
        self.message = _refused(wrong)


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """One file in `inbox/<dataset>/`; `name` is its name in readable characters."""

    dataset: str
    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What lies in the inbox: the files to read by dataset and name, and what is said about the rest."""

    files: tuple[WaitingFile, ...]
    notices: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A waiting file's content, copied to `copy` where nobody else changes it; `seen` recognises the original."""

    waiting: WaitingFile
    copy: Path
    sha256: str
    size: int
    seen: tuple[int, int, int]


def _refused(wrong: OSError, path: Path | None = None) -> Message:
    key, said = refusal(wrong, str(path or ""))
    return message(key, **said)


def waiting(home: Path, datasets: Collection[str], settle_seconds: int, now: dt.datetime) -> Waiting:
    """Every file that can be read now, sorted by dataset and name.

    Links and folders inside a dataset are not followed, files changed less than `settle_seconds` before `now` are left
    for later, and folders of unknown datasets are not read: each is said. Lock and temporary files are passed over.
    """
    inbox = home / "inbox"
    files: list[WaitingFile] = []
    notices: list[Message] = []
    for entry in _entries(inbox):
        name = readable(entry.name)
        if entry.is_symlink() or not entry.is_dir():
            if not _TEMPORARY.search(entry.name):
                notices.append(message("inbox.loose_file", name=name))
        elif entry.name not in datasets:
            count = sum(1 for inner in _entries(Path(entry.path)) if not _TEMPORARY.search(inner.name))
            if count:
                notices.append(message("inbox.unknown_folder", folder=name, files=count))
        else:
            try:
                _look_into(Path(entry.path), settle_seconds, now, files, notices)
            except OSError as wrong:
                notices.append(message("inbox.unreadable_folder", folder=name, reason=_refused(wrong)))
    return Waiting(tuple(files), tuple(notices))


def hold(home: Path, file: WaitingFile) -> HeldFile | None:
    """`file` copied and fingerprinted in one pass; None when it is gone, for another import took it.

    Raises UnableToReadFile when it cannot be read, UnableToKeepFile when it cannot be copied.
    """
    folder = home / ".incoming"
    target = folder / uuid4().hex
    digest = hashlib.sha256()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _opened(file) as source:
            status = os.fstat(source.fileno())
            with target.open("xb") as copy:
                while chunk := _next_chunk(source):
                    digest.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            return HeldFile(file, target, digest.hexdigest(), target.stat().st_size, _recognised_by(status))
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return None
    except UnableToReadFile:
        target.unlink(missing_ok=True)
        raise
    except OSError as wrong:
        target.unlink(missing_ok=True)
        raise UnableToKeepFile(file.path, wrong) from wrong


def _opened(file: WaitingFile) -> BinaryIO:
    try:
        return os.fdopen(os.open(file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")
    except FileNotFoundError:
        raise
    except OSError as wrong:
        raise UnableToReadFile(wrong) from wrong


def _next_chunk(source: BinaryIO) -> bytes:
    try:
        return source.read(CHUNK)
    except OSError as wrong:
        raise UnableToReadFile(wrong) from wrong


def hold_content(home: Path, dataset: str, name: str, content: bytes) -> HeldFile:
    """`content` that never lay in the inbox, held like a file called `name`; raises UnableToKeepFile."""
    target = home / ".incoming" / uuid4().hex
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as wrong:
        raise UnableToKeepFile(target, wrong) from wrong
    nowhere = WaitingFile(dataset, target.with_suffix(".none"), name)
    return HeldFile(nowhere, target, hashlib.sha256(content).hexdigest(), len(content), (0, 0, 0))


def archive(home: Path, held: HeldFile) -> str:
    """Where the copy lies for good in `home`: `archive/<2 digits>/<sha256>_<name>`, one place for one content.

    Only make_lasting makes it sure that the place outlives a power failure.
    """
    return _placed(home, held.copy, archived_as(held))


def archived_as(held: HeldFile) -> str:
    """The place that `archive` gives the file, below the home folder."""
    return f"archive/{held.sha256[:2]}/{held.sha256}_{safe(held.waiting.name)}"


def make_lasting(home: Path, places: Collection[str]) -> None:
    """Returns when the disk has kept the files at `places`, as archive gave them; each folder is waited for once."""
    folders = sorted({(home / place).parent for place in places if place})
    with ThreadPoolExecutor(FOLDERS_AT_ONCE) as waiters:
        list(waiters.map(_sync_folder, folders))


def refuse(home: Path, held: HeldFile) -> str:
    """Where the copy of a refused file lies, below `home`: `quarantine/<dataset>/<12 digits>_<name>`."""
    source = held.copy if held.copy.exists() else home / archived_as(held)
    place = _placed(home, source, f"quarantine/{held.waiting.dataset}/{held.sha256[:12]}_{safe(held.waiting.name)}")
    make_lasting(home, [place])
    return place


def let_go(held: HeldFile) -> None:
    """Drops the copy of a file that is neither archived nor refused."""
    held.copy.unlink(missing_ok=True)


def take_out(held: HeldFile) -> None:
    """Removes the file from the inbox, unless somebody has put other content in its place meanwhile."""
    try:
        if _recognised_by(held.waiting.path.lstat()) == held.seen:
            held.waiting.path.unlink()
    except FileNotFoundError:
        return
    except OSError as wrong:
        raise UnableToKeepFile(held.waiting.path, wrong) from wrong


def sweep(home: Path, now: dt.datetime) -> None:
    """Removes copies that a crashed import left behind more than a day before `now`."""
    for entry in _entries(home / ".incoming"):
        if now.timestamp() - entry.stat(follow_symlinks=False).st_mtime > STALE_COPY_SECONDS:
            Path(entry.path).unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The content hash of `path` in hexadecimal digits; raises OSError when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def readable(name: str) -> str:
    """A file name as people wrote it: UTF-8, else GB18030, and only characters that every database keeps."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def safe(name: str) -> str:
    """`name` without characters that some file system or shell minds, its end kept when it is too long."""
    plain = _UNSAFE.sub("_", name).strip(" .") or "_"
    while len(plain.encode()) > NAME_BYTES_MAX:
        plain = plain[1:]
    return plain


def _look_into(
    folder: Path, settle_seconds: int, now: dt.datetime, files: list[WaitingFile], notices: list[Message]
) -> None:
    for entry in _entries(folder):
        if _TEMPORARY.search(entry.name):
            continue
        said = {"dataset": folder.name, "name": readable(entry.name)}
        if entry.is_symlink():
            notices.append(message("inbox.link", **said))
            continue
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            notices.append(message("inbox.not_a_file", **said))
        elif 0 <= now.timestamp() - status.st_mtime < settle_seconds:
            notices.append(message("inbox.still_written", **said))
        else:
            files.append(WaitingFile(folder.name, Path(entry.path), said["name"]))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            yield from sorted(found, key=lambda entry: os.fsencode(entry.name))
    except FileNotFoundError:
        return


def _recognised_by(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _placed(home: Path, source: Path, where: str) -> str:
    target = home / where
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    except OSError as wrong:
        raise UnableToKeepFile(target, wrong) from wrong
    return where


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as wrong:
        raise UnableToKeepFile(folder, wrong) from wrong
