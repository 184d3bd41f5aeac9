"""What a rule of a command on records decides."""

from __future__ import annotations

from supportdesk.tickets.records.events import AnyRecordEvent
from supportdesk.tickets.refusal import Refusal

RecordDecision = list[AnyRecordEvent] | Refusal
"""The events of the command, in order, or why it is refused."""
