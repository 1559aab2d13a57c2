"""Who watches the watchmen: `daybook serve` itself looks after the flows that look after all others.

The caretaker cannot tell that it fails itself, and nobody hears of a dispatch that fails by a mail that it should send.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import threading
from collections import deque
from collections.abc import Callable

from config.settings import Settings
from flows.alerts import send_alerts, tell_of_failure, tell_of_flow, tell_of_success
from flows.arranging import due_date
from flows.deployments import DEPLOYMENTS
from tasks.adapters.clock import now
from tasks.adapters.store import open_store
from tasks.desk_runs import Looked, found_runs
from tasks.domain.dead_runs import judged_repeating


class Watchman:
    """Looks beside whoever starts it, one look at a time: a database or server that hangs holds up nothing else."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        """`say` is told in one line why a part of a look failed."""
        self.settings = settings
        self.say = say
        self._noted: deque[tuple[str, str, str]] = deque()
        self._looking: threading.Thread | None = None

    def note(self, subject: str, reason: str = "", said: str = "") -> None:
        """Keeps for the next look that a part of the service fails, or ("") that it has kept itself alive."""
        self._noted.append((subject, reason, said))

    def look(self) -> None:
        """Begins a look, unless the last one is not over yet."""
        if self._looking is None or not self._looking.is_alive():
            self._looking = threading.Thread(target=self._look, name="watchman", daemon=True)
            self._looking.start()

    def look_at_last(self, seconds: float) -> None:
        """Looks once more and waits for it, at most so long: what was noted must reach the owner before the end."""
        for begin in (self.look, self.look):
            begin()
            if self._looking is not None:
                self._looking.join(seconds / 2)

    def _look(self) -> None:
        for work in (self._keep_noted, self._look_at_house, self._send):
            try:
                work()
            except Exception as wrong:  # noqa: BLE001 - whatever it is, the service goes on, says so and looks again
                self.say(" ".join(f"{type(wrong).__name__}: {wrong}".split())[:200])

    def _keep_noted(self) -> None:
        store = open_store(self.settings.database_url)
        while self._noted:
            subject, reason, said = self._noted[0]
            at = now(self.settings.timezone)
            if reason:
                tell_of_failure(store, subject, reason, said, at)
            else:
                tell_of_success(store, subject, at)
            self._noted.popleft()

    def _look_at_house(self) -> None:
        asyncio.run(look_at_house(self.settings, now(self.settings.timezone)))

    def _send(self) -> None:
        send_alerts(self.settings)


async def look_at_house(settings: Settings, at: dt.datetime) -> tuple[str, ...]:
    """The flows of the house that fail at the moment `at`, after their streaks were begun or ended."""
    # Without a configured server there are no runs, and asking for them would start a server.
    if not os.environ.get("PREFECT_API_URL"):
        return ()
    # Prefect takes its settings from the environment when it is loaded, and the service sets them after its own start.
    from prefect.client.orchestration import get_client

    store = open_store(settings.database_url)
    silent = dt.timedelta(seconds=settings.caretaker.silent_seconds)
    failing = []
    async with get_client() as client:
        for one in DEPLOYMENTS:
            if one.is_house:
                runs = await found_runs(client, Looked(one.name, one.date_parameter, due_date), at, silent)
                found = judged_repeating([run.seen for run in runs])
                tell_of_flow(store, one.name, found, at)
                failing += [one.name] if found.failing else []
    return tuple(failing)
