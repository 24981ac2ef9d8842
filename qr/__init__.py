"""HOW IT IS FOUND: short codes and receipts, and the QR images that carry them.

Knows nothing of storage or the web.
"""
