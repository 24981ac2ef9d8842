"""How a person is found by an ID or phone number that only stands encrypted: by keyed hashes."""

import hmac


def finding_hash(key: bytes, finds_by: str, text: str) -> str:
    """HMAC-SHA-256 under the hashing key; the same for all forms of an installation.

    `finds_by` is what the text is (citizen_id, phone; `Question.finds_by`), as it was normalised.
    """
    message = "\0".join(("find", finds_by, text)).encode()
    return hmac.digest(key, message, "sha256").hex()
