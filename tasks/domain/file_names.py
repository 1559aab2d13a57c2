"""Names of files and folders made of what people typed."""

from __future__ import annotations

import re
from hashlib import blake2b

_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f]')


def file_name(name: str) -> str:
    """A folder or file name made of `name`, which people typed, without what a file system cannot hold.

    Where something had to go, a digest of `name` stands behind it, so that two names never share a file.
    """
    safe = _UNSAFE.sub("_", name).strip(". ")
    return name if safe == name else f"{safe}-{blake2b(name.encode(), digest_size=4).hexdigest()}"
