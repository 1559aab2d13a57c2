"""What `daybook serve` starts, as tests talk to it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus

from config.settings import load_settings
from flows.caretaker import Looking, look_after
from tasks.adapters.clock import now
from tests.flows.company import masters, ordinary_day
from tests.flows.running import SECONDS, Home, daybook

ENDS = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass(frozen=True, slots=True)
class Served:
    """A home that is served, and the address of its server's API."""

    home: Home
    api: str

    def ask(self, path: str, body: object = None) -> object:
        """What the server answers."""
        return self._asked(path, body, "GET" if body is None else "POST")

    def change(self, path: str, body: object) -> None:
        """Changes what the server keeps."""
        self._asked(path, body, "PATCH")

    def _asked(self, path: str, body: object, method: str) -> object:
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.api}/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - our own server
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as refused:
                # A busy server has done nothing and says so; Prefect's own client asks again as well.
                if refused.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                    raise
            time.sleep(1)

    def all_of(self, what: str) -> list[dict[str, object]]:
        """Every object of a sort."""
        found = self.ask(f"{what}/filter", {})
        assert isinstance(found, list)
        return found

    def recorded(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The command line as a recorded flow run."""
        return daybook(self.home, *words, more={"PREFECT_API_URL": self.api})

    def deployment(self, name: str) -> dict[str, object]:
        """The deployment of that name."""
        return next(one for one in self.all_of("deployments") if one["name"] == name)

    def offered(self, name: str, field: str, *begun: str) -> list[str]:
        """The choices of a drop-down, those that begin so where beginnings are given."""
        schema = self.deployment(name)["parameter_openapi_schema"]
        assert isinstance(schema, dict)
        choices = schema["properties"][field]["items"]["enum"]
        return [one for one in choices if not begun or any(of.startswith(one.split()[0]) for of in begun)]

    def start(self, name: str, **parameters: object) -> str:
        """The id of a run that was started of the deployment called `name`."""
        asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        run = self.ask(f"deployments/{self.deployment(name)['id']}/create_flow_run", asked)
        assert isinstance(run, dict)
        return str(run["id"])

    def state(self, run: str, *awaited: str) -> dict[str, object]:
        """The state of a run once its type is one of those awaited (without: any at its end)."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            found = self.ask(f"flow_runs/{run}")
            assert isinstance(found, dict)
            state = found["state"]
            assert isinstance(state, dict)
            if state["type"] in (awaited or ENDS):
                return state
            time.sleep(0.5)
        raise TimeoutError(run)

    def ended(self, run: str) -> str:
        """How a run ended."""
        return str(self.state(run)["type"])

    def looked_after(self, *, minutes: int = 0) -> Looking:
        """What the caretaker does and finds when it looks so many minutes from now."""
        from prefect.settings import PREFECT_API_URL, temporary_settings

        settings = load_settings(self.home.folder)
        with temporary_settings({PREFECT_API_URL: self.api}):
            return asyncio.run(look_after(settings, now(settings.timezone) + dt.timedelta(minutes=minutes)))

    def artifact(self, key: str) -> str:
        """The newest text of an artifact."""
        found = [one for one in self.all_of("artifacts") if one["key"] == key]
        return str(max(found, key=lambda one: str(one["created"]))["data"])


def company_of(home: Home) -> Home:
    """The home, a small company and its ordinary day in the inbox."""
    masters(home.folder)
    ordinary_day(home.folder)
    return home
