"""The nightly hotel audit (spec 06): reservations, charges, cash and ledgers of one business date."""
