"""The built-in policy, which a new desk gets."""

from __future__ import annotations

from supportdesk.resources import data_path
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_file import load_policy

DEFAULT_POLICY = "policies/claritum.toml"


def load_default_policy() -> Policy:
    """Return the built-in policy."""
    return load_policy(data_path(DEFAULT_POLICY))
