"""Dialogs that several features share: the base, confirmation, help, the palette and the splash screen."""
