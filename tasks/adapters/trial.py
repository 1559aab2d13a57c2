"""A first parse in a process of its own, for the formats whose cost cannot be counted before they are parsed.

In xls, xlsb and ods a few broken bytes may claim more memory than there is, which ends the process that believes them.
"""

from __future__ import annotations

import subprocess
import sys

TRIAL_SECONDS = 120
TRIAL_MIB = 3072
_TRIAL = f"""
import io, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({TRIAL_MIB} * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except (ImportError, ValueError, OSError):
    pass
import python_calamine
try:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    for name in book.sheet_names:
        book.get_sheet_by_name(name)
except python_calamine.PasswordError:
    pass
"""


def survives_trial(content: bytes) -> bool:
    """Whether a parse of this workbook ends well within TRIAL_SECONDS and TRIAL_MIB."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and words; the content is only its input
            [sys.executable, "-I", "-c", _TRIAL], input=content, capture_output=True, timeout=TRIAL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
