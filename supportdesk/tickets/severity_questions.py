"""The policy's questions that lead to a severity, the most severe first."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.sla.policy import Policy, Severity

Answers = Sequence[bool]
"""The answers so far, in the order of the questions; after a yes nothing more is asked."""


def find_next_question(policy: Policy, answers: Answers) -> Severity | None:
    """Return the severity to ask about next; None when the answers have led to one.

    The last severity is not asked about: it is what remains.
    """
    if any(answers) or len(answers) >= len(policy.severities) - 1:
        return None
    return policy.severities[len(answers)]


def suggest_severity(policy: Policy, answers: Answers) -> str | None:
    """Return the key of the severity to which the answers lead; None while there is more to ask."""
    if find_next_question(policy, answers) is not None:
        return None
    return policy.severities[answers.index(True) if True in answers else len(answers)].key


def overrules(policy: Policy, answers: Answers, severity: str) -> bool:
    """Return whether a severity differs from that of the answers, or was answered with no."""
    led_to, rank = suggest_severity(policy, answers), policy.rank(severity)
    return severity != led_to if led_to is not None else rank < len(answers)
