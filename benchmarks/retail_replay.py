"""A year of real invoices, and a revenue ledger made of them with five planted faults: exactly these are found.

Run as `python -m benchmarks.retail_replay FILE`, FILE being the invoice lines of the Online Retail data set (a CSV,
also packed with gzip; `InvoiceNo`, `Quantity`, `InvoiceDate`, `UnitPrice`, `CustomerID`). Numbers with a leading C are
credit notes, with an A adjustments; all share one counter. The lines become one invoice a number at 17 % tax, both
files go through the inbox of an empty home, and the whole product checks them in a process of its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import code_keys
from tasks.domain.shaping import empty, shaped
from tasks.invoice_check.booking import booking_findings
from tasks.invoice_check.bridge import Bridge, bridge
from tasks.invoice_check.matching import match_revenue
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.shapes import DECISIONS, DOCUMENTS, ENTRIES

_RATE = 17
_PRICE_SCALE = 1_000
_WALK_IN, _KIND, _ACCOUNT = "零散客户", "销售发票", "6001 主营业务收入"
_WORTH = 100_00


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """The ledger with its faults, the faults as (invoice, cause), and what was found and tied."""

    faults: frozenset[tuple[str, str]]
    findings: tuple[Finding, ...]
    bridge: Bridge

    @property
    def found(self) -> Counter[tuple[str, str]]:
        """What was found, as (invoice, cause)."""
        return Counter((one.item, one.message.key.rpartition(".")[2]) for one in self.findings)

    @property
    def tied(self) -> bool:
        """Whether the lines of every month add up to its revenue, and nothing is unexplained."""
        lines = self.bridge.lines
        signed = lines["amount"].where(lines["line"] != "revenue", -lines["amount"])
        return bool((signed.groupby(lines["period"]).sum() == 0).all()) and not self.unexplained

    @property
    def unexplained(self) -> int:
        """What the bridges of all months together leave unexplained, in cents."""
        lines = self.bridge.lines
        return int(lines.loc[lines["line"] == "unexplained", "amount"].abs().sum())


def read(path: Path, lines: int | None = None) -> pd.DataFrame:
    """The invoices of the file, or of its first `lines`: number, customer, day, net (cents, half up once per line)."""
    columns = ["InvoiceNo", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"]
    found = pd.read_csv(path, dtype="str", keep_default_na=False, usecols=columns, nrows=lines)
    prices = {text: int((Decimal(text) * _PRICE_SCALE).to_integral_value()) for text in found["UnitPrice"].unique()}
    product = found["Quantity"].astype("int64") * found["UnitPrice"].map(prices).astype("int64")
    per_cent = _PRICE_SCALE // 100
    cents = np.sign(product) * ((product.abs() + per_cent // 2) // per_cent)
    rows = found.assign(net=cents, day=found["InvoiceDate"].str.slice(0, 10))
    by = rows.groupby("InvoiceNo", sort=True)
    invoices = by.agg(customer=("CustomerID", "first"), day=("day", "first"), net=("net", "sum")).reset_index()
    named = invoices["customer"].str.removesuffix(".0")
    return invoices.rename(columns={"InvoiceNo": "number"}).assign(customer=named.where(named != "", _WALK_IN))


def ledger_of(invoices: pd.DataFrame) -> tuple[pd.DataFrame, frozenset[tuple[str, str]]]:
    """The vouchers of these invoices with the five faults (voucher, day, customer, invoice, net), and the faults.

    One invoice is not booked, one twice, one with two digits transposed, one credit note with the wrong sign, one in
    the next month.
    """
    books = invoices[invoices["net"] != 0].reset_index(drop=True)
    books = books.assign(voucher="记-" + pd.Series(range(1, len(books) + 1)).astype("str").str.zfill(6))
    right = books.index[(books["net"] > _WORTH) & books["number"].str.isdigit()]
    digits = books.loc[right, "net"].astype("str")
    odd = right[(digits.str[0] != digits.str[1]) & (digits.str[1] != "0")]
    early = right[books.loc[right, "day"].str.slice(0, 7) < books["day"].str.slice(0, 7).max()]
    credit = books.index[books["number"].str.startswith("C") & (books["net"] < 0)]
    unbooked, twice, moved = (early[len(early) * part // 7] for part in (1, 2, 3))
    swapped, turned = odd[len(odd) * 5 // 7], credit[len(credit) // 2]
    faulty = {unbooked: "missing", twice: "twice", moved: "other_period", swapped: "transposed", turned: "sign"}
    again = books.loc[[twice]].assign(voucher="记-900001")
    net, days, numbers = (books[name].tolist() for name in ("net", "day", "number"))
    text = str(net[swapped])
    net[swapped], net[turned] = int(text[1] + text[0] + text[2:]), -net[turned]
    days[moved] = str((pd.Timestamp(days[moved]) + pd.offsets.MonthBegin(1)).date())
    books = books.assign(net=net, day=days)
    faults = frozenset((numbers[at], cause) for at, cause in faulty.items())
    return pd.concat([books.drop(index=unbooked), again], ignore_index=True), faults


def replayed(invoices: pd.DataFrame) -> Replay:
    """The matching, its findings and the bridge of every month over these invoices and their faulty ledger."""
    ledger, faults = ledger_of(invoices)
    documents, entries = _documents(invoices), _entries(ledger)
    links = match_revenue(documents, entries, empty(DECISIONS), Policy(rates=()))
    return Replay(faults, booking_findings(documents, entries, links), bridge(documents, entries, links))


def delivered(invoices: pd.DataFrame, ledger: pd.DataFrame, inbox: Path) -> None:
    """Both books as the files that people would drop into the inbox."""
    tax = _tax(invoices["net"])
    register = pd.DataFrame(
        {
            "发票种类": _KIND,
            "发票号码": invoices["number"],
            "开票日期": invoices["day"],
            "购买方": invoices["customer"],
            "金额": _texts(invoices["net"]),
            "税率": f"{_RATE}%",
            "税额": _texts(tax),
            "价税合计": _texts(invoices["net"] + tax),
            "状态": np.where(invoices["net"] < 0, "红冲", "正常"),
        }
    )
    revenue = pd.DataFrame(
        {
            "凭证号": ledger["voucher"],
            "日期": ledger["day"],
            "科目": _ACCOUNT,
            "贷方": _texts(ledger["net"]),
            "客户": ledger["customer"],
            "发票号码": ledger["number"],
        }
    )
    for name, frame in (("invoices", register), ("revenue_entries", revenue)):
        (inbox / name).mkdir(parents=True, exist_ok=True)
        frame.to_csv(inbox / name / f"{name}.csv", index=False, encoding="utf-8-sig")


def _tax(net: pd.Series[int]) -> pd.Series[int]:
    tax = (net.abs() * _RATE + 50) // 100
    return tax.where(net > 0, -tax)


def _texts(cents: pd.Series[int]) -> list[str]:
    return [money_text(one) for one in cents.tolist()]


def _documents(invoices: pd.DataFrame) -> pd.DataFrame:
    tax = _tax(invoices["net"])
    frame = invoices.assign(
        document=invoices["number"],
        number_key=code_keys(invoices["number"]),
        buyer=invoices["customer"],
        buyer_key=invoices["customer"],
        state=np.where(invoices["net"] < 0, "red", "valid"),
        refs="invoices:" + invoices["number"],
        issued_on=pd.to_datetime(invoices["day"]),
        lines=1,
        tax=tax,
        total=invoices["net"] + tax,
    )
    return shaped(DOCUMENTS, frame)


def _entries(ledger: pd.DataFrame) -> pd.DataFrame:
    frame = ledger.assign(
        customer_key=ledger["customer"],
        invoice=ledger["number"],
        date=pd.to_datetime(ledger["day"]),
        amount=ledger["net"],
        revenue=True,
        ref="revenue_entries:" + ledger["voucher"],
    )
    return shaped(ENTRIES, frame)


def _checked(home: Path, period: str) -> dict[str, object]:
    """What the whole product says of that home at the end of `period`."""
    command = [sys.executable, "-m", "flows", "run", "invoice-check", "--period", period, "--json", "--no-mail"]
    ran = subprocess.run(command, env=os.environ | {"DAYBOOK_HOME": str(home)}, capture_output=True, check=False)
    if ran.returncode:
        sys.exit(ran.stderr.decode())
    told: dict[str, object] = json.loads(ran.stdout)
    return told


def main() -> None:
    """Checks the file's invoices, alone and through the inbox, and prints what was found beside what was planted."""
    began = time.perf_counter()
    invoices = read(Path(sys.argv[1]))
    print(f"{'lines summed to invoices':28} {time.perf_counter() - began:>12.2f} s")
    began = time.perf_counter()
    replay = replayed(invoices)
    took = time.perf_counter() - began
    print(f"{'invoices':28} {len(invoices):>12,}  net {money_text(int(invoices['net'].sum()))}")
    print(f"{'matching, findings, bridge':28} {took:>12.2f} s")
    for number, cause in sorted(replay.faults):
        print(f"  planted {cause:14} {number:10} found {replay.found[number, cause]} time(s)")
    print(f"{'found beside these':28} {len(replay.findings) - len(replay.faults):>12,}")
    print(f"{'months tied':28} {'all' if replay.tied else 'NOT ALL':>12}")
    with tempfile.TemporaryDirectory(prefix="daybook-retail-") as folder:
        delivered(invoices, ledger_of(invoices)[0], Path(folder) / "inbox")
        began = time.perf_counter()
        told = _checked(Path(folder), str(invoices["day"].max())[:7])
        took = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak, processor = used.ru_maxrss // 1024, used.ru_utime + used.ru_stime
    print(f"{'inbox to report':28} {took:>12.2f} s, {processor:.2f} of a processor, at most {peak:,} MiB")
    exceptions = told["exceptions"]
    assert isinstance(exceptions, list)
    for kind, count in sorted(Counter(one["kind"] for one in exceptions).items()):
        print(f"  {kind:26} {count:>12,}")
    booked = {one["item"] for one in exceptions if one["kind"] == "NOT_BOOKED"}
    right = booked == {number for number, _ in replay.faults} and set(replay.found) == replay.faults and replay.tied
    print("exactly the planted faults" if right else "OTHER than the planted faults")
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
