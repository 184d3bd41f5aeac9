"""A caller is on the line: who it is, what there is to know of them, and what it is about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.calls import caller_search
from supportdesk.console.calls.call import (
    DRAFT_VERB,
    Call,
    KnownCaller,
    UnfinishedCall,
    UnknownCaller,
    line_open,
    may_use,
    resume_call,
)
from supportdesk.console.calls.caller_card import CallerCard
from supportdesk.console.calls.subject_field import SubjectField
from supportdesk.console.dialogs.dialog import key_for, key_hints
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate
from supportdesk.console.terminal.safe_text import safe
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.sla.clocks import epoch
from supportdesk.sla.formatting import near_time
from supportdesk.store.read_models import CallerView
from supportdesk.tickets.command import Refusal

if TYPE_CHECKING:
    from textual.worker import Worker

    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys


class CallScreen(Form):
    """Finds the caller, and goes on to the form of what it is about; `text` is what the search begins with.

    Nothing is sent from here: what was typed further on is kept there.
    """

    app: SerializedKeys

    def __init__(self, context: CommandContext, text: str = "") -> None:
        super().__init__(context, "caller")
        self.add_class("call")
        self._text = text
        self._began_at = context.door.now()
        self._shown: Candidate | None = None
        self._reading: Worker[None] | None = None
        self._advancing = False

    def heading(self) -> Content:
        """What this is for."""
        return Content("A call")

    def subject(self) -> Content:
        """Since when, and on which line."""
        policy = self.context.policy
        line = line_open(policy, self._began_at)
        told = [near_time(self._began_at, self.context.zone, self._began_at)]
        told += [policy.channel(line).name] if line else []
        return safe(" · ".join(told))

    def fields(self) -> list[Field]:
        """Who, and what about."""
        context = self.context
        return [
            SearchField(
                "caller",
                "part of a name, a company, a number, or a ticket's reference",
                caller_search.callers(context.door, self._unfinished, context.rows),
                blocking=True,
                required=True,
                label="Who is calling",
            ),
            SubjectField(
                lambda: epoch(context.door.now()), context.door.policies, context.policy, context.zone
            ),
        ]

    def body(self) -> ComposeResult:
        """The caller between the two questions."""
        who, about = self.fields()
        yield who
        yield CallerCard()
        yield about

    def on_mount(self) -> None:
        """There is nothing to ask before it is known who rings; the forms are brought in while that is found."""
        self.run_worker(_bring_in_the_forms, thread=True, group="import")
        self.query_one(SubjectField).display = False
        if self._text:
            self.query_one("#caller", SearchField).begin(self._text)

    def keys(self) -> Content:
        """The keys of this screen."""
        told = [(key_for(self, "form.go_on"), "go on"), ("↑ ↓", "choose")]
        if self._unfinished():
            told.append((key_for(self, "form.start_afresh"), "forget an unfinished one"))
        return key_hints(*told, (key_for(self, "dialog.leave"), "leave"))

    # Who rings.

    def _unfinished(self) -> list[Candidate]:
        """The calls that were not saved, the one that was left last first."""
        drafts = self.context.drafts
        kept = ((drafts.find(verb, key), key) for verb, key in drafts.unsent if verb == DRAFT_VERB)
        calls = [resumed for draft, key in kept if draft is not None and (resumed := resume_call(draft, key))]
        calls.sort(key=lambda resumed: resumed[0].began_at, reverse=True)
        return [self._offered(*resumed) for resumed in calls]

    def _offered(self, call: Call, summary: str) -> Candidate:
        left = near_time(call.began_at, self.context.zone, self.context.door.now())
        who = call.contact.name if call.contact else call.telephone or "somebody"
        company = call.customer.name if call.customer else ""
        told = [company, f"unfinished, left at {left}", summary]
        return Candidate(call.key, who, " · ".join(filter(None, told)), of=UnfinishedCall(call))

    @on(Field.Changed, "#caller")
    def _caller_changed(self, event: Field.Changed) -> None:
        self.field_completed(event.field)

    def field_completed(self, field: Field) -> None:
        """Shows whoever was found; lets them go when something else is typed."""
        picked = self.query_one("#caller", SearchField).picked
        if picked == self._shown:
            return
        self._shown = picked
        known = picked.of if picked is not None else None
        card, about = self.query_one(CallerCard), self.query_one(SubjectField)
        card.display = about.display = isinstance(known, KnownCaller)
        self.set_class(card.display, "-found")
        if isinstance(known, KnownCaller):
            card.greet(known, self._policy_advice(known))
            about.list.offer(())
            self._reading = self._look_up(known)
        self.fit_to_screen()

    def _policy_advice(self, caller: KnownCaller) -> str:
        policy = self.context.policy
        line = line_open(policy, self._began_at)
        if line is None or may_use(policy, line, caller.contact):
            return ""
        return policy.channel(line).advice

    @work(group="look up", exclusive=True)
    async def _look_up(self, caller: KnownCaller) -> None:
        about = self.query_one(SubjectField)
        try:
            view = await asyncio.to_thread(self.context.door.caller, caller.contact.key)
        except DeskUnavailableError as error:
            self.show_status(str(error), refused=True)
            return
        if view is None or self._shown is None or self._shown.of is not caller:
            return
        self.query_one(CallerCard).fill_in(view, self._last_contact(view))
        rows = (*view.open_tickets, *view.closed_tickets)
        meant = caller.found_by
        if meant is not None and all(row.ref != meant.ref for row in rows):
            # Closed long ago: it is what they rang about all the same.
            rows = (meant, *rows)
        about.list.offer(rows, meant.ref if meant is not None else None, view.own)
        self.fit_to_screen()

    def _last_contact(self, view: CallerView) -> str:
        last = view.last_contact
        if last is None:
            return "none yet"
        at = near_time(last.at, self.context.zone, self.context.door.now())
        return f"{at} · {last.ref} · {' '.join(last.sentence.split())}"

    # Where it goes on.

    async def action_go_on(self) -> None:
        """Enter: to what it is about; there is nothing to ask of somebody new, or of a call that was cut off."""
        await super().action_go_on()
        if self._shown is not None and not isinstance(self._shown.of, KnownCaller):
            await self.action_send()

    async def action_send(self) -> None:
        """On to the form of what the call is about."""
        caller = self.query_one("#caller", SearchField)
        await caller.settle()
        caller.finish()
        self.field_completed(caller)
        if self._advancing:
            return
        if self._shown is None:
            caller.show_problem()
            caller.take_focus()
            return
        self._advancing = True
        typed = self.app.typed.hold()
        self.run_worker(self._go_on(self._shown.of, typed), group="dialog")

    async def _go_on(self, caller: KnownCaller | UnknownCaller | UnfinishedCall, typed: KeyHold) -> None:
        try:
            done = await self.continue_with(self._next_form(caller), typed)
        finally:
            self._advancing = False
        if done is not None:
            await self.after_submit(done)

    async def _next_form(self, caller: KnownCaller | UnknownCaller | UnfinishedCall) -> Form | Refusal:
        """The form of what the call is about."""
        from supportdesk.console.calls.existing_ticket import form_for_existing_ticket
        from supportdesk.console.calls.log_form import LogRequestForm

        if self._reading is not None:
            await self._reading.wait()
        ref = self.query_one(SubjectField).value
        if ref and isinstance(caller, KnownCaller):
            return await form_for_existing_ticket(self.context, ref, rang=caller.contact)
        return LogRequestForm(self.context, self._call(caller))

    def _call(self, caller: KnownCaller | UnknownCaller | UnfinishedCall) -> Call:
        roster = self.context.roster
        match caller:
            case UnfinishedCall(call):
                return call
            case KnownCaller(contact, organisation):
                customer = searches.organisation(organisation, roster)
                return Call(self._began_at, customer, searches.contact(contact))
            case UnknownCaller(name, telephone, company, email):
                contact_new = searches.newcomer(name) if name else None
                customer_known = searches.organisation(company, roster) if company else None
                return Call(self._began_at, customer_known, contact_new, telephone, email=email)

    def action_start_afresh(self) -> None:
        """Forgets the unfinished call that is marked; else what is typed, for another caller."""
        caller = self.query_one("#caller", SearchField)
        marked = caller.marked
        if marked is None or not isinstance(marked.of, UnfinishedCall):
            super().action_start_afresh()
            return
        self.context.drafts.discard(DRAFT_VERB, marked.of.call.key)
        caller.look_again()
        self.query_one(".keys", Static).update(self.keys())

    def save_draft(self) -> None:
        """Keeps nothing: nobody wants the last caller's name before the next one's."""

    def action_leave(self) -> None:
        """Away."""
        self.dismiss(None)


def _bring_in_the_forms() -> None:
    import supportdesk.console.calls.existing_ticket
    import supportdesk.console.calls.log_form  # noqa: F401
