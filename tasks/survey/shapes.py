"""The frames that the parts of the survey hand to one another: their columns, and what stands in each.

Texts are never missing, "" is blank. Days are datetime64[s]; a `period` is the last day of its cycle (of a month, a
quarter or a year). Weights are whole numbers scaled by 10,000, a form without one weighs 10,000. `ref` names a
delivered row (`responses:W-0012`, its later version `responses:W-0012:2`). An answer is one of the codes below.
Source: spec 05.
"""

from __future__ import annotations

from tasks.domain.shaping import BLANK, DAY, FLAG, OBJECT, WHOLE, texts

# What a cell under a question says: 5 (very satisfied) to 1 (dissatisfied), or one of these.
SCALE = (5, 4, 3, 2, 1)
NO_ANSWER, NOT_APPLICABLE, UNKNOWN, NOT_ASKED = 0, -1, -2, -3
OVERALL = "overall"
"""The key under which the overall rating stands among the questions."""

_ROW = texts("file sheet ref") | {"row": WHOLE}

RESPONSES = (
    texts("form form_key survey_period department product channel customer customer_key member overall remark")
    | texts("layout answers")
    | {"returned_on": DAY, "counted_in": DAY, "weight": BLANK, "delivered": WHOLE}
    | _ROW
)
"""A returned form as delivered: `answers` is a JSON array of the cells under the headings of `layout`, as written;
`overall` likewise; `member` is yes, no or "". `counted_in` is the last day of the month that the form counts to.
`delivered` numbers the rows in the order in which they came."""

LAYOUTS = texts("layout headings groups")
"""The headings of the questions of one kind of sheet, a JSON array, as written; `groups` are as many texts, what stands
above each in a second row of headings, or ""."""

DISPATCHES = texts("form form_key department customer customer_key member") | {"sent_on": DAY} | _ROW
FOLLOWUPS = texts("customer customer_key result caller") | {"service_on": DAY, "called_on": DAY} | _ROW
"""A service that has to be followed up; `called_on` is missing where nobody called."""

QUESTIONS = texts("question name group") | {"place": WHOLE}
"""A question: `question` is its key (after renames), `name` as people read it, `group` "" where none is configured,
`place` its order on the form. The overall rating is the last, under the key OVERALL."""

FORMS = (
    texts("form form_key department product channel customer customer_key member remark ref file sheet")
    | {"row": WHOLE, "version": WHOLE, "versions": WHOLE, "counts": FLAG, "overall": WHOLE, "weight": WHOLE}
    | {"period": DAY, "returned_on": DAY}
)
"""Every delivered form of a period; of `versions` under one number the last `counts`. `overall` is an answer.

Beside it stands the matrix of answers: a frame of int8 with the same index, one column a question but OVERALL."""

UNKNOWNS = texts("form_key form question name value department ref file sheet") | {"row": WHOLE, "period": DAY}
"""A cell whose word nobody has explained: the question's key and name, and the value as it stood."""

COUNTS = (
    texts("dimension value question")
    | {"period": DAY}
    | dict.fromkeys(("n5", "n4", "n3", "n2", "n1", "blank", "unknown", "not_applicable"), WHOLE)
    | dict.fromkeys(("w5", "w4", "w3", "w2", "w1", "w_returned", "w2_returned", "w_answered", "w2_answered"), WHOLE)
)
"""How often each answer was given, one row a period, a value of a dimension, and a question that its forms were asked.

`dimension` is total (`value` ""), department, product, channel or group (questions of one group pooled; only within
total and department: `value` is then "" or the department, and the dimension "total_group" or "department_group",
`question` the group); "department_product" and "department_channel" alike, of the overall rating alone (`question` is
the product or channel). n5…n1, blank, unknown and not_applicable count forms. w5…w1 are sums of weights; `w_returned`
those of all forms but not_applicable (of the overall rating: of all forms), `w_answered` of known answers; `w2_…` sums
of squared weights, scaled by 10,000 once. Forms without weights: w5 = n5 * 10,000 and so on. All additive: a total is
the sum of its parts."""

SENT = texts("department") | {"period": DAY, "sent": WHOLE, "returned_of_sent": WHOLE}
"""Forms sent for a period, by department; None in place of the frame where dispatches were never delivered."""

FIGURES = (
    texts("dimension value question name")
    | {"period": DAY, "few": FLAG, "hidden": FLAG}
    | dict.fromkeys(("returned", "valid", "satisfied", "top2", "n5", "n4", "n3", "n2", "n1"), WHOLE)
    | {"sent": BLANK, "effective": WHOLE}
    | dict.fromkeys(
        ("satisfaction", "satisfaction_answered", "satisfaction_low", "satisfaction_high", "top2_share", "mean",
         "response_rate"), OBJECT
    )
)  # fmt: skip
"""What is said of each row of COUNTS: shares are exact Fractions (bounds of the interval: Decimals of six places), None
where undefined. `few`: fewer forms than the minimum, so neither marked nor ranked. `hidden`: not for this reader.
`top2_share` is of the returned forms, as satisfaction is, the mean of known answers. `effective` is the number of forms
that the weights amount to (Kish), the plain number without weights."""

MARKS = texts("department mark measure") | {"conclusive": FLAG, "value": OBJECT, "target": OBJECT, "forms": WHOLE}
"""A department against its target: `measure` is satisfaction or response_rate, `mark` met, below, too_few or no_answers
("" without a target); `conclusive` whether the interval excludes the target. Fractions, value None where undefined."""

CHANGES = (
    texts("dimension value question name")
    | {"significant": FLAG}
    | dict.fromkeys(("before", "now", "change", "p_value"), OBJECT)
    | {"n_before": WHOLE, "n_now": WHOLE}
)
"""The satisfaction of two periods side by side with the two-sided two-proportion test; shares as Fractions."""

CASES = (
    texts("case form form_key question name department handled_by sort state measure owner customer remark ref")
    | {"period": DAY, "opened_on": DAY, "due_on": DAY, "handled_on": DAY, "called_on": DAY, "closed_on": DAY}
    | {"rating": WHOLE}
)
"""A complaint case: one form and item. `sort` is "", valid, help, information or venting; `state` open, handled,
closed or withdrawn; `handled_by` the department that has to handle it, `measure` what it did."""

COVERAGE = texts("customer customer_key department state ref") | {
    "service_on": DAY, "due_on": DAY, "called_on": DAY, "period": DAY,
}  # fmt: skip
"""A member's service to follow up: `state` is covered, late, missed, waiting (not yet due) or unrecorded (a member of
the period's forms of whom no service is on file)."""

MEASURES = texts("number kind department state reason measure owner") | {
    "period": DAY, "opened_on": DAY, "due_on": DAY, "closed_on": DAY,
} | {"value": OBJECT, "target": OBJECT}  # fmt: skip
"""A corrective action or a commendation (`kind` action or commendation) kept for a department and period: `state` is
open, done, verified or withdrawn; a commendation is open, given or withdrawn."""

REMARKS = texts("form department product rating text question ref") | {"place": WHOLE}
"""A remark: `rating` is dissatisfied, neutral or satisfied; `text` with personal data masked."""

WORDS = texts("word") | {"forms": WHOLE, "dissatisfied": WHOLE}
"""A word of the remarks: in how many forms it stands, and in how many of those that are dissatisfied."""
