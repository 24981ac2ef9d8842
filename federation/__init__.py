"""WHO: the tree of units, people, their roles, and what a person may see and do.

Knows nothing of forms, storage or the web.
"""
