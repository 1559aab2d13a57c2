"""How things look: Jinja templates and their style sheet, never a calculation."""
