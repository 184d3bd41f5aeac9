"""Changes the rota from its screen: what each key does to the selected shift."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.sequence import DialogSequence, begin_dialogs
from supportdesk.console.rota.calendar import Entry, open_swap_of
from supportdesk.sla.formatting import date_time, sentence
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Swap
from supportdesk.tickets.records.rota_commands import ApproveSwap, CloseSwap, EndAbsence, EndOverride
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.remedies import CONFIRM_GAP
from supportdesk.tickets.rota.data import RotaData, name_of
from supportdesk.tickets.rota.deputies import absence_at
from supportdesk.tickets.rota.resolution import Reason
from supportdesk.tickets.rota.timeline import Shift

if TYPE_CHECKING:
    from supportdesk.console.commands.feature_screen import FeatureScreen
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.rota.forms import RotaFormSpec

_IS_OVER = "This shift is over, and who was on call then stays."
_NO_SHIFT = "Nobody is on call then: select a shift, or override the gap."


class RotaEditor:
    """Changes the rota for a screen, which shows what became of it."""

    def __init__(self, screen: FeatureScreen[None], client: ScreenClient) -> None:
        self._screen = screen
        self._client = client

    @property
    def _data(self) -> RotaData:
        return self._screen.session.roster.reference_data

    def override(self, entry: Entry | None) -> None:
        """Open the form that puts somebody on call instead, from now or the start of the entry to its end."""
        if entry is None or not self._screen.may_act():
            return
        from supportdesk.console.rota.forms import override_spec

        if not self._is_over(entry):
            self._open(override_spec(entry.line, self._find_start(entry), entry.end, self._subject(entry)))

    def absence(self, entry: Entry | None) -> None:
        """Open the form of an absence of the person whose shift is selected."""
        shift = self._find_shift(entry)
        if shift is not None and not self._is_over(shift):
            from supportdesk.console.rota.forms import absence_spec

            self._open(absence_spec(shift.person, self._find_start(shift), shift.end, self._subject(shift)))

    def offer(self, entry: Entry | None) -> None:
        """Open the form that offers the selected shift."""
        shift = self._find_shift(entry)
        if shift is not None:
            from supportdesk.console.rota.forms import offer_spec

            self._open(offer_spec(shift, self._subject(shift)))

    def accept(self, entry: Entry | None) -> None:
        """Open the form that accepts the swap in which the selected shift is offered."""
        swap = self._open_swap(entry)
        if swap is not None and entry is not None:
            from supportdesk.console.rota.forms import accept_spec

            self._open(accept_spec(swap, self._subject(entry)))

    def approve(self, entry: Entry | None) -> None:
        """Approve the swap in which the selected shift is offered."""
        swap = self._open_swap(entry)
        if swap is not None and entry is not None:
            self._ask(
                "Approve the swap?", self._subject(entry), "Approve", ApproveSwap(swap.number), "approved"
            )

    def end(self, entry: Entry | None) -> None:
        """End what gave the selected shift to its person: an open swap, an override or an absence."""
        if not self._screen.may_act():
            return
        found = self._find_ending(entry)
        if found is None or entry is None:
            self._screen.show_message("There is no override, absence or open swap to end here.", True)
            return
        question, yes, command, done = found
        self._ask(question, self._subject(entry), yes, command, done)

    def _find_ending(self, entry: Entry | None) -> tuple[str, str, Command, str] | None:
        """Return the question, the label for yes, the command and what was done; None where nothing can be ended."""
        if entry is None:
            return None
        swap = open_swap_of(self._data, entry)
        if swap is not None:
            return "Close the swap?", "Close it", CloseSwap(swap.number), "closed"
        if not isinstance(entry, Shift):
            return None
        if entry.reason is Reason.OVERRIDE:
            for override in self._data.overrides:
                covers = override.start <= entry.start < override.end
                if override.line is entry.line and covers and override.person == entry.person:
                    return "End the override?", "End it", EndOverride(override.number), "ended"
        absence = absence_at(self._data.absences, entry.instead_of, entry.start)
        if entry.reason is Reason.DEPUTY and absence is not None:
            return "End the absence?", "End it", EndAbsence(absence.number), "ended"
        return None

    def _find_shift(self, entry: Entry | None) -> Shift | None:
        """Return the selected shift; None, with a message, where it is none or nothing can be changed."""
        if not self._screen.may_act():
            return None
        if isinstance(entry, Shift):
            return entry
        self._screen.show_message(_NO_SHIFT, True)
        return None

    def _is_over(self, entry: Entry) -> bool:
        """Return whether an entry lies in the past; say so."""
        is_over = entry.end <= self._screen.session.now()
        if is_over:
            self._screen.show_message(_IS_OVER, True)
        return is_over

    def _find_start(self, entry: Entry) -> datetime | None:
        """Return when an entry begins; None where it has begun, so that a change holds from now on."""
        return entry.start if entry.start > self._screen.session.now() else None

    def _open_swap(self, entry: Entry | None) -> Swap | None:
        if not self._screen.may_act() or entry is None:
            return None
        swap = open_swap_of(self._data, entry)
        if swap is None:
            self._screen.show_message("This shift is not offered in a swap.", True)
        return swap

    def _open(self, spec: RotaFormSpec) -> None:
        begin_dialogs(self._screen, self._fill_in, spec)

    async def _fill_in(self, dialogs: DialogSequence, spec: RotaFormSpec) -> None:
        from supportdesk.console.rota.forms import RotaForm

        form = RotaForm(self._client.context_for(self._screen.session), spec)
        if await dialogs.finish(form) is not None:
            self._screen.show_message(f"{spec.title}: saved.", False)

    def _ask(self, question: str, text: str, yes: str, command: Command, done: str) -> None:
        begin_dialogs(
            self._screen, self._confirm_and_submit, Confirm(question, text, yes), yes, command, done
        )

    async def _confirm_and_submit(
        self, dialogs: DialogSequence, question: Confirm, yes: str, command: Command, done: str
    ) -> None:
        if not await dialogs.ask(question):
            return
        outcome = await self._client.submit(command)
        if isinstance(outcome, Refusal) and (CONFIRM_GAP,) in outcome.remedies:
            import dataclasses

            gap = Confirm("Leave a gap in the rota?", sentence(outcome.why), yes)
            if not await dialogs.ask(gap):
                return
            changes: dict[str, Any] = {"despite_gap": True}
            outcome = await self._client.submit(dataclasses.replace(command, **changes))
        if isinstance(outcome, Refusal):
            dialogs.refuse()
            self._screen.refuse(outcome)
        else:
            self._screen.show_message(f"{command.title or 'Change'}: {done}.", False)

    def _subject(self, entry: Entry) -> str:
        zone = self._screen.session.zone
        who = name_of(self._data, entry.person) if isinstance(entry, Shift) else "Nobody on call"
        return f"{who}, {date_time(entry.start, zone)} to {date_time(entry.end, zone)}"
