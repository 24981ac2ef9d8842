"""Exports, templates, long work."""
