"""The time and the policies at the moment of the past that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from supportdesk.desk_api import PolicyQueries
from supportdesk.past.state import PastState
from supportdesk.sla.policy import Policy


class PastMoment(PolicyQueries):
    """Base of the parts of a past desk, over the state at the moment that is shown."""

    def __init__(self, state: PastState) -> None:
        self._state = state

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Every version of the policy, by version."""
        with self._state.lock:
            return self._state.policies

    def now(self) -> datetime:
        """Return the moment that is shown, in whole seconds."""
        return self._state.now()

    def policy_at(self, at: datetime) -> Policy:
        """Return the version in force at an instant."""
        with self._state.lock:
            return self._state.records.reference_data.policy_at(at)
