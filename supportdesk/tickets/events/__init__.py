"""The events of a ticket. An event is a fact: it is written once, never changed, and must be readable for ever.

The tag of an event is its name in the ledger and must not change. `phrase` describes the event in parts; `sentence` is
its line on the timeline, without the actor, whose name is shown before it.
"""

from supportdesk.tickets.events.assignment import (
    Assigned,
    Claimed,
    Escalated,
    HandedBack,
    HandedOver,
)
from supportdesk.tickets.events.closure import (
    Closed,
    Linked,
    Reopened,
)
from supportdesk.tickets.events.conversation import (
    AccountManagerContacted,
    Called,
    CustomerWrote,
    HoldDayChanged,
    Noted,
    Replied,
    WaitBegan,
    WaitEnded,
)
from supportdesk.tickets.events.correction import (
    CorrectedTimes,
    TextCut,
    TimeCorrected,
    Undone,
)
from supportdesk.tickets.events.escalation import StepTaken
from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.mail import MailPlanned, MailUndelivered, MailWithheld
from supportdesk.tickets.events.phrase import Phrase
from supportdesk.tickets.events.promise import (
    DueMoved,
    PolicyMoved,
    SeverityChanged,
)
from supportdesk.tickets.events.resolution import (
    ArticleLinked,
    ClockStopped,
    FixDateMoved,
    FixPromised,
    FixShipped,
    Resolved,
    ResponseConfirmed,
    WorkaroundProposed,
)
from supportdesk.tickets.events.sending import PageUnsent, RetryRequested, SendAttempted
from supportdesk.tickets.events.triage import (
    Acknowledged,
    AcknowledgementExtended,
    Logged,
    PageAcknowledged,
    Paged,
    PageShown,
)

__all__ = [
    "NOTED_BESIDE",
    "TELLING_CUSTOMER",
    "AccountManagerContacted",
    "Acknowledged",
    "AcknowledgementExtended",
    "ArticleLinked",
    "Assigned",
    "Called",
    "Claimed",
    "ClockStopped",
    "Closed",
    "CorrectedTimes",
    "CustomerWrote",
    "DueMoved",
    "Escalated",
    "Event",
    "FixDateMoved",
    "FixPromised",
    "FixShipped",
    "HandedBack",
    "HandedOver",
    "HoldDayChanged",
    "Linked",
    "Logged",
    "MailPlanned",
    "MailUndelivered",
    "MailWithheld",
    "Noted",
    "PageAcknowledged",
    "PageShown",
    "PageUnsent",
    "Paged",
    "Phrase",
    "PolicyMoved",
    "Reopened",
    "Replied",
    "Resolved",
    "ResponseConfirmed",
    "RetryRequested",
    "SendAttempted",
    "SeverityChanged",
    "StepTaken",
    "TextCut",
    "TicketEvent",
    "TimeCorrected",
    "Undone",
    "WaitBegan",
    "WaitEnded",
    "WorkaroundProposed",
]

NOTED_BESIDE: frozenset[type[Event]] = frozenset({StepTaken, SendAttempted, PageUnsent, PageShown})
"""Events of the program itself that change nothing on the ticket: the command before them can still be undone."""

TELLING_CUSTOMER: tuple[type[Event], ...] = (Replied, WorkaroundProposed, AccountManagerContacted, Resolved)
"""The events with which the customer is told something."""

TicketEvent = (
    Logged
    | Acknowledged
    | Paged
    | PageAcknowledged
    | PageUnsent
    | SendAttempted
    | RetryRequested
    | MailPlanned
    | MailUndelivered
    | MailWithheld
    | PageShown
    | AcknowledgementExtended
    | StepTaken
    | Assigned
    | Claimed
    | HandedOver
    | HandedBack
    | Replied
    | Called
    | CustomerWrote
    | Noted
    | WaitBegan
    | WaitEnded
    | HoldDayChanged
    | SeverityChanged
    | WorkaroundProposed
    | FixPromised
    | FixDateMoved
    | FixShipped
    | ArticleLinked
    | AccountManagerContacted
    | Escalated
    | ClockStopped
    | ResponseConfirmed
    | Resolved
    | Reopened
    | Closed
    | Linked
    | DueMoved
    | PolicyMoved
    | TextCut
    | Undone
    | TimeCorrected
)
