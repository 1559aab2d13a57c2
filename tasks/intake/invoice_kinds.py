"""The kinds of invoices, however they are called: 专票, 增值税专用发票 and a special invoice are one kind."""

from __future__ import annotations

from functools import lru_cache

from config.datasets import load_words
from tasks.domain.keys import name_key
from tasks.intake.words import word_codes, word_key


@lru_cache(maxsize=1_000)
def kind_key(kind: str) -> str:
    """The key of an invoice kind: its code in the words `invoice_kinds`, else the key of its own name."""
    return word_codes(load_words(), "invoice_kinds").get(word_key(kind)) or name_key(kind)
