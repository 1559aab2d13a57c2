"""The database's changes in the order in which they were made; `tasks.adapters.store` runs them by itself."""
