"""Find a response by the receipt its sender holds."""

from forms.publication import version_key
from qr.codes import PREFIX_BODY, RECEIPT_LENGTH, is_sound, tidy
from storage.store import Store

from ..identity import Hasher
from .cases import Case


def find_by_receipt(store: Store, hasher: Hasher, typed: str) -> Case | None:
    """The case of this receipt, or None for a code that is not a receipt of ours."""
    code = tidy(typed)
    if len(code) != RECEIPT_LENGTH or not is_sound(code):
        return None
    for version in store.versions.all():
        if version.prefix != code[:PREFIX_BODY]:
            continue
        definition = version.definition
        kept = hasher.of_receipt(definition.id, code) if definition.anonymous else code
        response = store.response_by_receipt(definition.id, kept)
        answered = response and store.versions.get(version_key(definition.id, response.version))
        return Case(answered, response) if response and answered else None
    return None
