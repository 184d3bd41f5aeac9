"""Tests of `supportdesk.console.theme`."""
