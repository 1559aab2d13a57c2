"""A number as a QR code, to be scanned from paper: as a drawing for a page and as a picture for a workbook."""

from __future__ import annotations

import io

import segno

# A quarter of the code may be soiled on its way and it still reads.
_ERROR = "q"
_MODULE_PIXELS = 4


def qr_drawing(text: str, title: str) -> str:
    """The code as inline SVG, three pixels a module; `title` is what those are told who cannot see it."""
    code = segno.make_qr(text, error=_ERROR)
    return str(code.svg_inline(scale=3, title=title, omitsize=False))


def qr_picture(text: str) -> bytes:
    """The code as a PNG; equal texts give equal bytes."""
    picture = io.BytesIO()
    segno.make_qr(text, error=_ERROR).save(picture, kind="png", scale=_MODULE_PIXELS)
    return picture.getvalue()
