"""Nouns that several processes share. Pure: no file, database, clock, setting or Prefect is known here."""
