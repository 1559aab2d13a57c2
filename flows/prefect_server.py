"""A Prefect server on this machine: how it is set up, where it answers, and one that lives as long as a block."""

from __future__ import annotations

import ipaddress
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from config.settings import ServeSettings
from flows.arranging import UnableToArrange
from flows.command_line import said

START_SECONDS = 120
_ANSWER_SECONDS = 5
LOOPBACK = "127.0.0.1"
AUTH = "PREFECT_SERVER_API_AUTH_STRING"


class UnableToServe(Exception):
    """The server cannot be started or kept; the text is one line that says where to look."""


@dataclass(frozen=True, slots=True)
class Server:
    """A Prefect server before it is started: where it listens, and the folder that holds its database."""

    host: str
    port: int
    folder: Path

    @property
    def address(self) -> str:
        """The API's address for programs of this machine, also where the server listens on every interface."""
        return f"{local_address(self.host, self.port)}/api"

    @property
    def health(self) -> str:
        """The address that answers as long as it works."""
        return _health(self.address)

    @property
    def command(self) -> list[str]:
        """The words that start it."""
        where = ["--host", self.host, "--port", str(self.port)]
        return [sys.executable, "-m", "flows.server_process", "server", "start", *where]

    @property
    def environment(self) -> dict[str, str]:
        """How it is set up: nothing called home, the old UI that calls no outside host, old runs cleared away.

        Both the port and the UI's address of the API must be named, or the UI looks for the server elsewhere.
        """
        return {
            "PREFECT_HOME": str(self.folder),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_UI_V2_ENABLED": "false",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "PREFECT_SERVER_API_HOST": self.host,
            "PREFECT_SERVER_API_PORT": str(self.port),
            "PREFECT_SERVER_UI_API_URL": "/api",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_LOGGING_LEVEL": "WARNING",
        }


def configured_server(settings: ServeSettings, folder: Path) -> tuple[Server, bool]:
    """The server that the settings describe, and whether it has the port they name (another where that is taken).

    Raises UnableToArrange where it would be open to others without a password.
    """
    port, as_set = chosen_port(settings.host, settings.port)
    return Server(settings.host, port, folder), as_set


def chosen_port(host: str, wanted: int) -> tuple[int, bool]:
    """A port to listen on, and whether it is the one that is wanted; another where that is taken, any for 0.

    Raises UnableToArrange where others could come in without a password.
    """
    if not is_loopback(host) and ":" not in os.environ.get(AUTH, ""):
        raise UnableToArrange(said("serve.error.auth", host=host, variable=AUTH))
    port = wanted if wanted and _is_free(host, wanted) else _free_port(host)
    return port, wanted in {port, 0}


def local_address(host: str, port: int) -> str:
    """The address for programs of this machine of what listens there, also where it listens on every interface."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = LOOPBACK
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def client_environment(address: str, environment: Mapping[str, str]) -> dict[str, str]:
    """How programs of this machine reach the server at `address`, with the password that the server asks for."""
    password = environment.get("PREFECT_API_AUTH_STRING") or environment.get(AUTH)
    return {"PREFECT_API_URL": address} | ({"PREFECT_API_AUTH_STRING": password} if password else {})


@contextmanager
def temporary_server(folder: Path) -> Iterator[str]:
    """The API's address of a Prefect server that lives as long as this block, its data under `folder`.

    PREFECT_API_URL names it meanwhile. Raises UnableToServe when it does not answer in time.
    """
    own = folder / "prefect"
    own.mkdir(parents=True, exist_ok=True)
    server = Server(LOOPBACK, _free_port(LOOPBACK), own)
    changed = server.environment | client_environment(server.address, os.environ)
    log = own / "server.log"
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - our own
            server.command, env=os.environ | server.environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        if not wait_until_healthy(server.address, lambda: process.poll() is None):
            raise UnableToServe(said("cli.error.server", seconds=START_SECONDS, log=log))
        with changed_environment(changed):
            yield server.address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def changed_environment(changed: Mapping[str, str]) -> Iterator[None]:
    """Within this block the environment holds `changed` too; afterwards it is what it was."""
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


def is_healthy(address: str) -> bool:
    """Whether the Prefect API at `address` answers at this moment."""
    return answers(_health(address))


def _health(address: str) -> str:
    return f"{address}/health"


def answers(url: str) -> bool:
    """Whether there is a good answer at `url` at this moment."""
    with suppress(OSError), urllib.request.urlopen(url, timeout=_ANSWER_SECONDS) as answer:  # noqa: S310 - ours or as set
        return bool(answer.status == HTTPStatus.OK)
    return False


def wait_until_healthy(address: str, goes_on: Callable[[], bool]) -> bool:
    """Whether the server answers within two minutes; asked for no longer than `goes_on` holds."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and goes_on():
        if is_healthy(address):
            return True
        time.sleep(0.3)
    return False


def is_loopback(host: str) -> bool:
    """Whether nobody outside this machine reaches what listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_free(host: str, port: int) -> bool:
    with _listening(host) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _free_port(host: str) -> int:
    with _listening(host) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _listening(host: str) -> socket.socket:
    probe = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    # As the server itself does: a port that was just let go counts as free.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return probe
