"""The drafts of decisions on messages: each form about a message has one of its own."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.drafts.reminder import INTAKE
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.draft_keeper import DraftKeeper


class Decision(StrEnum):
    """What can be done with a message that waits."""

    LOG = "log"
    ADD = "add"
    ENROL = "enrol"
    REFUSE = "refuse"


class UnfinishedDecision(msgspec.Struct, frozen=True):
    """A decision whose form was left before it was sent; `ref` is the ticket to which the message is added."""

    key: str
    decision: Decision
    ref: str = ""

    @property
    def draft_ref(self) -> str:
        """What the draft is about, in the place of a reference."""
        return " ".join(filter(None, (self.key, self.decision, self.ref)))


def keep_draft(context: CommandContext, key: str, decision: Decision, ref: str = "") -> DraftKeeper:
    """Return the keeper of the draft of a decision on the message with this key."""
    draft_ref = UnfinishedDecision(key, decision, ref).draft_ref
    return DraftKeeper(context.drafts, INTAKE, draft_ref, context.desk.now, context.begun)


def forget_draft(drafts: Drafts, decision: UnfinishedDecision) -> None:
    """Discard the draft of a decision that was made meanwhile, if there is one."""
    if drafts.find(INTAKE, decision.draft_ref) is not None:
        drafts.discard(INTAKE, decision.draft_ref)


def find_unfinished(draft_ref: str) -> UnfinishedDecision | None:
    """Return the decision to which a draft belongs; None for an empty reference, and one of another version."""
    match draft_ref.split(" "):
        case [key, decision, *ref] if decision in list(Decision):
            return UnfinishedDecision(key, Decision(decision), " ".join(ref))
    return None
