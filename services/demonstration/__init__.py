"""A store filled with invented people and responses, marked as such."""
