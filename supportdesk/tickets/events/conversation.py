"""What was said: to the customer, by the customer, among ourselves; and what is waited for."""

from __future__ import annotations

from supportdesk.tickets.events.event import Event, uncounted


class Replied(Event, frozen=True, tag="replied"):
    """A person wrote to the customer or spoke with them (`by` is `message` or `telephone`).

    `no_response` says why it did not count as the response while that was still owed (rule 3).
    """

    personal = ("text",)

    text: str
    by: str = "message"
    no_response: str = ""

    def sentence(self) -> str:
        by = " by telephone" if self.by == "telephone" else ""
        return f"to customer{by}{uncounted(self.no_response)}: {self.text}"


class Called(Event, frozen=True, tag="called"):
    """The customer rang about the ticket. `stands` says that it was resolved, and a call alone does not reopen it."""

    personal = ("name", "text")

    contact: str
    name: str
    text: str
    stands: bool = False

    def sentence(self) -> str:
        stands = " (it stays resolved)" if self.stands else ""
        return f"took a call from {self.name}{stands}: {self.text}"


class Noted(Event, frozen=True, tag="noted"):
    """An internal note."""

    personal = ("text",)

    text: str

    def sentence(self) -> str:
        return f"note: {self.text}"


class AccountManagerContacted(Event, frozen=True, tag="account manager contacted"):
    """The account manager spoke with the customer about the next steps. `no_response` as in `Replied`."""

    personal = ("text",)

    manager: str
    text: str
    no_response: str = ""

    def sentence(self) -> str:
        told = uncounted(self.no_response)
        return f"{self.manager} discussed the next steps with the customer{told}: {self.text}"


class WaitBegan(Event, frozen=True, tag="wait began"):
    """The ticket waits, on `customer`, `third party` or `release`."""

    on: str
    reason: str = ""

    def sentence(self) -> str:
        return f"waits on the {self.on}" + (f": {self.reason}" if self.reason else "")


class WaitEnded(Event, frozen=True, tag="wait ended"):
    """Work goes on."""

    reason: str = ""

    def sentence(self) -> str:
        return "work goes on" + (f": {self.reason}" if self.reason else "")
