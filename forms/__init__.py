"""WHAT A FORM IS: definitions, question types, expressions, and the check of answers.

Knows nothing of storage, of the web, of the clock or of who is asking.
"""
