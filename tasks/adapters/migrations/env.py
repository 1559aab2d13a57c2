"""Runs the migrations on the connection, and inside the transaction, that the store hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from tasks.adapters.store import METADATA

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=False)
context.run_migrations()
