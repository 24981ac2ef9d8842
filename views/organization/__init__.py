"""Units, people, headcounts, one's own account."""
