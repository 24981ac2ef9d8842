"""Making and changing forms."""
