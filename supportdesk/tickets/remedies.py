"""The remedies that refusals offer, each with the verb of its command."""

from __future__ import annotations

from supportdesk.tickets.refusal import Remedy

ASSIGN = Remedy("assign it", "assign")
ASSIGN_AS_SUPERVISOR = Remedy("you can assign it", "assign")
ASSIGN_TO_YOURSELF = Remedy("assign it to yourself", "assign")
ASSIGN_TO_ANOTHER_TEAM = Remedy("assign it to another team first", "assign")
CLAIM = Remedy("claim it", "claim")
HAND_BACK = Remedy("hand it back", "handback")
HAND_OVER = Remedy("hand it over", "handover")
ASK_TO_HAND_BACK = Remedy("ask them to hand it back")

LOG_ANOTHER = Remedy("log a new request", "log")
LINK_IT = Remedy("link it", "link")
NOTE = Remedy("write a note", "note")
REPLY = Remedy("reply", "reply")
ASK_FIRST = Remedy("reply with a question first", "reply")
SEND_ARTICLE = Remedy("send it to the customer", "send-article")
ESCALATE_TO_A_PERSON = Remedy("escalate to a person instead", "escalate --way hierarchical")
CHANGE_SEVERITY = Remedy("change the severity", "severity")
MOVE_POLICY = Remedy("move it to its previous policy instead", "move-policy")

HOLD = Remedy("put it on hold", "wait")
RESUME = Remedy("take it off hold", "resume")
PROMISE_FIX = Remedy("promise a fix first", "fix")
PROMISE_ANOTHER_FIX = Remedy("choose a later release", "fix")
RESOLVE = Remedy("resolve it", "resolve")
RESOLVE_FIRST = Remedy("resolve it first", "resolve")
REOPEN = Remedy("reopen it", "reopen")
REOPEN_FIRST = Remedy("reopen it first", "reopen")
CLOSE = Remedy("close it", "close")
CLOSE_AS_WITHDRAWN = Remedy("close it as withdrawn", "close --reason withdrawn")
CHOOSE_WITHDRAWN = Remedy("give 'withdrawn' as the reason", "close --reason withdrawn")
CLOSE_WHEN_CONFIRMED = Remedy("close it when the customer confirms", "close")

WORKAROUND = Remedy("a workaround", "workaround")
FIX_DATE = Remedy("a fix date", "fix")
ARTICLE = Remedy("an article", "article")
ACCOUNT_MANAGER = Remedy("the account manager's contact", "contacted")
SERVICE_RESTORED = Remedy("the service restored", "resolve")
FIX = Remedy("a fix", "resolve")

ADD_STAFF = Remedy("add them to the staff first", "staff add")
MAKE_ADMINISTRATOR = Remedy("make somebody else an administrator first", "staff change")
GIVE_RUNG = Remedy("give somebody a rung of the ladder", "staff change")
ADD_CUSTOMER = Remedy("add the customer first", "organisation add")
NAME_ACCOUNT_MANAGER = Remedy("name an account manager for the customer", "organisation change")
ADD_CONTACT = Remedy("add the contact", "contact add")
ADD_RELEASE = Remedy("add a release", "release add")
MOVE_RELEASE = Remedy("move the release", "release move")
SHIP_RELEASE = Remedy("record when it shipped", "release ship")
SHIP_NEW_RELEASE = Remedy("plan it for today and then record when it shipped", "release ship")
ADD_ARTICLE = Remedy("add the article", "knowledge add")
ADD_ADDRESS = Remedy("add one first", "staff change")
CONFIRM_GAP = Remedy("confirm it if that is meant")
OVERRIDE_SHIFT = Remedy("override it", "rota override")
START_NOW = Remedy("let the rotation start now or later")
OVERRIDE_SINGLE_SHIFT = Remedy("override a single shift", "rota override")
LOOK_AT_ROTA = Remedy("look at the rota", "rota show")
INSTALL_POLICY = Remedy("install it", "policy install")

SET_CLOCK = Remedy("set the clock right")
CONFIRM_DATE = Remedy(
    "if the date is right, confirm it once: supportdesk --confirm-date and then the command"
)
CORRECT_TIME = Remedy("correct what was dated wrongly", "correct-time")
