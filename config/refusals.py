"""What the operating system refuses, as a wording: which place it is about, and what to do there."""

from __future__ import annotations

import errno

_KEYS = {
    errno.EACCES: "place.denied",
    errno.EPERM: "place.denied",
    errno.EROFS: "place.denied",
    errno.ENOENT: "place.absent",
    errno.ENOTDIR: "place.no_folder",
    errno.EEXIST: "place.no_folder",
    errno.EISDIR: "place.no_file",
    errno.ENOSPC: "place.full",
    errno.EDQUOT: "place.full",
    errno.ENAMETOOLONG: "place.long_name",
}


def refusal(wrong: OSError, path: str = "") -> tuple[str, dict[str, str]]:
    """The key of the wording and its parameters; `path` names the place where the error itself does not."""
    place = path or str(wrong.filename or "")
    key = _KEYS.get(wrong.errno or 0)
    return (key, {"path": place}) if key else ("place.refused", {"path": place, "reason": wrong.strerror or str(wrong)})
