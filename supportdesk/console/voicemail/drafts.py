"""The drafts of decisions on voicemails: each form about a voicemail has one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.drafts.reminder import VOICEMAIL
from supportdesk.console.forms.draft_keeper import DraftKeeper
from supportdesk.console.intake.drafts import Decision, UnfinishedDecision

if TYPE_CHECKING:
    from supportdesk.console.drafts.drafts import Drafts
    from supportdesk.console.forms.context import CommandContext


def keep_draft(context: CommandContext, key: str, decision: Decision, ref: str = "") -> DraftKeeper:
    """Return the keeper of the draft of a decision on the voicemail with this key."""
    draft_ref = UnfinishedDecision(key, decision, ref).draft_ref
    return DraftKeeper(context.drafts, VOICEMAIL, draft_ref, context.desk.now, context.begun)


def forget_drafts(drafts: Drafts, key: str) -> None:
    """Discard the drafts of decisions on a voicemail that was settled."""
    for verb, ref in drafts.unsent:
        if verb == VOICEMAIL and ref.split(" ", 1)[0] == key:
            drafts.discard(verb, ref)
