"""The satisfaction survey: what customers answered, counted without a doubt, and what becomes of it (spec 05)."""
