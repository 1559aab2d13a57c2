"""What ops do in the Prefect UI, done in a real browser: open a form, run it, see its page, be told off, approve."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Locator, Page, sync_playwright

from flows.forms import ALL, VERDICTS
from tasks.adapters.clock import now
from tasks.adapters.store import open_store
from tasks.mail.outbox import listed as listed_mails
from tasks.mail.outbox import queue
from tests.flows.company import COAST, DAY, INLAND, save
from tests.flows.counting import deliver, stocked
from tests.flows.running import SECONDS, called, daybook
from tests.flows.served import Served
from tests.keeping import returning
from tests.mail.nouns import DOMAIN, new_mail
from tests.night_audit.hotel import a_hotel, drop

pytestmark = pytest.mark.server
CHROMIUM = shutil.which("chromium") or ""
LISTED = {"item": "SL001", "registered_on": "2025-11-01", "replaced_on": "2025-10-31"}
CLERK, MANAGER = "李会计", "钱经理"
APPROVE, APPROVE_SOME, REJECT = VERDICTS
MILLISECONDS = SECONDS * 1000
_REFUSED_SECONDS = 20
# Where pictures of the pages are kept for people to look at; "" keeps none.
ROOT = Path(__file__).parents[2]
PICTURES = os.environ.get("PICTURES_OF_TESTS", "")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of Debian's Chromium as large as a desk's screen."""
    if not CHROMIUM:
        pytest.skip("no chromium: install Debian's packages chromium and fonts-noto-cjk to run the browser tests")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 1800, "height": 1100}, timezone_id="Asia/Shanghai")
        opened.set_default_timeout(MILLISECONDS)
        yield opened
        browser.close()


def _open(page: Page, served: Served, path: str) -> None:
    page.goto(served.api.removesuffix("/api") + path)


def _form(page: Page, served: Served, name: str) -> None:
    _open(page, served, f"/deployments/deployment/{served.deployment(name)['id']}/run")
    page.get_by_role("button", name="Submit").wait_for()


def _field(page: Page, title: str) -> Locator:
    return page.locator(".schema-form-property").filter(has_text=title)


def _write(page: Page, **texts: str) -> None:
    for title, text in texts.items():
        _field(page, title).locator("input, textarea").last.fill(text)


def _drop_down(page: Page, title: str) -> Locator:
    """The options of a drop-down, opened."""
    _field(page, title).locator("button.p-select-button__control").focus()
    page.keyboard.press("ArrowDown")
    options = page.locator(".p-select-option")
    options.first.wait_for()
    return options


def _choose(page: Page, title: str, option: str) -> None:
    _drop_down(page, title).get_by_text(option, exact=True).click()
    page.keyboard.press("Escape")


def _choices(page: Page, title: str) -> list[str]:
    return [text.strip() for text in _drop_down(page, title).all_inner_texts()]


def _submit(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()


def _start(page: Page) -> None:
    """Submits, again where a busy server has refused and said so, until the page of the runs is there."""
    for _ in range(SECONDS // _REFUSED_SECONDS):
        _submit(page)
        with suppress(BrowserError):
            page.wait_for_url(re.compile(r"tab=Runs"), timeout=1000 * _REFUSED_SECONDS)
            return
    raise AssertionError(page.url)


def _ended(page: Page, served: Served) -> dict[str, object]:
    """The last state of the run that the filled form starts."""
    known = {one["id"] for one in served.all_of("flow_runs")}
    _start(page)
    started = [one for one in served.all_of("flow_runs") if one["id"] not in known and not one["auto_scheduled"]]
    return served.state(str(started[0]["id"]))


def _failed_mail(served: Served) -> int:
    """The number of a mail that failed for good: nothing can be written of what it holds."""
    with open_store(served.home.url).writing() as connection:
        queue(connection, [new_mail()], DOMAIN, now("Asia/Shanghai"))
    # In a process of its own: the browser has a loop running in this one.
    daybook(served.home, "mail", "send", check=0)
    with open_store(served.home.url).reading() as connection:
        (failed,) = listed_mails(connection, ["failed"])
    return failed.id


def _report(page: Page) -> Page:
    """The page that a link to a report was opened in."""
    return page.context.pages[-1]


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(1500)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def deploy_example(served: Served) -> None:
    """The small process that asks, deployed beside those of the product."""
    words = (
        "import asyncio, flows.deployments as d; from config.settings import *;"
        "one = d.Deployed('tests.flows.asking:explain_together');"
        "asyncio.run(d.deploy(load_settings(home_folder()), (*d.DEPLOYMENTS, one)))"
    )
    environment = served.home.environment | {"PREFECT_API_URL": served.api, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", words], env=environment, check=True, timeout=SECONDS)


def _open_breaks(served: Served) -> dict[str, str]:
    listed = json.loads(called(served.home, "exceptions", "list", "--json", check=0).stdout)
    return {str(one["id"]): str(one["state"]) for one in listed}


def _resume(page: Page, served: Served, run: str) -> None:
    _open(page, served, f"/runs/flow-run/{run}")
    page.get_by_role("button", name="Resume").click()
    page.get_by_text("申请人").first.wait_for()


# A minute in a browser: that a started run is carried out and shown is proven by test_serving in every run.
@pytest.mark.proof
def test_ops_fill_a_form_and_see_the_run_end_with_its_page(served: Served, page: Page) -> None:
    known = {str(one["id"]) for one in served.all_of("flow_runs")}
    _form(page, served, "stock-ledger")
    _field(page, "营业日期 · Business date").locator(".p-date-button__control").click()
    page.locator("input[type=date]").fill(str(DAY))
    page.get_by_role("button", name="Apply").click()
    _picture(page, "form")
    _start(page)
    started = [one for one in served.all_of("flow_runs") if one["id"] not in known and not one["auto_scheduled"]]
    run = str(started[0]["id"])
    assert served.ended(run) == "COMPLETED"
    _open(page, served, f"/runs/flow-run/{run}")
    page.get_by_text(f"stock-ledger {DAY}").first.wait_for()
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text(f"stock-ledger-{DAY}").first.click()
    page.get_by_text("最要紧的差异 · The exceptions that matter most").wait_for()
    _picture(page, "run")
    assert "66.7%" in page.content()
    page.get_by_role("link", name=f"reports/stock-ledger/{DAY}/stock-ledger.en.html").click()
    _report(page).get_by_role("heading", name="Daily stock-ledger reconciliation").wait_for()
    _form(page, served, "stock-ledger")
    assert _choices(page, "业务部 · Department") == [ALL, *sorted([COAST, INLAND])]
    assert "open exceptions" in served.artifact("daybook-status")


# A minute: that the forms offer what is open is proven by test_forms, what they do by test_answers, in every run.
@pytest.mark.proof
def test_a_break_is_chosen_and_assigned_and_mails_are_retried(served: Served, page: Page) -> None:
    served.recorded("run", "stock-ledger", "--date", str(DAY), "--no-mail")
    first, second = sorted(one for one, state in _open_breaks(served).items() if state == "open")[:2]
    _form(page, served, "assign-break")
    for option in served.offered("assign-break", "break_ids", first, second):
        _choose(page, "差异编号 · Break numbers", option)
    _write(page, **{"负责人 · Owner": "王仓管", "原因 · Reason": "请核对实物", "您的姓名 · Your name": CLERK})
    _picture(page, "assign")
    assert _ended(page, served)["type"] == "COMPLETED"
    listed = json.loads(daybook(served.home, "exceptions", "list", "--json", check=0).stdout)
    assert {one["id"] for one in listed if one["owner"] == "王仓管"} == {first, second}
    number = _failed_mail(served)
    _form(page, served, "retry-mails")
    _write(page, **{"邮件编号 · Mail numbers": str(number), "原因 · Reason": "已更正", "您的姓名 · Your name": CLERK})
    _picture(page, "retry")
    assert "1 mails are due again" in str(_ended(page, served)["message"])
    with open_store(served.home.url).reading() as connection:
        assert [(one.id, one.state) for one in listed_mails(connection, ["queued"])] == [(number, "queued")]


# Half a minute in a browser: what the run does is proven by the golden stories in every run.
@pytest.mark.proof
def test_the_batch_that_a_form_sealed_stands_on_the_page_of_its_run(served: Served, page: Page) -> None:
    # A site of its own that opens later: no other test of this home misses its ledger.
    site, batch = "BX01", f"RB-BX01-{DAY:%Y%m%d}-01"
    opened = (site, "滨海现场", INLAND, "2026-06-01")
    save(served.home.folder, "sites", "opens.csv", [("现场编码", "现场名称", "业务部", "启用日期"), opened])
    save(
        served.home.folder, "damaged_parts", "list.csv", [returning.PARTS, returning.part("XL-1", site=site, **LISTED)]
    )
    save(served.home.folder, "boxes", "boxes.csv", [returning.BOXES, returning.box("X1", site)])
    _form(page, served, "damaged-returns")
    _field(page, "业务日期 · Business date").locator(".p-date-button__control").click()
    page.locator("input[type=date]").fill(str(DAY))
    page.get_by_role("button", name="Apply").click()
    _picture(page, "returns-form")
    known = {str(one["id"]) for one in served.all_of("flow_runs")}
    assert _ended(page, served)["type"] == "COMPLETED"
    (run,) = [one["id"] for one in served.all_of("flow_runs") if one["id"] not in known and not one["auto_scheduled"]]
    _open(page, served, f"/runs/flow-run/{run}")
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text(f"damaged-returns-{DAY}").first.click()
    packing_list = page.get_by_role("link", name=f"{batch}/packing-list.html")
    packing_list.wait_for()
    _picture(page, "returns-run")
    packing_list.click()
    _report(page).get_by_text("XL-1").first.wait_for()
    assert batch in _report(page).content()


def test_nonsense_is_refused_before_a_run_starts(served: Served, page: Page) -> None:
    before = len([one for one in served.all_of("flow_runs") if not one["auto_scheduled"]])
    _form(page, served, "explain-break")
    _submit(page)
    for title in ("差异编号 · Break numbers", "原因 · Reason", "您的姓名 · Your name"):
        _field(page, title).get_by_text("required").wait_for()
    _picture(page, "required")
    _form(page, served, "answer-approval")
    _write(page, **{"第几号 · Number": "0", "理由 · Reason": "ok", "您的姓名 · Your name": MANAGER})
    _choose(page, "决定 · Decision", APPROVE)
    _submit(page)
    page.get_by_text("0 is less than the minimum of 1").first.wait_for()
    _picture(page, "refused")
    assert len([one for one in served.all_of("flow_runs") if not one["auto_scheduled"]]) == before


# A minute, most of it waiting: the same mechanism without a browser is proven by test_approving in every run.
@pytest.mark.proof
def test_a_question_is_answered_in_the_form_of_its_suspended_run(served: Served, page: Page) -> None:
    daybook(served.home, "run", "stock-ledger", "--date", str(DAY), "--no-mail", check=0)
    deploy_example(served)
    first, second, *_ = sorted(one for one, state in _open_breaks(served).items() if state == "open")
    chosen = served.offered("explain-together", "break_ids", first, second)
    run = served.start("explain-together", break_ids=chosen, who=CLERK)
    served.state(run, "PAUSED")
    _resume(page, served, run)
    page.get_by_text(first).first.wait_for()
    _choose(page, "决定 · Decision", APPROVE_SOME)
    _choose(page, "除外的行 · Lines left out", second)
    _write(page, **{"理由 · Reason": "金额小", "您的姓名 · Your name": MANAGER})
    _picture(page, "approval")
    _submit(page)
    assert served.state(run)["message"] == "approved 1"
    states = _open_breaks(served)
    assert (states[first], states[second]) == ("explained", "open")


# Minutes in a browser: what the form does to the count is proven by test_stocktake in every run.
@pytest.mark.proof
def test_a_managers_answer_in_the_form_posts_what_it_approves(served: Served, page: Page) -> None:
    # The month before may be counted by another test of this home.
    home, month = stocked(served.home), "2025-12"
    assert served.ended(served.start("stocktake", period=month, step="open", send_mail=False)) == "COMPLETED"
    deliver(home, month)
    run = served.start("stocktake", period=month, step="decide", send_mail=False)
    served.state(run, "PAUSED")
    _resume(page, served, run)
    for label in ("DF01/DF01A/SL001", "DF01/DF01A/SL002", "DF02/DF02A/SL001"):
        page.get_by_text(label).first.wait_for()
    _choose(page, "决定 · Decision", APPROVE_SOME)
    _choose(page, "除外的行 · Lines left out", "DF02/DF02A/SL001")
    _write(page, **{"理由 · Reason": "二期再数一次", "您的姓名 · Your name": MANAGER})
    _picture(page, "stocktake")
    _submit(page)
    assert served.ended(run) == "COMPLETED"
    folder = home.folder / f"reports/stocktake/{month}/import"
    assert [path.name for path in sorted(folder.glob("*.csv"))] == [f"PD-{month}-DF01-IS1.csv"]
    lines = (folder / f"PD-{month}-DF01-IS1.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line.split(",")[6] for line in lines] == ["SL001", "SL002"]


# Half a minute in a browser: what the form does is proven by test_forms in every run.
@pytest.mark.proof
def test_a_reservation_is_taken_back_in_its_form_and_offered_no_more(served: Served, page: Page) -> None:
    a_hotel(served.home.folder)
    due = now("Asia/Shanghai").date() - dt.timedelta(days=1)
    heads = "预订号|类型|预订人|房型|房数|房号|预抵|预离|房价|状态|录入人|录入时间\n"
    rows = [
        f"{number}|散客|郑雪|双床|1|303|{due} {hour}:00|{due + dt.timedelta(days=3)}|320.00|{state}|李|2026-01-01\n"
        for number, hour, state in (("R1", 14, "释放"), ("R2", 15, "未到"), ("R3", 16, "预订"))
    ]
    drop(served.home.folder, "reservations", heads + "".join(rows))
    daybook(served.home, "import")
    assert served.ended(served.start("caretaker")) == "COMPLETED"
    first, second = f"R2 · 郑雪 · {due} 15:00 · 未到", f"R1 · 郑雪 · {due} 14:00 · 已释放"
    _form(page, served, "restore-reservation")
    assert _choices(page, "预订号 · Reservation") == [first, second]
    page.keyboard.press("Escape")
    _choose(page, "预订号 · Reservation", first)
    _write(page, **{"原因 · Reason": "客人来了", "您的姓名 · Your name": CLERK})
    _picture(page, "restore")
    ended = _ended(page, served)
    assert ended["type"] == "COMPLETED"
    assert "303" in str(ended["message"])
    _form(page, served, "restore-reservation")
    assert _choices(page, "预订号 · Reservation") == [second]
