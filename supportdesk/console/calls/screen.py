"""The call screen: the caller, their details, and what the call is about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

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
    may_use,
    open_voice_channel,
    resume_call,
)
from supportdesk.console.calls.caller_card import CallerCard
from supportdesk.console.calls.following_form import open_following
from supportdesk.console.calls.subject_field import SubjectField
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.field_dialog import FieldDialog
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.workers import start_worker
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.sla.clocks import epoch
from supportdesk.sla.formatting import near_time
from supportdesk.store.read_models import CallerView
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from textual.worker import Worker

    from supportdesk.console.forms.form import Form
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys


class CallScreen(FieldDialog):
    """Finds the caller and opens the form for the call's subject; `text` is the first query.

    This screen sends no command and saves no draft: the form it opens does both.
    """

    app: SerializedKeys

    def __init__(self, context: CommandContext, text: str = "") -> None:
        super().__init__(context)
        self.add_class("call")
        self._text = text
        self._initial: dict[str, Any] = {}
        self._began_at = context.desk.now()
        self._shown: Candidate | None = None
        self._reading: Worker[None] | None = None
        self._advancing = False

    def heading(self) -> Content:
        return Content("Call")

    def subject(self) -> Content:
        """Return when the call began, and the line that is open now."""
        policy = self.context.policy
        channel = open_voice_channel(policy, self._began_at)
        parts = [near_time(self._began_at, self.context.zone, self._began_at)]
        parts += [policy.channel(channel).name] if channel else []
        return safe(" · ".join(parts))

    def fields(self) -> list[Field]:
        """Return the fields for the caller and the subject."""
        context = self.context
        return [
            SearchField(
                "caller",
                "name, company, number or ticket reference",
                caller_search.callers(context.desk, self._unfinished, context.rows),
                blocking=True,
                required=True,
                label="Caller",
            ),
            SubjectField(
                lambda: epoch(context.desk.now()), context.desk.policies, context.policy, context.zone
            ),
        ]

    def body(self) -> ComposeResult:
        """Yield the two fields, with the caller's card between them."""
        who, about = self.fields()
        yield who
        yield CallerCard()
        yield about

    def on_mount(self) -> None:
        """Hide the subject until the caller is known, and import the forms meanwhile."""
        self.run_worker(_import_forms, thread=True, group="import")
        self.query_one(SubjectField).display = False
        if self._text:
            self.query_one("#caller", SearchField).begin(self._text)
        self._initial = self.raw_values

    def keys(self) -> Content:
        """Return the key hints; with unfinished calls, the one that discards them."""
        hints = [(key_for(self, "form.go_on"), "continue"), ("↑ ↓", "choose")]
        if self._unfinished():
            hints.append((key_for(self, "form.start_afresh"), "discard an unfinished call"))
        return key_hints(*hints, (key_for(self, "dialog.leave"), "leave"))

    # The caller.

    def _unfinished(self) -> list[Candidate]:
        """Return the unfinished calls, the most recent first."""
        drafts = self.context.drafts
        keys = (key for verb, key in drafts.unsent if verb == DRAFT_VERB)
        saved = ((drafts.find(DRAFT_VERB, key), key) for key in keys)
        calls = [
            resumed for draft, key in saved if draft is not None and (resumed := resume_call(draft, key))
        ]
        calls.sort(key=lambda resumed: resumed[0].began_at, reverse=True)
        return [self._candidate(*resumed) for resumed in calls]

    def _candidate(self, call: Call, summary: str) -> Candidate:
        saved = near_time(call.began_at, self.context.zone, self.context.desk.now())
        who = call.contact.name if call.contact else call.telephone or "unknown caller"
        company = call.customer.name if call.customer else ""
        parts = [company, f"unfinished call, saved {saved}", summary]
        return Candidate(call.key, who, " · ".join(filter(None, parts)), record=UnfinishedCall(call))

    @on(Field.Changed, "#caller")
    def _caller_changed(self, event: Field.Changed) -> None:
        self.field_completed(event.field)

    def field_completed(self, field: Field) -> None:
        """Show the caller who was found; hide the card when the query changes."""
        picked = self.query_one("#caller", SearchField).picked
        if picked == self._shown:
            return
        self._shown = picked
        known = picked.record if picked is not None else None
        card, about = self.query_one(CallerCard), self.query_one(SubjectField)
        card.display = about.display = isinstance(known, KnownCaller)
        self.set_class(card.display, "-found")
        if isinstance(known, KnownCaller):
            card.show_caller_details(known, self._policy_advice(known))
            about.list.offer(())
            self._reading = self._look_up(known)
        self.fit_to_screen()

    def _policy_advice(self, caller: KnownCaller) -> str:
        policy = self.context.policy
        channel = open_voice_channel(policy, self._began_at)
        if channel is None or may_use(policy, channel, caller.contact):
            return ""
        return policy.channel(channel).advice

    @work(group="look up", exclusive=True)
    async def _look_up(self, caller: KnownCaller) -> None:
        about = self.query_one(SubjectField)
        try:
            view = await asyncio.to_thread(self.context.desk.caller, caller.contact.key)
        except DeskUnavailableError as error:
            self.show_status(str(error), refused=True)
            return
        if view is None or self._shown is None or self._shown.record is not caller:
            return
        self.query_one(CallerCard).fill_in(view, self._last_contact(view))
        rows = (*view.open_tickets, *view.closed_tickets)
        meant = caller.found_by
        if meant is not None and all(row.ref != meant.ref for row in rows):
            # The ticket by which they were found is listed even if it was closed long ago.
            rows = (meant, *rows)
        about.list.offer(rows, meant.ref if meant is not None else None, view.own)
        self.fit_to_screen()

    def _last_contact(self, view: CallerView) -> str:
        last = view.last_contact
        if last is None:
            return "none yet"
        at = near_time(last.at, self.context.zone, self.context.desk.now())
        return f"{at} · {last.ref} · {' '.join(last.sentence.split())}"

    # The next form.

    async def action_go_on(self) -> None:
        """Enter: move to the subject; for an unknown caller or an unfinished call, open the form at once."""
        await super().action_go_on()
        if self._shown is not None and not isinstance(self._shown.record, KnownCaller):
            await self.action_send()

    async def action_send(self) -> None:
        """Open the form for the call's subject."""
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
        start_worker(self, self._go_on, self._shown.record, typed, group="dialog")

    async def _go_on(self, caller: KnownCaller | UnknownCaller | UnfinishedCall, typed: KeyHold) -> None:
        try:
            done = await open_following(self, self._next_form(caller), typed)
        finally:
            self._advancing = False
        if done is not None:
            self.dismiss(done)

    async def _next_form(self, caller: KnownCaller | UnknownCaller | UnfinishedCall) -> Form | Refusal:
        """Return the form for the call's subject."""
        from supportdesk.console.calls.existing_ticket import form_for_existing_ticket
        from supportdesk.console.calls.log_form import LogRequestForm

        if self._reading is not None:
            await self._reading.wait()
        ref = self.query_one(SubjectField).value
        if ref and isinstance(caller, KnownCaller):
            return await form_for_existing_ticket(self.context, ref, caller=caller.contact)
        return LogRequestForm(self.context, self._call(caller))

    def _call(self, caller: KnownCaller | UnknownCaller | UnfinishedCall) -> Call:
        roster = self.context.roster
        match caller:
            case UnfinishedCall(call):
                return call
            case KnownCaller(contact, organisation):
                customer = searches.make_organisation_candidate(organisation, roster)
                return Call(self._began_at, customer, searches.make_contact_candidate(contact))
            case UnknownCaller(name, telephone, company, email):
                contact_new = searches.make_new_candidate(name) if name else None
                customer_known = searches.make_organisation_candidate(company, roster) if company else None
                return Call(self._began_at, customer_known, contact_new, telephone, email=email)

    def action_start_afresh(self) -> None:
        """Discard the marked unfinished call; otherwise clear the fields for another caller."""
        caller = self.query_one("#caller", SearchField)
        marked = caller.marked
        if marked is None or not isinstance(marked.record, UnfinishedCall):
            self.restore(self._initial)
            self.show_status("")
            self.start()
            return
        self.context.drafts.discard(DRAFT_VERB, marked.record.call.key)
        caller.search_again()
        self.query_one(".keys", Static).update(self.keys())


def _import_forms() -> None:
    import supportdesk.console.calls.existing_ticket
    import supportdesk.console.calls.log_form  # noqa: F401
