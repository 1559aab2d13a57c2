"""Tests of what is kept: the store, the inbox, importing, sources."""
