"""Backups, copies, checks and keys of the store, and what is unsafe about an installation."""
