"""What can go wrong with a store.

StoreError
├── StoreBusy       another process holds the data
├── StoreFailed     the disk refused; what was acknowledged is safe, this change is not kept
├── StoreReadOnly   the store was opened for reading only
├── StoreRefused    the data are foreign, incomplete or under another key: the text says what helps
├── SealBroken      an encrypted value does not open: changed, moved, or under a key not at hand
├── ReceiptTaken    another response has this receipt: draw again
└── ArchiveRefused  a backup file that is damaged, foreign, newer or hostile: nothing was changed
    └── WrongPassphrase
"""


class StoreError(Exception):
    """Head of the family."""


class StoreBusy(StoreError):
    pass


class StoreFailed(StoreError):
    pass


class StoreReadOnly(StoreError):
    pass


class StoreRefused(StoreError):
    pass


class SealBroken(StoreError):
    pass


class ReceiptTaken(StoreError):
    pass


class ArchiveRefused(StoreError):
    pass


class WrongPassphrase(ArchiveRefused):
    pass
