"""The reports of a home over HTTP: the program that `daybook serve` starts beside the Prefect server."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.settings import ServeSettings, home_folder, load_settings
from flows.prefect_server import AUTH, chosen_port, local_address
from tasks.adapters.report_shelf import Shelves
from tasks.adapters.report_site import HEALTH, Shown, report_site, serve_site


@dataclass(frozen=True, slots=True)
class ReportServer:
    """Where the reports are served, before it is started; `url` is where browsers find it."""

    host: str
    port: int
    url: str

    @property
    def health(self) -> str:
        """The address that answers as long as it works."""
        return local_address(self.host, self.port) + HEALTH

    @property
    def command(self) -> list[str]:
        """The words that start it."""
        return [sys.executable, "-m", "flows.report_server", self.host, str(self.port)]


def configured_report_server(settings: ServeSettings) -> tuple[ReportServer, bool]:
    """The server of the reports that the settings describe, and whether it has the port they name."""
    port, as_set = chosen_port(settings.host, settings.reports_port)
    url = settings.reports_url.rstrip("/") or local_address(settings.host, port)
    return ReportServer(settings.host, port, url), as_set


def serve_reports(host: str, port: int) -> None:
    """Serves the reports of the home that DAYBOOK_HOME names, until it is told to end.

    Whoever looks gives the password of the Prefect server, where that has one.
    """
    settings = load_settings(home_folder())
    shown = Shown(
        shelves=Shelves(settings.home / "reports", ZoneInfo(settings.timezone)),
        language=settings.language,
        login=os.environ.get(AUTH, ""),
        url=settings.serve.reports_url,
    )
    shown.shelves.reports.mkdir(parents=True, exist_ok=True)
    serve_site(report_site(shown), host, port)


if __name__ == "__main__":
    serve_reports(sys.argv[1], int(sys.argv[2]))
