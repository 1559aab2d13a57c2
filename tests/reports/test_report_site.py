"""The reports over HTTP: what is listed in which language, who is let in, and that nothing else can be reached."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from starlette.types import ASGIApp

from tasks.adapters.report_shelf import Shelves
from tasks.adapters.report_site import PERIODS_MAX, Shown, report_site

HERE = "http://127.0.0.1:4201"
FLOW = "reports/stock-ledger"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIES_THERE = """
stock-ledger/2025-11-20/stock-ledger.html
stock-ledger/2025-11-20/stock-ledger.en.html
stock-ledger/2025-11-20/stock-ledger.txt
stock-ledger/2025-11-20/stock-ledger.xlsx
stock-ledger/2025-11-20/stock-ledger.en.xlsx
stock-ledger/2025-11-20/exceptions.csv
stock-ledger/2025-11-20/summary.json
stock-ledger/2025-11-20/.half-written.part
stock-ledger/2025-11-20/departments/沿海 & 业务部/stock-ledger.html
stock-ledger/2025-11-20/departments/沿海 & 业务部/stock-ledger.en.html
stock-ledger/2025-11-20/sites/DF01.html
stock-ledger/2025-11-20/sites/YC<01>.html
stocktake/2025-11/stocktake.html
"""


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A home's folder of reports beside what must not be seen."""
    folder = tmp_path / "home" / "reports"
    for line in LIES_THERE.split("\n"):
        if line:
            path = folder / line
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"it is {path.name}", encoding="utf-8")
    (tmp_path / "home" / "daybook.db").write_text("secret", encoding="utf-8")
    (folder / "away").symlink_to(tmp_path / "home")
    (folder / "stock-ledger" / "away.html").symlink_to(tmp_path / "home" / "daybook.db")
    return folder


@dataclass(frozen=True, slots=True)
class Site:
    """The site as a browser asks it."""

    app: ASGIApp

    def get(
        self, path: str, method: str = "GET", auth: tuple[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=HERE, auth=auth) as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, headers=named, follow_redirects=True)

        return asyncio.run(asked())


def _site(reports: Path, login: str = "", url: str = "") -> Site:
    return Site(report_site(Shown(Shelves(reports, ZoneInfo("Asia/Shanghai")), "zh_CN", login, url)))


@pytest.mark.parametrize(
    ("asked", "browser", "title", "page"),
    [
        ("/", "", "报告", f"/{FLOW}/2025-11-20/stock-ledger.html"),
        ("/", "de-DE,en;q=0.8,zh;q=0.5", "Reports", f"/{FLOW}/2025-11-20/stock-ledger.en.html"),
        ("/", "zh-TW,en;q=0.8", "报告", f"/{FLOW}/2025-11-20/stock-ledger.html"),
        ("/?language=en", "zh-CN", "Reports", f"/{FLOW}/2025-11-20/stock-ledger.en.html"),
        ("/?language=xx", "", "报告", f"/{FLOW}/2025-11-20/stock-ledger.html"),
    ],
)
def test_the_list_is_written_in_the_reader_s_language(
    reports: Path, asked: str, browser: str, title: str, page: str
) -> None:
    listed = _site(reports).get(asked, accept_language=browser).text
    assert f"<h1>{title}</h1>" in listed
    assert f'href="{page}"' in listed


def test_every_link_of_the_lists_leads_to_something_and_nothing_else_is_listed(reports: Path) -> None:
    site = _site(reports)
    seen: set[str] = set()
    open_ = ["/"]
    while open_:
        address = open_.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = site.get(address)
        assert answer.status_code == 200, address
        if address.endswith("/"):
            open_ += [link for link in re.findall(r'href="([^"]+)"', answer.text) if not link.startswith("?")]
    documents = sorted(one.rpartition("/")[2] for one in seen if not one.endswith("/"))
    assert documents == [
        "DF01.html",
        "YC%3C01%3E.html",
        "exceptions.csv",
        "stock-ledger.html",
        "stock-ledger.html",
        "stock-ledger.xlsx",
        "stocktake.html",
    ]


def test_the_newest_periods_stand_first_and_the_others_one_link_away(reports: Path) -> None:
    months = [f"20{year}-11" for year in range(10, 25)]
    for month in months:
        (reports / "stocktake" / month).mkdir()
    site = _site(reports)
    period = re.compile(r'<th scope="row"><a href="/reports/stocktake/(\d{4}-\d\d)/">')
    listed = period.findall(site.get("/").text)
    assert listed == ["2025-11", *reversed(months)][:PERIODS_MAX]
    assert 'href="/reports/stocktake/"' in site.get("/").text
    assert period.findall(site.get("/reports/stocktake/").text) == ["2025-11", *reversed(months)]


def test_before_the_first_report_the_list_says_so(tmp_path: Path) -> None:
    assert "There is no report yet" in _site(tmp_path).get("/?language=en").text
    assert _site(tmp_path).get("/reports/x.html").status_code == 404


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("stock-ledger.html", "text/html; charset=utf-8"),
        ("stock-ledger.txt", "text/plain; charset=utf-8"),
        ("exceptions.csv", "text/csv; charset=utf-8"),
        ("summary.json", "application/json"),
        ("stock-ledger.xlsx", WORKBOOK),
    ],
)
def test_a_file_is_what_it_says_and_may_load_and_run_nothing(reports: Path, path: str, type_: str) -> None:
    answer = _site(reports).get(f"/{FLOW}/2025-11-20/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, type_)
    assert answer.text == f"it is {path}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
    assert "script-src" not in answer.headers["content-security-policy"]
    unchanged = _site(reports).get(f"/{FLOW}/2025-11-20/{path}", if_none_match=answer.headers["etag"])
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/reports/away/daybook.db",
        "/reports/away/",
        f"/{FLOW}/away.html",
        "/reports/../daybook.db",
        "/reports/%2e%2e/daybook.db",
        "/reports/..%2fdaybook.db",
        "/reports/%2e%2e/home/",
        f"/{FLOW}/%2e%2e/",
        "/reports//etc/passwd",
        "/reports/%00",
        "/reports/none/",
        f"/{FLOW}/2025-11-20/departments/",
        "/daybook.db",
    ],
)
def test_nothing_outside_of_the_reports_can_be_reached(reports: Path, path: str) -> None:
    answer = _site(reports).get(path)
    assert answer.status_code == 404
    assert answer.text == "没有这份报告 · there is no such report"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", f"/{FLOW}/2025-11-20/stock-ledger.html"])
def test_nothing_can_be_changed(reports: Path, method: str, path: str) -> None:
    assert _site(reports).get(path, method).status_code == 405


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 401),
        (("ops", "wrong"), 401),
        (("", ""), 401),
        (("ops", "secret"), 200),
        (("ops", "secret:more"), 401),
    ],
)
def test_with_a_password_only_who_gives_it_is_let_in(reports: Path, given: tuple[str, str] | None, status: int) -> None:
    site = _site(reports, login="ops:secret")
    for path in ("/", f"/{FLOW}/2025-11-20/stock-ledger.html", f"/{FLOW}/"):
        answer = site.get(path, auth=given)
        assert answer.status_code == status
        assert ("www-authenticate" in answer.headers) == (status == 401)
    assert site.get("/", authorization="Basic $$$").status_code == 401
    assert site.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("name", "url", "status"),
    [
        ("127.0.0.1:4201", "", 200),
        ("localhost:4201", "", 200),
        ("[::1]:4201", "", 200),
        ("evil.example", "", 421),
        ("evil.example:4201", "https://daybook.example.com", 421),
        ("daybook.example.com", "https://daybook.example.com", 200),
    ],
)
def test_without_a_password_only_names_of_this_machine_are_answered(
    reports: Path, name: str, url: str, status: int
) -> None:
    assert _site(reports, url=url).get("/", host=name).status_code == status
