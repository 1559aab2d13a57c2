"""Mail: what is to be sent, to whom, how each server answered and what that means; it knows no process by name."""
