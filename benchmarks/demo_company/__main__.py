"""`python -m benchmarks.demo_company --out DIR`: the company in files, and what is wrong with it, for a look."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.demo_company import SEED, make_company


def main() -> None:
    """Writes the company below --out and its faults beside it in faults.json."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.demo_company", description=__doc__)
    asked.add_argument("--out", type=Path, required=True, help="folder to write into")
    asked.add_argument("--last-day", type=dt.date.fromisoformat, default=dt.date(2026, 11, 20), help="YYYY-MM-DD")
    asked.add_argument("--days", type=int, default=30)
    asked.add_argument("--sites", type=int, default=12)
    asked.add_argument("--seed", type=int, default=SEED)
    chosen = asked.parse_args()
    company = make_company(chosen.out, chosen.last_day, chosen.days, chosen.seed, sites=chosen.sites)
    known = {
        "faults": [asdict(one) for one in company.faults],
        "quarantined": [asdict(one) for one in company.quarantined],
    }
    (chosen.out / "faults.json").write_text(
        json.dumps(known, ensure_ascii=False, indent=1, default=str), encoding="utf-8"
    )
    sys.stdout.write(f"{len(company.days)} days, {len(company.faults)} faults: {chosen.out}\n")


if __name__ == "__main__":
    main()
