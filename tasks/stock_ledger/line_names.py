"""Lines as the books of a date refer to them: each with its ref, its lasting identity and the key of its order."""

from __future__ import annotations

import pandas as pd

from tasks.domain.keys import code_keys


def named_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The ledger rows themselves, now with ref (`ledger:site:day:number`), identity and order.

    content_key and place are used up: a row keeps its identity as long as it says the same at the same place.
    """
    days = rows["date"].dt.strftime("%Y-%m-%d")
    rows["ref"] = "ledger:" + rows["site"] + ":" + days + ":" + rows["number"].astype(str)
    place = rows.pop("place").astype(str)
    rows["identity"] = rows["site"] + "|" + days + "|" + rows.pop("content_key") + "|" + place
    rows["order"] = code_keys(rows["order_code"])
    return rows


def named_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """The ERP lines themselves, now with ref (`erp:document:line`), identity and audited; audited_by is used up."""
    lines["ref"] = "erp:" + lines["document"] + ":" + lines["document_line"]
    lines["identity"] = lines["document"] + "|" + lines["document_line"]
    lines["audited"] = lines.pop("audited_by").ne("") | lines["audited_on"].notna()
    return lines
