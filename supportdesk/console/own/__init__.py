"""What a person brings along: settings, themes, keys, and what they chose last."""
