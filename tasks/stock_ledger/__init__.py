"""The daily stock-ledger reconciliation (spec 01): matching, checks, life of breaks, report."""
