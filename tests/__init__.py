"""The tests of Daybook, a folder per area."""
