"""Where personal data comes from, lies and goes, by the settings and the published forms.

For the impact assessment (Luật 91/2025/QH15 Điều 21; Nghị định 356/2025 Điều 19–20, Mẫu 10).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from federation.access import READS, RIGHTS, Act
from federation.people import Role
from forms.definition import Definition
from forms.retention import in_words
from storage.store import Store

from ..publishing.publish import published_versions
from ..reading.responses import readers_of
from ..reading.retentions import period_of, retention_of
from .data_kinds import DataKind, all_questions, kinds_of

# The notice's own headings, in the language in which all forms have them.
_PURPOSE = ("Dùng vào việc gì",)
_RECIPIENTS = ("Ai được nhận", "Dùng vào việc gì, ai được xem")


@dataclass(frozen=True)
class FormFlow:
    """What one form collects, for what, who reads it, how long it is kept, who receives it."""

    title: str
    is_anonymous: bool
    kinds: tuple[DataKind, ...]
    sensitive: tuple[str, ...]
    purpose: str
    readers: tuple[Role, ...]
    kept: str
    recipients: str


def form_flows(store: Store, language: str, names: Mapping[str, str]) -> tuple[FormFlow, ...]:
    """The published forms by code; `names` are put into their notices."""
    flows = [
        _flow(store, version.definition, language, names) for version in published_versions(store)
    ]
    return tuple(sorted(flows, key=lambda flow: flow.title))


def _flow(
    store: Store, definition: Definition, language: str, names: Mapping[str, str]
) -> FormFlow:
    def told(headings: tuple[str, ...]) -> str:
        return notice_text(definition, headings, language, names)

    return FormFlow(
        title=f"{definition.code} {definition.title.into(language)}".strip(),
        is_anonymous=definition.anonymous,
        kinds=kinds_of(definition),
        sensitive=tuple(
            question.label.into(language)
            for question in all_questions(definition)
            if question.sensitive
        ),
        purpose=told(_PURPOSE) or definition.notice.summary.into(language),
        readers=reading_roles(definition),
        kept=in_words(period_of(definition, retention_of(store, definition.id)), language),
        recipients=told(_RECIPIENTS),
    )


def notice_text(
    definition: Definition, headings: tuple[str, ...], language: str, names: Mapping[str, str]
) -> str:
    """What the notice says under the first of these headings; empty where it has none."""
    for part in definition.notice.parts:
        if part.heading.into("vi") in headings:
            text = part.text.into(language)
            for name, value in names.items():
                text = text.replace(f"{{{name}}}", value)
            return text
    return ""


def reading_roles(definition: Definition) -> tuple[Role, ...]:
    """The roles that read single responses of the form, each within its units."""
    readers = READS[readers_of(definition)]
    return tuple(role for role in Role if role in readers and Act.SEE_RESPONSES in RIGHTS[role])


def database_host(url: str) -> str:
    """The machine of the database, without user and password; empty for the embedded store."""
    return (urlsplit(url).hostname or "localhost") if url else ""
