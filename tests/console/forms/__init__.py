"""Tests of `supportdesk.console.forms`."""
