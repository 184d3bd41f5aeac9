"""Fields and forms that several features share."""
