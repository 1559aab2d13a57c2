"""Tests of the stocktake (spec 02)."""
