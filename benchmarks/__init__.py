"""Measurements of Daybook and the demo company that they, the tests and `daybook demo` run on."""
