"""Tests of `supportdesk.sla`."""
