"""The ladder: what matches, what is named, and what may never change the result."""
