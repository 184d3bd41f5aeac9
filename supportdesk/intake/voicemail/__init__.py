"""Takes in voicemails: finds recordings and what is known of their callers, and accounts for each."""
