"""Requests of those whose data it is, and what deletes for good."""
