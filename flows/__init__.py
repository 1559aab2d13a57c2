"""When things are done and in which order: one module a process, bearing its Prefect flow."""
