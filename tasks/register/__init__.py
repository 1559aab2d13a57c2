"""What every process registers: its runs, its breaks and their life, the approvals it asked for."""
