"""Pictures of charts: lines, bars, digits and dates only; words stand beside the picture, so no font is needed."""

from __future__ import annotations

import io
from base64 import b64encode
from functools import lru_cache
from typing import TYPE_CHECKING

from tasks.domain.report import Chart, Kind, Report, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

# Blue, orange, green, purple of a palette that colour-blind readers tell apart; the marks differ as well.
COLOURS = ("#1f5f99", "#b8560f", "#2f7d5b", "#7a4f9a")
MARKS = ("●", "■", "▲", "◆")
_MARKERS = ("o", "s", "^", "D")
# Drawn small, so that its digits can still be read where a phone shows it 290 pixels wide.
WIDTH_INCHES, PANEL_INCHES, DOTS_PER_INCH = 4.8, 1.15, 260
_TICKS_MAX = 5
_LABEL_POINTS = 10
_ALL_PERCENT = 100
_SHARES = ("rate", "share")
_RATE_SPAN_MIN = 10
# In inches: the paper's edge, the line of dates below, the gap between panels, and the widest sign of a label.
_EDGE, _DATES, _GAP, _SIGN = 0.08, 0.25, 0.24, 0.09
_INK, _RULE = "#4a5563", "#e3e7ec"


def colour_of(place: int) -> str:
    """The colour of the series at `place` of its chart, as `#rrggbb`."""
    return COLOURS[place % len(COLOURS)]


def mark_of(place: int) -> str:
    """The mark that the series at `place` bears in the picture, as a character for the legend."""
    return MARKS[place % len(MARKS)]


def picture_sources(report: Report) -> dict[str, str]:
    """Every chart of the report by its name as a `data:` address, so that one HTML file holds all."""
    return {
        chart.name: "data:image/png;base64," + b64encode(chart_png(chart)).decode("ascii") for chart in report.charts
    }


# The same picture stands in each language, in the file and in the mail.
@lru_cache(maxsize=32)
def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG, one panel for each kind of value, dates below; the same chart gives the same bytes."""
    # The drawing objects are used directly: pyplot keeps global state and is not safe when two reports draw at once.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Picture

    kinds = tuple(dict.fromkeys(one.kind for one in chart.series)) or ("count",)
    picture = Picture(figsize=(WIDTH_INCHES, 0.3 + PANEL_INCHES * len(kinds)), dpi=DOTS_PER_INCH)
    FigureCanvasAgg(picture)
    panels = picture.subplots(len(kinds), 1, sharex=True, squeeze=False)[:, 0]
    for axes, kind in zip(panels, kinds, strict=True):
        for place, one in enumerate(chart.series):
            if one.kind == kind:
                _draw(axes, chart, one, place)
        _dress(axes, kind)
    _date_axis(panels[-1], chart)
    _place(picture, list(panels))
    written = io.BytesIO()
    # Level 4 packs such a drawing as small as level 6 does, in half the time.
    picture.savefig(
        written, format="png", facecolor="white", metadata={"Software": None}, pil_kwargs={"compress_level": 4}
    )
    return written.getvalue()


def _draw(axes: Axes, chart: Chart, one: Series, place: int) -> None:
    # A point on paper needs no exactness: this is the one place where amounts turn into binary floating point.
    heights = [float("nan") if value is None else _height(one.kind, float(value)) for value in one.values]
    places = list(range(len(heights)))
    if chart.kind == "bars":
        beside = [other.name for other in chart.series if other.kind == one.kind]
        width = 0.8 / len(beside)
        offset = (beside.index(one.name) - (len(beside) - 1) / 2) * width
        axes.bar([x + offset for x in places], heights, width=width * 0.92, color=colour_of(place))
        return
    colour, marker = colour_of(place), _MARKERS[place % len(_MARKERS)]
    axes.plot(places, heights, color=colour, linewidth=1.8, solid_capstyle="round", marker=marker, markersize=3.4)
    if heights:
        last = axes.plot(places[-1:], heights[-1:], linestyle="none", marker=marker, color=colour, markersize=7)
        last[0].set_clip_on(False)


def _height(kind: Kind, value: float) -> float:
    return value * 100 if kind in _SHARES else value / 10_000 if kind == "quantity" else value


def _dress(axes: Axes, kind: Kind) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_RULE)
    axes.grid(axis="y", color=_RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=_LABEL_POINTS, colors=_INK)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=kind == "count", min_n_ticks=2))
    low, high = axes.get_ylim()
    if kind in _SHARES:
        # A trend of tenths of a percent is no trend: a panel spans ten points or more, and a share ends at 100 percent.
        top = 101.5 if high > _ALL_PERCENT else high
        axes.set_ylim(max(0.0, min(low, top - _RATE_SPAN_MIN)), top)
        shown = FuncFormatter(lambda height, _: f"{height:g}%" if height <= _ALL_PERCENT else "")
        axes.yaxis.set_major_formatter(shown)
    else:
        axes.set_ylim(low if axes.dataLim.y0 < 0 else 0.0, max(1.0, high))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda height, _: f"{height:,.10g}"))


def _date_axis(axes: Axes, chart: Chart) -> None:
    last = len(chart.dates) - 1
    step = max(1, -(-last // (_TICKS_MAX - 1)))
    places = list(range(last, -1, -step))[::-1]
    shape = "%Y-%m" if chart.months else "%m-%d"
    axes.set_xticks(places, [f"{chart.dates[place]:{shape}}" for place in places])
    axes.margins(x=0.035)


def _place(picture: Picture, panels: list[Axes]) -> None:
    """Gives the panels the paper, less the room that their labels need.

    The library's own layouts draw the picture once more to find that out, which takes as long as the picture itself.
    """
    width, height = picture.get_size_inches()
    labels = [
        label for axes in panels for label in axes.yaxis.get_major_formatter().format_ticks(axes.get_yticks().tolist())
    ]
    left = 2 * _EDGE + _SIGN * max((len(label) - 0.5 * label.count(",") for label in labels), default=0)
    inner = (height - _EDGE - _DATES - _GAP * (len(panels) - 1)) / len(panels)
    picture.subplots_adjust(
        left=left / width,
        right=1 - _EDGE / width,
        top=1 - _EDGE / height,
        bottom=_DATES / height,
        hspace=_GAP / inner,
    )
