"""Key bindings: the keymap, the names of keys, rebinding and type-ahead."""
