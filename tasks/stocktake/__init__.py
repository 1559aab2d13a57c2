"""The stocktake: what the books say, what people counted, what may be adjusted (spec 02)."""
