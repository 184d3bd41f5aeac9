"""Refuses keys that the policy does not have."""

from __future__ import annotations

from supportdesk.sla.policy import Policy
from supportdesk.tickets.refusal import Refusal


def refuse_unknown_key(
    policy: Policy, *, severity: str | None = None, channel: str | None = None, team: str | None = None
) -> Refusal | None:
    """Return why one of these keys is unknown, with the keys that the policy has; None where all are known."""
    for noun, key, known in (
        ("severity", severity, policy.severities),
        ("channel", channel, policy.channels),
        ("team", team, policy.teams),
    ):
        keys = [each.key for each in known]
        if key is not None and key not in keys:
            return Refusal(f"there is no {noun} {key!r}; the policy has {', '.join(keys)}")
    return None
