"""A desk as it was: `DeskApi` over a ledger at a moment of the past, where everything can be read and nothing done."""

from supportdesk.past.past_desk import PastDesk

__all__ = ["PastDesk"]
