"""A number as a QR code, to be scanned from paper: as a drawing for a page and as a picture for a workbook."""

from __future__ import annotations

import io
from functools import lru_cache

import segno

# A quarter of the code may be soiled on its way and it still reads.
_ERROR = "q"
_MODULE_PIXELS = 4
# A batch of many boxes bears the same code on each of its pages, in each language and both kinds of paper.
_remembered = lru_cache(maxsize=64)


@_remembered
def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error=_ERROR)


@_remembered
def qr_drawing(text: str, title: str) -> str:
    """The code as inline SVG, three pixels a module; `title` is what those are told who cannot see it."""
    return str(_code(text).svg_inline(scale=3, title=title, omitsize=False))


@_remembered
def qr_picture(text: str) -> bytes:
    """The code as a PNG; equal texts give equal bytes."""
    picture = io.BytesIO()
    _code(text).save(picture, kind="png", scale=_MODULE_PIXELS)
    return picture.getvalue()
