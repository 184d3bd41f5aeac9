"""Imports ServiceNow incidents: the CSV that ServiceNow exports, and the audit log of 2016."""

from supportdesk.intake.servicenow.export import UnreadableExportError
from supportdesk.intake.servicenow.importer import ImportRefusedError, ImportReport, Unmapped, import_file
from supportdesk.intake.servicenow.timestamps import DateOrder

__all__ = [
    "DateOrder",
    "ImportRefusedError",
    "ImportReport",
    "Unmapped",
    "UnreadableExportError",
    "import_file",
]
