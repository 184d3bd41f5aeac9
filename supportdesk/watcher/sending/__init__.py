"""Sends a page to one address, by mail, a program, a webhook or a service. Knows nothing of the desk."""
