"""Intake: whatever lies in the inbox becomes typed rows, quarantined cells and counts that add up."""
