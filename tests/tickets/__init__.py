"""Tests of `supportdesk.tickets`."""
