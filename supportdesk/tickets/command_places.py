"""Where each command on an existing ticket is defined, so that one can be imported without the others."""

from __future__ import annotations

COMMAND_PLACES = {
    "acknowledge": "supportdesk.tickets.process.triage:Acknowledge",
    "assign": "supportdesk.tickets.process.assignment:Assign",
    "handover": "supportdesk.tickets.process.assignment:HandOver",
    "claim": "supportdesk.tickets.process.assignment:Claim",
    "handback": "supportdesk.tickets.process.assignment:HandBack",
    "reply": "supportdesk.tickets.process.conversation:Reply",
    "called": "supportdesk.tickets.process.conversation:RecordCall",
    "send-article": "supportdesk.tickets.process.conversation:SendArticle",
    "note": "supportdesk.tickets.process.conversation:Note",
    "wait": "supportdesk.tickets.process.resolution:Wait",
    "resume": "supportdesk.tickets.process.resolution:Resume",
    "workaround": "supportdesk.tickets.process.resolution:ProposeWorkaround",
    "fix": "supportdesk.tickets.process.resolution:PromiseFix",
    "article": "supportdesk.tickets.process.resolution:LinkArticle",
    "contacted": "supportdesk.tickets.process.resolution:RecordContact",
    "resolve": "supportdesk.tickets.process.resolution:Resolve",
    "reopen": "supportdesk.tickets.process.closure:Reopen",
    "close": "supportdesk.tickets.process.closure:Close",
    "customer-message": "supportdesk.tickets.process.customer_message:AddCustomerMessage",
    "escalate": "supportdesk.tickets.process.escalation:Escalate",
    "severity": "supportdesk.tickets.process.severity:ChangeSeverity",
    "link": "supportdesk.tickets.process.linking:LinkTicket",
    "duplicate": "supportdesk.tickets.process.linking:MarkDuplicate",
    "move-policy": "supportdesk.tickets.process.policy:MoveToPolicy",
    "correct-time": "supportdesk.tickets.process.time:CorrectTime",
    "undo": "supportdesk.tickets.process.undo:Undo",
}
"""The module and the class of each command by its verb, in the order of `COMMANDS` (`tickets/decide.py`)."""
