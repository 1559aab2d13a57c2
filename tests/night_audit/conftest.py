"""A hotel's home folder on each database: empty, or brought to where a module's tests begin."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import Databases

Story = Callable[[Path], object]
NewBegun = Callable[[Story], "Begun"]


class Begun:
    """A home in which a story was played once on each database that is asked for, to be lent from there."""

    def __init__(self, story: Story, new_folder: Callable[[], Path], request: pytest.FixtureRequest) -> None:
        self._story = story
        self._new_folder = new_folder
        self._request = request
        self._file: Path | None = None
        self._server: tuple[Databases, dict[str, Path]] | None = None

    @contextmanager
    def lent(self, kind: str, home: Path) -> Iterator[Path]:
        """The empty folder `home` as the story left its own, on a database of that kind, within the block."""
        if kind == "sqlite":
            shutil.copytree(self._in_a_file(), home, dirs_exist_ok=True)
            yield home
            return
        databases, told = self._on_a_server()
        with databases.lent() as url, _kept_in(url):
            shutil.copytree(told[url], home, dirs_exist_ok=True)
            yield home

    def drop(self) -> None:
        """Drops the databases that were made."""
        if self._server:
            self._server[0].drop()

    def _in_a_file(self) -> Path:
        if self._file is None:
            self._file = self._new_folder()
            shutil.copy(self._request.getfixturevalue("sqlite_begun"), self._file)
            self._story(self._file)
        return self._file

    def _on_a_server(self) -> tuple[Databases, dict[str, Path]]:
        if self._server is None:
            told: dict[str, Path] = {}

            def begin(url: str) -> None:
                told[url] = self._new_folder()
                with _kept_in(url):
                    self._story(told[url])

            self._server = Databases(self._request.getfixturevalue("postgres_url"), begin), told
        return self._server


@contextmanager
def _kept_in(url: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DAYBOOK_DATABASE_URL", url)
        yield


@pytest.fixture(scope="module")
def new_begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewBegun]:
    """Makes homes in which a story was played; what the story drops and closes, each test finds."""
    made: list[Begun] = []

    def begun(story: Story) -> Begun:
        made.append(Begun(story, lambda: tmp_path_factory.mktemp("begun"), request))
        return made[-1]

    yield begun
    for one in made:
        one.drop()


@pytest.fixture
def hotel_in_a_file(home: Path, sqlite_begun: Path) -> Path:
    """An empty home that keeps its data in a file: for what does not depend on the database."""
    shutil.copy(sqlite_begun, home)
    return home


@pytest.fixture(params=["sqlite", "postgresql"])
def hotel_home(request: pytest.FixtureRequest, home: Path) -> Iterator[Path]:
    """An empty home, once on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("hotel_in_a_file")
        return
    databases: Databases = request.getfixturevalue("postgres_databases")
    with databases.lent() as url, _kept_in(url):
        yield home
