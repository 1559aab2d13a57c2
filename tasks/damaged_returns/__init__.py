"""The return of damaged parts: batches when they are due, their way through repair, and their freight (spec 03)."""
