"""A desk over the shared database: `DeskApi` as every surface uses it."""

from supportdesk.desk.desk import Desk
from supportdesk.tickets.actors import SYSTEM

__all__ = ["SYSTEM", "Desk"]
