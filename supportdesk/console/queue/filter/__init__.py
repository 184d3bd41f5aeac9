"""The filter language: from text to the tickets that it selects, with completion and errors."""
