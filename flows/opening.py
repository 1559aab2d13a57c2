"""The home folder as commands open it: made where they bring something in, found and left as it is where they look."""

from __future__ import annotations

from config.datasets import load_datasets
from config.settings import Settings, load_settings
from flows.command_line import home
from tasks.adapters.store import Store, UnableToFindStore, find_store
from tasks.domain.message import message


def made_home() -> Settings:
    """The settings of the home folder, which is there now with an inbox for each dataset, so that files can be put in.

    Raises UnableToConfigure for wrong settings and OSError where nothing can be made.
    """
    settings = load_settings(home())
    # First the folder alone, so that what is said of it names it.
    settings.home.mkdir(parents=True, exist_ok=True)
    for dataset in load_datasets(settings.aliases):
        (settings.home / "inbox" / dataset).mkdir(parents=True, exist_ok=True)
    return settings


def found_home() -> tuple[Store, Settings]:
    """The store and settings of the home folder; nothing is made.

    Raises UnableToFindStore where there is no folder or no Daybook data, and UnableToConfigure for wrong settings.
    """
    settings = load_settings(home())
    if not settings.home.is_dir():
        raise UnableToFindStore(message("database.absent", where=str(settings.home)))
    return find_store(settings.database_url), settings
