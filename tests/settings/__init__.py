"""Tests of `supportdesk.settings`."""
