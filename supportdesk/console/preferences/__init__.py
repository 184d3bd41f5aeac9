"""What one operator has chosen: settings, themes, saved views and key bindings."""
