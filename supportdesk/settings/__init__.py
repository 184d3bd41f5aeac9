"""What a person has set for the console: `config.toml`, and what the console remembers of its own accord."""
