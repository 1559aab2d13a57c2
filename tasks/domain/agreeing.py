"""Whether a remark says that a manager agreed (spec 01: movement categories; spec 03: direct scrap)."""

from __future__ import annotations

import re
import unicodedata

_CLAUSE = re.compile(r"[,;.!?。、\n]+")
_AGREED = re.compile(r"同意|批准|核准|[审審]批|准[许許]|\b(?:agreed|approved)\b", re.IGNORECASE)
# What stands before it in its clause and turns it into a wish, a condition or a refusal.
_NOT_AGREED = re.compile(
    r"[未没沒须須]|(?<![接招])待|(?<![急按所])需|[请請](?!示)|[无無](?!异议|異議)|不[予肯被]?$"
    r"|\b(?:not|no|never|without|until|unless|if|pending|awaiting|waiting|needs?|must|to be)\b",
    re.IGNORECASE,
)


def manager_agreed(remark: str) -> bool:
    """Whether `remark` says that somebody agreed (经理同意, approved by …).

    未经经理同意, 待批准, 请批准 and "to be approved" do not: each clause is read by itself.
    """
    clauses = _CLAUSE.split(unicodedata.normalize("NFKC", remark))
    found = ((clause, _AGREED.search(clause)) for clause in clauses)
    return any(said and not _NOT_AGREED.search(clause[: said.start()]) for clause, said in found)
