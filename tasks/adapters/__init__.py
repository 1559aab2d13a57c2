"""Doors to the outside, one each: files, workbooks, database, pages, pictures, mail. None knows a process by name."""
