"""Who may change the rota for others."""

from __future__ import annotations

from supportdesk.tickets.documents import Role

ROTA_ROLES = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
"""The roles of which a person needs one to change the rota for others, and to approve a swap."""
