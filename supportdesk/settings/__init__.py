"""The console's settings: `config.toml`, which the operator writes, and the state that the console saves."""
