"""Tests of `supportdesk.console.ticket`."""
