"""What a mail address and a name in the head of a mail may be, wherever it was typed."""

from __future__ import annotations

import email_validator

# Names that no public mail uses are what a company calls its own hosts.
email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = ["invalid"]


def mail_address(text: str) -> str:
    """The address as a mail server takes it, an international domain in its ASCII form; ValueError for anything else.

    Only its form is judged, for a company's own domain may be known to its own mail server alone.
    """
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except email_validator.EmailNotValidError as wrong:
        raise ValueError(f"{text!r} is no mail address: {wrong}") from None
    return str(found.ascii_email)


def one_line(text: str) -> str:
    """The text itself; raises ValueError where it would break out of its line in the head of a mail."""
    if not text.isprintable():
        raise ValueError(f"{text!r} holds a line break or another control character")
    return text
