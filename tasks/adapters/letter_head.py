"""The lines at the head of a mail: names and file names that Outlook, Gmail, Foxmail and QQ Mail show as they are."""

from __future__ import annotations

import re
from email.header import Header
from email.utils import formataddr
from urllib.parse import quote

from config.wording import in_every_language
from tasks.adapters.speech import printable

NEW_LINE = "\r\n"
# RFC 2047 allows an encoded word 75 characters, RFC 5322 recommends lines of 78.
_LINE_MAX = 75
_PLAIN_MAX = 60
_FILE_STEM_MAX = 60
# What would begin a line of its own, in a mail program or in the software on its way.
_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")
# Mail programs show several blanks as one; some drop them all between two encoded words.
_BLANKS = re.compile(" {2,}")
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^-~]+@[A-Za-z0-9.\-]+")
_MESSAGE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\s]+')


class UnableToWriteLetter(Exception):
    """A mail cannot be written as it was asked for; the text is one line for ops that says which part is wrong."""


def header(name: str, text: str) -> str:
    """The header line `name: text`, folded, as RFC 2047 words where needed; a line break: UnableToWriteLetter."""
    return f"{name}: {_encoded(name, text, len(name) + 2)}{NEW_LINE}"


def mailbox(name: str, spoken_name: str, address: str) -> str:
    """The header line `name: "spoken name" <address>`; anything but one plain address: UnableToWriteLetter."""
    if not _ADDRESS.fullmatch(address):
        raise UnableToWriteLetter(in_every_language("letter.unable.address", part=name, text=repr(address)))
    if not spoken_name:
        return f"{name}: {address}{NEW_LINE}"
    if spoken_name.isascii() and len(spoken_name) <= _PLAIN_MAX and "=?" not in spoken_name:
        shown = formataddr((_one_line(name, spoken_name), address))
        return f"{name}: {shown.removesuffix(f' <{address}>')}{NEW_LINE} <{address}>{NEW_LINE}"
    return f"{name}: {_encoded(name, spoken_name, len(name) + 2)}{NEW_LINE} <{address}>{NEW_LINE}"


def message_id(text: str) -> str:
    """The header line of a Message-ID given with or without its brackets; raises UnableToWriteLetter for another."""
    bare = text.removeprefix("<").removesuffix(">")
    if not _MESSAGE_ID.fullmatch(bare):
        raise UnableToWriteLetter(in_every_language("letter.unable.message_id", text=repr(text)))
    return f"Message-ID: <{bare}>{NEW_LINE}"


def file_name(*parts: str) -> str:
    """A file name without ending made of the parts that are not empty: readable, and allowed on every system."""
    words = (_NO_FILE_NAME.sub(" ", printable(part)).strip(" .") for part in parts)
    return " ".join(word for word in words if word)[:_FILE_STEM_MAX].strip(" .")


def named_type(kind: str, name: str) -> str:
    """A Content-Type with the file's name as RFC 2047 words, which is where Foxmail and QQ Mail look for it."""
    return f'{kind};{NEW_LINE} name="{_encoded("name", name, 8)}"'


def named_disposition(kind: str, name: str) -> str:
    """A Content-Disposition with the file's name as RFC 2231 in one piece, for some programs join no pieces."""
    return f"{kind};{NEW_LINE} filename*=UTF-8''{quote(name, safe='')}"


def _encoded(where: str, text: str, used: int) -> str:
    shown = _one_line(where, text)
    if shown.isascii() and len(shown) + used <= _LINE_MAX and "=?" not in shown:
        return shown
    words = Header(shown, "utf-8", maxlinelen=_LINE_MAX, header_name="x" * max(0, used - 2))
    return words.encode(linesep=NEW_LINE)


def _one_line(where: str, text: str) -> str:
    if _BREAKS.search(text):
        raise UnableToWriteLetter(in_every_language("letter.unable.control", part=where, text=repr(text)))
    return _BLANKS.sub(" ", printable(text)).strip()
