"""How grave it is, by the policy's own questions: is it this severity? The gravest is asked for first."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.sla.policy import Policy, Severity

Answers = Sequence[bool]
"""What was answered so far, in the order of the questions; after a yes nothing more is asked."""


def next_question(policy: Policy, answers: Answers) -> Severity | None:
    """The severity that is asked for next; None when it is known how grave it is.

    The last severity is not asked for: it is what is left.
    """
    if any(answers) or len(answers) >= len(policy.severities) - 1:
        return None
    return policy.severities[len(answers)]


def suggested_severity(policy: Policy, answers: Answers) -> str | None:
    """The severity to which the answers lead; None while there is more to ask."""
    if next_question(policy, answers) is not None:
        return None
    return policy.severities[answers.index(True) if True in answers else len(answers)].key


def overrules(policy: Policy, answers: Answers, severity: str) -> bool:
    """Whether a severity is another one than the answers lead to, or one to which the answer was no."""
    led_to, rank = suggested_severity(policy, answers), policy.rank(severity)
    return severity != led_to if led_to is not None else rank < len(answers)
