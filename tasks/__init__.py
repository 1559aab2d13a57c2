"""What Daybook does: one package a process, and beside them the nouns, doors and intake that they share."""
