"""Nine years of a real passenger survey as the files and the settings of a home.

The files of San Francisco airport's yearly survey go into the inbox byte for byte as they were published, under a name
that says their year, for nothing in them does. Three need what no setting can say: a column `Boarding area` where a
year gives only the gate (2010, 2011, 2013), and the year before the headings of 2010 and 2011 that mean something else
in a later year (`Q8A`: clean boarding areas, then artwork). The serial number of a form (CCGID) stands for its
customer, for the passengers are not known.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

YEARS = range(2010, 2019)
OVERALL = "SFO as a whole"
FACILITIES = (
    "Artwork", "Restaurants", "Shops", "Signs inside", "Walkways", "Screens", "Booths at arrival",
    "Booths at departure", "Wi-Fi", "Signs on roads", "Parking", "AirTrain", "Long-term shuttle", "Rental car center",
)  # fmt: skip
CLEANLINESS = (
    "Clean boarding areas", "Clean parking", "Clean AirTrain", "Clean rental cars", "Clean restaurants",
    "Clean restrooms", "Cleanliness overall",
)  # fmt: skip
JOURNEY = ("Feeling safe", "Website", "Security with PreCheck", "Getting to the airport", "Finding the way", "Security")
GROUPS = {"Facilities": FACILITIES, "Cleanliness": CLEANLINESS, "Journey": JOURNEY}
QUESTIONS = (*FACILITIES, *CLEANLINESS, *JOURNEY)
NO_ANSWER, NOT_APPLICABLE = ("0", "Blank"), ("6",)
_REMARK = "remark"
# By their order on the form, Wi-Fi came in 2013.
_OLD_FACILITIES = tuple(name for name in FACILITIES if name != "Wi-Fi")
_OLD_CLEANLINESS = CLEANLINESS[:-1]
_NEW_CLEANLINESS = tuple(name for name in CLEANLINESS if name != "Clean parking")
_BY_2012 = (
    "Q8A_ART Q8B_FOOD Q8C_SHOP Q8D_SIGNS Q8E_WALK Q8F_SCREENS Q8G_INFOARR Q8H_INFODEP Q8I_ROAD Q8J_PARK Q8K_AIRTRAIN"
    " Q8L_LTPARK Q8M_RENTAL"
)
_BY_2013 = (
    "Q7A_ART Q7B_FOOD Q7C_SHOPS Q7D_SIGNS Q7E_WALK Q7F_SCREENS Q7G_INFOARR Q7H_INFODEP Q7I_WIFI Q7J_ROAD Q7K_PARK"
    " Q7L_AIRTRAIN Q7M_LTPARK Q7N_RENTAL"
)
_SINCE_2014 = (
    "Q7ART Q7FOOD Q7STORE Q7SIGN Q7WALKWAYS Q7SCREENS Q7INFODOWN Q7INFOUP Q7WIFI Q7ROADS Q7PARK Q7AIRTRAIN Q7LTPARKING"
    " Q7RENTAL"
)
_CLEAN_2013 = "Q9A_CLNBOARD Q9B_CLNAIRTRAIN Q9C_CLNRENT Q9D_CLNFOOD Q9E_CLNBATH Q9F_CLNWHOLE"
_CLEAN_2014 = "Q9BOARDING Q9AIRTRAIN Q9RENTAL Q9FOOD Q9RESTROOM Q9ALL"
# Files whose letters were given anew the year after.
_EARLY = (2010, 2011)
AREAS = ("BAREA", "AREA")
_GATES = {"A": (1, 12), "B": (20, 39), "C": (40, 48), "D": (50, 59), "E": (60, 69), "F": (70, 90), "G": (91, 102)}


def _named(headings: str, names: Sequence[str]) -> dict[str, str]:
    return dict(zip(headings.split(), names, strict=True))


def _lettered(number: str, names: Sequence[str]) -> dict[str, str]:
    return {f"{number}{chr(ord('A') + place)}": name for place, name in enumerate(names)}


def _recent(walkways: str = "Q7WALKWAYS", checked: str = "Q12PRECHECKRATE", remark: str = "") -> dict[str, str]:
    """The headings since 2014, with those that a year spells otherwise."""
    found = _named(_SINCE_2014.replace("Q7WALKWAYS", walkways), FACILITIES) | _named(_CLEAN_2014, _NEW_CLEANLINESS)
    found |= {"Q7ALL": OVERALL, "Q10SAFE": "Feeling safe", checked: "Security with PreCheck"}
    found |= {"Q13GETRATE": "Getting to the airport", "Q14FIND": "Finding the way", "Q14PASSTHRU": "Security"}
    return found | ({remark: _REMARK} if remark else {})


MEANINGS: Mapping[int, Mapping[str, str]] = {
    2010: _lettered("Q6", (*_OLD_FACILITIES, OVERALL))
    | _lettered("Q8", _OLD_CLEANLINESS)
    | {"Q9": "Feeling safe", "Q11": "Website", "Q13A": "Finding the way", "Q13B": "Security"},
    2011: _lettered("Q8", (*_OLD_FACILITIES, OVERALL))
    | _lettered("Q10", _OLD_CLEANLINESS)
    | {"Q11": "Feeling safe", "Q13": "Website", "Q15A": "Finding the way", "Q15B": "Security"},
    2012: _named(_BY_2012, _OLD_FACILITIES)
    | _named("Q10A_CLNBOARD Q10B_CLNPARK Q10C_CLNAIRTRAIN Q10D_CLNRENT Q10E_CLNFOOD Q10F_CLNBATH", _OLD_CLEANLINESS)
    | {"Q8N_WHOLE": OVERALL, "Q11SAFE": "Feeling safe", "Q13_RATEWEB": "Website"}
    | {"Q14RATEGETTO": "Getting to the airport", "Q15A_FIND": "Finding the way", "Q15B_SECURITY": "Security"},
    2013: _named(_BY_2013, FACILITIES)
    | _named(_CLEAN_2013, _NEW_CLEANLINESS)
    | {"Q7O_WHOLE": OVERALL, "Q10SAFE": "Feeling safe", "Q13_RATEGETTO": "Getting to the airport"}
    | {"Q14A_FIND": "Finding the way", "Q14B_SECURITY": "Security"},
    2014: _recent(),
    2015: _recent(checked="Q12PRECHEKCRATE"),
    2016: _recent(),
    2017: _recent(checked="Q12PRECHEKCRATE"),
    2018: _recent(walkways="Q7WALKWAY", remark="Q15A"),
}
"""By year: each heading of a question, by the key of `heading_of`, and the question that it means."""


@dataclass(frozen=True, slots=True)
class YearFile:
    """The published file of a year: its bytes, its headings as written, and its rows."""

    year: int
    published: bytes
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def place(self, *names: str) -> int | None:
        """The place of the first column that bears one of these headings, None where there is none."""
        keys = [heading_of(one) for one in self.headings]
        return next((keys.index(name) for name in names if name in keys), None)


def heading_of(text: str) -> str:
    """A heading as it is compared: without stars, spaces and case."""
    return text.strip("* ").upper()


def files(path: Path) -> Iterator[YearFile]:
    """The nine files in the archive at `path`, year by year."""
    with zipfile.ZipFile(path) as archive:
        for year in YEARS:
            published = archive.read(f"sfo_customer_survey_{year}.csv")
            headings, *rows = csv.reader(io.StringIO(published.decode("utf-8"), newline=""))
            yield YearFile(year, published, tuple(headings), tuple(tuple(row) for row in rows))


def delivered(of_year: YearFile, inbox: Path) -> None:
    """Drops the file of one year into the inbox."""
    folder = inbox / "responses"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"sfo_customer_survey_{of_year.year}-12-31.csv"
    headings = [_written(of_year.year, heading) for heading in of_year.headings]
    if of_year.place(*AREAS) is not None:
        assert tuple(headings) == of_year.headings
        path.write_bytes(of_year.published)
        return
    gate = of_year.place("GATE", "GATENUM")
    assert gate is not None
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Boarding area", *headings])
        writer.writerows([area_of(row[gate]), *row] for row in of_year.rows)


def area_of(gate: str) -> str:
    """The boarding area of a gate, by the published data dictionary."""
    return next(area for area, (first, last) in _GATES.items() if first <= int(gate) <= last)


def _written(year: int, heading: str) -> str:
    """A heading as delivered: one that meant something else in a later year bears its year."""
    key = heading_of(heading)
    meant = {of_year[key] for of_year in MEANINGS.values() if key in of_year}
    return f"{year} {heading}" if len(meant) > 1 and year in _EARLY else heading


def settings(of_years: Sequence[YearFile]) -> str:
    """The daybook.toml of the home: which heading means what, the scale, a cycle of a year."""
    renames: dict[str, str] = {}
    aliases: dict[str, list[str]] = {"form": ["RESPNUM"], "department": ["Boarding area", *AREAS]}
    aliases |= {"product": ["STRATA"], "channel": ["METHOD", "METH"], "customer": ["CCGID"], "weight": ["WEIGHT"]}
    aliases |= {"overall": [], "remark": []}
    for of_year in of_years:
        for heading in of_year.headings:
            name = MEANINGS[of_year.year].get(heading_of(heading))
            written = _written(of_year.year, heading)
            if name in (OVERALL, _REMARK):
                aliases["overall" if name == OVERALL else "remark"].append(written)
            elif name:
                renames[heading_of(written)] = name
    lines = ['language = "en"', 'report_languages = ["en"]', "[aliases.responses]"]
    lines += [f"{column} = {json.dumps(list(dict.fromkeys(headings)))}" for column, headings in aliases.items()]
    lines += ["[survey]", 'cycle = "year"', 'questions = "listed"']
    lines += [f"no_answer = {json.dumps(NO_ANSWER)}", f"not_applicable = {json.dumps(NOT_APPLICABLE)}"]
    lines += ["[survey.groups]", *(f"{json.dumps(name)} = {json.dumps(of)}" for name, of in GROUPS.items())]
    lines += ["[survey.renames]", *(f"{json.dumps(older)} = {json.dumps(name)}" for older, name in renames.items())]
    return "\n".join(lines) + "\n"
