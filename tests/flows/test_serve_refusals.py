from __future__ import annotations

import fcntl
import socket
from pathlib import Path

import pytest

from config.settings import ServeSettings, load_settings
from flows.arranging import UnableToArrange
from flows.prefect_server import AUTH, client_environment, configured_server
from tests.flows.running import Home, called

EVERYWHERE = "0.0.0.0"  # noqa: S104 - named, never bound


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_alone_needs_no_password(host: str, home: Path) -> None:
    server, _ = configured_server(_settings(home, host), home)
    assert server.host == host


@pytest.mark.parametrize("password", ["", "daybook"])
@pytest.mark.parametrize("host", [EVERYWHERE, "10.1.2.3", "daybook.invalid"])
def test_nobody_else_is_let_in_without_a_password(
    host: str, password: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(AUTH, password)
    with pytest.raises(UnableToArrange, match=AUTH):
        configured_server(_settings(home, host), home)


def test_with_a_password_others_are_let_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AUTH, "daybook:secret")
    server, _ = configured_server(_settings(home, EVERYWHERE), home)
    assert server.address.startswith("http://127.0.0.1:")


def _settings(home: Path, host: str) -> ServeSettings:
    return load_settings(home).serve.model_copy(update={"host": host, "port": 0})


def test_the_refusal_is_one_line_that_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "daybook.toml").write_text(f'[serve]\nhost = "{EVERYWHERE}"\n', encoding="utf-8")
    done = called(Home(tmp_path), "serve", check=2)
    assert done.stderr.count("\n") == 1
    assert AUTH in done.stderr


def test_another_port_is_taken_where_the_configured_one_is_in_use(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        settings = load_settings(home).serve.model_copy(update={"port": taken})
        server, as_set = configured_server(settings, home)
        assert (server.port != taken, as_set) == (True, False)
    server, as_set = configured_server(settings, home)
    assert (server.port, as_set) == (taken, True)


def test_a_home_is_served_once(tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    with (tmp_path / "prefect" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = called(Home(tmp_path), "serve", check=2)
    assert str(tmp_path) in done.stderr


def test_programs_of_this_machine_log_in_with_the_password_of_the_server() -> None:
    assert client_environment("http://127.0.0.1:1/api", {AUTH: "a:b"})["PREFECT_API_AUTH_STRING"] == "a:b"
    assert "PREFECT_API_AUTH_STRING" not in client_environment("http://127.0.0.1:1/api", {})
