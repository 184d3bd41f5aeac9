"""Tests of `supportdesk.console.drafts`."""
