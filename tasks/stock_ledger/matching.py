"""The ladder that proves a ledger against the ERP: exact, grouped, near, and the rest named (spec 01: matching)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.finding import Finding
from tasks.stock_ledger.exact import exact_pairs
from tasks.stock_ledger.grouped import grouped_lines
from tasks.stock_ledger.lines import Flags, Ints, Side, coded, left_over
from tasks.stock_ledger.naming import near_finding, open_erp_finding, open_ledger_finding, rows, whys
from tasks.stock_ledger.near import Near, near_matches
from tasks.stock_ledger.nearest import nearest

STAGES = ("", "exact", "grouped", "near")
Codes = npt.NDArray[np.int8]
Frames = tuple[pd.DataFrame, pd.DataFrame]
Joints = list[tuple[list[int], list[int]]]


@dataclass(frozen=True, slots=True)
class Matching:
    """What the ladder found.

    `pairs`: ledger_line, erp_line, stage (exact, grouped, near), group (rows of one match share it; the number itself
    means nothing) and crosses_month (the two dates lie in different months); a match of several lines has a row for
    each line. `ledger` and `erp`: line and stage of every input line exactly once, in the order and with the index
    given; stage is blank for an open line. `findings`: every near match and every open line, ordered by site, date,
    item, kind and id.
    """

    pairs: pd.DataFrame
    ledger: pd.DataFrame
    erp: pd.DataFrame
    findings: list[Finding]


def match_lines(ledger: pd.DataFrame, erp: pd.DataFrame, near_days: int) -> Matching:
    """The ladder over both sides' lines; neither their order nor their index changes what it finds.

    Both frames: line (int64), ref, identity, site, date (datetime64), category (directed code), item, item_name,
    specification, quantity (int64, scaled by 10,000), warehouse, quality, order (texts, blank for none); the
    ledger also repeat (int64: equal whole rows above it in its file). `near_days` are calendar days. A line that is not
    `proven` (bool, may be left out: all are) can be the partner of one that is, but is no finding when left alone.
    Source: spec 01, matching and "matching is safe".
    """
    frames = ledger, erp
    one, other, categories = coded(ledger, erp)
    sides = one, other
    exact = exact_pairs(sides, frames)
    stages = np.zeros(len(ledger), dtype=np.int8), np.zeros(len(erp), dtype=np.int8)
    _mark(stages, exact, "exact")
    groups: Joints = []
    joints: Joints = []
    findings: list[Finding] = []
    if not (stages[0].all() and stages[1].all()):
        groups, joints, findings = _beyond_exact(sides, frames, stages, near_days, categories)
    findings.sort(key=lambda found: (found.site, found.date, found.item, found.kind, found.id))
    pairs = _pairs(frames, sides, exact, groups, joints)
    return Matching(pairs, _judged(ledger, stages[0]), _judged(erp, stages[1]), findings)


def _beyond_exact(
    sides: tuple[Side, Side],
    frames: Frames,
    stages: tuple[Codes, Codes],
    near_days: int,
    categories: Sequence[str],
) -> tuple[Joints, Joints, list[Finding]]:
    """The grouped and the near matches among the lines still open, marked in `stages`, and all findings."""
    rest = _rest(sides, frames, stages)
    groups = grouped_lines(rest[0], rest[1])
    for side in (0, 1):
        stages[side][[at for group in groups for at in group[side]]] = STAGES.index("grouped")
    rest = _still_open(rest[0], stages[0]), _still_open(rest[1], stages[1])
    near, crowded = near_matches(rest[0], rest[1], near_days, categories)
    joints = _joints(near, rest)
    for side in (0, 1):
        stages[side][[at for joint in joints for at in joint[side]]] = STAGES.index("near")
    findings = _near_findings(near, joints, frames)
    many = rest[0]["at"].to_numpy()[crowded[0]], rest[1]["at"].to_numpy()[crowded[1]]
    findings += _open_findings(sides, frames, stages, near_days, many)
    return groups, joints, findings


def _mark(stages: tuple[Codes, Codes], pairs: tuple[Ints, Ints], stage: str) -> None:
    for side in (0, 1):
        stages[side][pairs[side]] = STAGES.index(stage)


def _rest(sides: tuple[Side, Side], frames: Frames, stages: tuple[Codes, Codes]) -> Frames:
    return left_over(sides, frames, (np.flatnonzero(stages[0] == 0), np.flatnonzero(stages[1] == 0)))


def _still_open(rest: pd.DataFrame, stages: Codes) -> pd.DataFrame:
    return rest.iloc[np.flatnonzero(stages[rest["at"].to_numpy()] == 0)].reset_index(drop=True)


def _joints(near: list[Near], rest: Frames) -> Joints:
    """The near matches by the positions of their lines in the input."""
    one, other = rest[0]["at"].tolist(), rest[1]["at"].tolist()
    return [([one[place] for place in match.ledger], [other[place] for place in match.erp]) for match in near]


def _near_findings(near: list[Near], joints: Joints, frames: Frames) -> list[Finding]:
    known = [
        iter(rows(frame, np.array([at for joint in joints for at in joint[side]], dtype=np.int64)))
        for side, frame in enumerate(frames)
    ]
    found: list[Finding] = []
    for match in near:
        ledger, erp = [next(known[0]) for _ in match.ledger], [next(known[1]) for _ in match.erp]
        found.append(near_finding(match.kind, ledger, erp, match.anchor))
    return found


def _open_findings(
    sides: tuple[Side, Side], frames: Frames, stages: tuple[Codes, Codes], near_days: int, crowded: tuple[Ints, Ints]
) -> list[Finding]:
    if stages[0].all() and stages[1].all():
        return []
    wide = _with_equals(sides, stages)
    pools = left_over(sides, frames, (np.flatnonzero(wide[0]), np.flatnonzero(wide[1])))
    pools = pools[0].assign(taken=stages[0][pools[0]["at"]] > 0), pools[1].assign(taken=stages[1][pools[1]["at"]] > 0)
    found: list[Finding] = []
    for side in (0, 1):
        asked = ~pools[side]["taken"] & pools[side]["proven"]
        if not asked.any():
            continue
        asking = pools[side][asked].reset_index(drop=True)
        pool = pools[1 - side]
        texts = frames[side]["item"].iloc[asking["at"].to_numpy()], frames[1 - side]["item"].iloc[pool["at"].to_numpy()]
        many = np.isin(asking["at"].to_numpy(), crowded[side])
        reasons = whys(nearest(asking, pool, texts, near_days).assign(crowded=many), pool, frames[1 - side])
        named = open_erp_finding if side else open_ledger_finding
        found += [
            named(row, why, near_days)
            for row, why in zip(rows(frames[side], asking["at"].to_numpy()), reasons, strict=True)
        ]
    return found


def _with_equals(sides: tuple[Side, Side], stages: tuple[Codes, Codes]) -> tuple[Flags, Flags]:
    """All lines not matched exactly, and those that were but equal an open line: they tell why that one stayed open."""
    wide: list[Flags] = []
    for side in (0, 1):
        keys = np.unique(sides[1 - side].key[stages[1 - side] == 0])
        keys = keys[keys >= 0]
        equal = np.isin(sides[side].key, keys) if len(keys) else np.zeros(len(stages[side]), dtype=np.bool_)
        wide.append(np.asarray((stages[side] != STAGES.index("exact")) | equal, dtype=np.bool_))
    return wide[0], wide[1]


def _pairs(
    frames: Frames, sides: tuple[Side, Side], exact: tuple[Ints, Ints], grouped: Joints, near: Joints
) -> pd.DataFrame:
    """A row for each exact pair; of several lines, the n-th of one side beside the n-th or last of the other."""
    ledger: list[int] = []
    erp: list[int] = []
    stage: list[int] = []
    group: list[int] = []
    for name, joints in (("grouped", grouped), ("near", near)):
        for one, other in joints:
            size = max(len(one), len(other))
            ledger += [*one, *one[-1:] * (size - len(one))]
            erp += [*other, *other[-1:] * (size - len(other))]
            stage += [STAGES.index(name)] * size
            group += [group[-1] + 1 if group else len(exact[0])] * size
    places = [np.concatenate([exact[side], np.array(more, dtype=np.int64)]) for side, more in enumerate((ledger, erp))]
    stages = np.concatenate(
        [np.full(len(exact[0]), STAGES.index("exact"), dtype=np.int8), np.array(stage, dtype=np.int8)]
    )
    groups = np.concatenate([np.arange(len(exact[0]), dtype=np.int64), np.array(group, dtype=np.int64)])
    lines = [frame["line"].to_numpy()[place] for frame, place in zip(frames, places, strict=True)]
    months = [
        side.date[place].astype("datetime64[D]").astype("datetime64[M]")
        for side, place in zip(sides, places, strict=True)
    ]
    return pd.DataFrame(
        {
            "ledger_line": lines[0],
            "erp_line": lines[1],
            "stage": _stage_words(stages),
            "group": groups,
            "crosses_month": months[0] != months[1],
        }
    )


def _judged(frame: pd.DataFrame, stages: Codes) -> pd.DataFrame:
    return pd.DataFrame({"line": frame["line"], "stage": _stage_words(stages).set_axis(frame.index)})


def _stage_words(stages: Codes) -> pd.Series[str]:
    return pd.Series(pd.array(np.array(STAGES, dtype=object), dtype="str").take(stages.astype(np.int64)))
