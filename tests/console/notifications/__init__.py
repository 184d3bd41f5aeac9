"""Tests of `supportdesk.console.notifications`."""
