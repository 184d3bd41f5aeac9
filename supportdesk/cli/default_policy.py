"""The policy that comes with the program, for a new desk."""

from __future__ import annotations

from supportdesk.resources import data_path
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_file import load_policy

BUILT_IN = "policies/claritum.toml"


def built_in() -> Policy:
    """The policy that comes with the program."""
    return load_policy(data_path(BUILT_IN))
