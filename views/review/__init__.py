"""Lists, responses, review, paper entry, results."""
