"""The hotel's night: reservations, charges, cash and ledgers, drawn as tables of November 2026."""
