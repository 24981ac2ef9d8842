"""The findings about a draft, with the size that its page has on a phone."""

import gzip

from flask import g

from forms.definition import Definition
from forms.draft import Draft
from forms.editing.plain import questions
from forms.findings import Finding
from forms.preflight import preflight
from forms.publication import PublishedVersion
from forms.reading import DefinitionError, build_definition
from services.publishing.versions import versions_of

from ..site import site
from ..worker.form_page import page_bytes

# Longer forms are told to be too long anyway; drawing them takes long.
_MOST_DRAWN = 60


def examined(draft: Draft) -> list[Finding]:
    """Everything to know before publishing."""
    earlier = [version.definition for version in versions_of(site().store, draft.definition)]
    return preflight(draft.plain, earlier, _weight(draft))


def _weight(draft: Draft) -> int | None:
    if sum(1 for _ in questions(draft.plain)) > _MOST_DRAWN:
        return None
    try:
        definition = build_definition(draft.plain)
    except DefinitionError:
        return None
    return len(gzip.compress(_drawn(definition), 6))


def _drawn(definition: Definition) -> bytes:
    version = PublishedVersion(definition, 0, "", site().now())
    language = g.get("page_language")
    try:
        return page_bytes(version, "vi")
    finally:
        g.page_language = language
