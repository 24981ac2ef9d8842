"""What can go wrong with a store.

StoreError
├── StoreBusy       another process holds the data
├── StoreFailed     the disk refused; what was acknowledged is safe, this change is not kept
├── StoreReadOnly   the store was opened for reading only
└── ReceiptTaken    another response has this receipt: draw again
"""


class StoreError(Exception):
    """Head of the family."""


class StoreBusy(StoreError):
    pass


class StoreFailed(StoreError):
    pass


class StoreReadOnly(StoreError):
    pass


class ReceiptTaken(StoreError):
    pass
