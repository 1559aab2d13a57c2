"""The airport's survey counted a second time, with nothing but the standard library, from what was published.

It shares no code with the product: what both find must be the same to the last form and the last digit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.sfo_survey_files import AREAS, MEANINGS, OVERALL, QUESTIONS, YearFile, area_of

# How often each answer stands under (dimension, its value, question): "5" to "1", "blank" and "not_applicable"; under
# "w5" and so on the sums of the weights of the same answers, scaled by 10,000.
Distribution = dict[tuple[str, str, str], Counter[str]]
_ANSWERS = {"5": "5", "4": "4", "3": "3", "2": "2", "1": "1", "6": "not_applicable", "0": "blank", "": "blank"}


def counted(of_year: YearFile) -> Distribution:
    """The distribution of every question of a year in total, by boarding area, time of day and method.

    Forms without a serial number do not count: nobody stands behind them, so they are set aside.
    """
    found: Distribution = defaultdict(Counter)
    places = _places(of_year)
    for row in _forms(of_year):
        weight = _weight(of_year, row)
        dimensions = (("total", ""), *_dimensions(of_year, row))
        for question, place in places.items():
            text = row[place].strip().upper()
            answer = _ANSWERS["" if text == "BLANK" else text]
            for dimension, value in dimensions:
                counts = found[dimension, value, question]
                counts[answer] += 1
                counts[f"w{answer}"] += weight
    return found


def set_aside(of_year: YearFile) -> int:
    """How many forms of the year have no serial number."""
    return len(of_year.rows) - sum(1 for _ in _forms(of_year))


def repeated(of_year: YearFile) -> int:
    """How many serial numbers stand on more than one form of the year."""
    place = of_year.place("CCGID")
    assert place is not None
    return sum(1 for times in Counter(row[place] for row in _forms(of_year)).values() if times > 1)


def dissatisfied(of_year: YearFile) -> int:
    """How many answers of the year are the lowest one."""
    return sum(counts["1"] for (dimension, *_), counts in counted(of_year).items() if dimension == "total")


def _forms(of_year: YearFile) -> Iterator[tuple[str, ...]]:
    place = of_year.place("CCGID")
    assert place is not None
    return (row for row in of_year.rows if row[place].strip())


def _places(of_year: YearFile) -> dict[str, int]:
    meant = {name: of_year.place(heading) for heading, name in MEANINGS[of_year.year].items()}
    places = {name: place for name, place in meant.items() if place is not None and name in (*QUESTIONS, OVERALL)}
    assert len(places) >= len(MEANINGS[of_year.year]) - 1
    return places


def _dimensions(of_year: YearFile, row: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    gate, area = of_year.place("GATE", "GATENUM"), of_year.place(*AREAS)
    assert gate is not None
    yield "department", area_of(row[gate]) if area is None else row[area]
    for dimension, headings in (("product", ("STRATA",)), ("channel", ("METHOD", "METH"))):
        place = of_year.place(*headings)
        if place is not None and row[place].strip():
            yield dimension, row[place]


def _weight(of_year: YearFile, row: tuple[str, ...]) -> int:
    place = of_year.place("WEIGHT")
    if place is None or not row[place].strip():
        return 10_000
    return int((Decimal(row[place]) * 10_000).to_integral_value(ROUND_HALF_UP))
