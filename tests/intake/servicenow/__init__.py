"""Tests of `supportdesk.intake.servicenow`."""
