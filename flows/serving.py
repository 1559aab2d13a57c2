"""A Prefect server, the deployments with their schedules, and a worker, on this machine."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.settings import Settings, load_settings
from flows.command_line import home, said

POOL = "daybook"
START_SECONDS = 120
_LOOPBACK = "127.0.0.1"


class UnableToServe(Exception):
    """The server cannot be started; the text is one line that says where to look."""


@contextmanager
def temporary_server(folder: Path) -> Iterator[str]:
    """The API's address of a Prefect server that lives as long as this block, its data under `folder`.

    PREFECT_API_URL names it meanwhile. Raises UnableToServe when it does not answer in time.
    """
    own = folder / "prefect"
    own.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    address = f"http://{_LOOPBACK}:{port}/api"
    settings = _server_settings(own, port)
    before = {name: os.environ.get(name) for name in [*settings, "PREFECT_API_URL"]}
    os.environ.update(settings)
    log = own / "server.log"
    with log.open("ab") as out:
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", _LOOPBACK, "--port", str(port)]
        server = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)  # noqa: S603 - our own
    try:
        _wait_until_healthy(address, server, log)
        os.environ["PREFECT_API_URL"] = address
        yield address
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
        _stop(server)


def serve_until_stopped() -> None:
    """Serves until Ctrl-C or a termination signal: a server (unless one is configured), all deployments, one worker."""
    settings = load_settings(home())
    settings.home.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _interrupt)
    configured = os.environ.get("PREFECT_API_URL", "")
    if configured:
        _serve(settings, configured)
        return
    print(said("cli.serve.starting"), file=sys.stderr)
    with temporary_server(settings.home) as address:
        _serve(settings, address)


def _serve(settings: Settings, address: str) -> None:
    asyncio.run(_deploy(settings))
    print(said("cli.serve.ready", url=address.removesuffix("/api")), flush=True)
    environment = os.environ | {"DAYBOOK_HOME": str(settings.home)}
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process"]
    worker = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own
    try:
        worker.wait()
    except KeyboardInterrupt:
        pass
    finally:
        _stop(worker)


async def _deploy(settings: Settings) -> None:
    """Makes the work pool and one deployment per flow, its schedules those of the settings."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from flows.stock_ledger import stock_ledger

    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    deployment = await stock_ledger.ato_deployment(
        name=POOL,
        work_pool_name=POOL,
        schedules=[Cron(line, timezone=settings.timezone) for line in settings.stock_ledger.schedules],
        parameters={"wait_for_erp": True},
        concurrency_limit=1,
        tags=["daybook"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    await deployment.aapply()


def _server_settings(folder: Path, port: int) -> dict[str, str]:
    """How the server is set up: loopback only, nothing called home, the old UI that calls no outside host."""
    return {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_API_HOST": _LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_LOGGING_LEVEL": "WARNING",
    }


def _wait_until_healthy(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310 - our own server
                if answer.status == 200:  # noqa: PLR2004 - HTTP OK
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise UnableToServe(said("cli.error.server", seconds=START_SECONDS, log=log))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Asks the process to end, and ends it if it will not."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
