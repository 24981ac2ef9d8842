"""Keep export profiles: ready-made ones of the gallery, and what people made of them."""

from collections.abc import Sequence
from dataclasses import replace

from export.table import META, PAPER
from forms.cleaning import clean_line, is_readable
from forms.definition import Definition
from forms.export_profile import (
    LONGEST_CONSTANT,
    LONGEST_TITLE,
    MOST_COLUMNS,
    ROW_NUMBER,
    ExportProfile,
    ProfileColumn,
    profile_id,
    profile_key,
)
from forms.gallery.profiles import ready_profiles
from forms.problems import N_
from storage.store import Store

from ..errors import NotFound, Refusal


def profiles_of(store: Store, form: str) -> tuple[ExportProfile, ...]:
    """The profiles of a form by title; one that was changed stands for the ready-made one."""
    found = {profile.id: profile for profile in ready_profiles(form)}
    found |= {profile.id: profile for profile in store.profiles.all() if profile.form == form}
    return tuple(sorted(found.values(), key=lambda profile: profile.title))


def find_profile(store: Store, form: str, name: str) -> ExportProfile:
    """A profile by its id or title; raises NotFound."""
    wanted = profile_id(name)
    for profile in profiles_of(store, form):
        if wanted in (profile.id, profile_id(profile.title)):
            return profile
    raise NotFound(N_("This form has no profile %(name)s."), {"name": name[:40]}, field="profile")


def is_ready_made(profile: ExportProfile) -> bool:
    """Whether the gallery has a profile of this id, changed or not."""
    return any(profile.id == ready.id for ready in ready_profiles(profile.form))


def standard_columns(versions: Sequence[Definition], language: str) -> tuple[ProfileColumn, ...]:
    """The columns that a file has without a profile, to begin one with."""
    asked = versions[-1].asking
    return (
        ProfileColumn("STT", ROW_NUMBER),
        *(
            ProfileColumn(question.label.into(language)[:LONGEST_TITLE], question.name)
            for question in asked[: MOST_COLUMNS - 1]
        ),
    )


def add_profile(
    store: Store, form: str, title: str, columns: tuple[ProfileColumn, ...]
) -> ExportProfile:
    """Begin a profile; raises Refusal for a title that another has."""
    title = _checked(title, LONGEST_TITLE, "title")
    name = profile_id(title)
    if not name:
        raise Refusal(N_("Please give the profile a name."), field="title")
    profile = ExportProfile(form, name, title, columns)
    with store.exclusive():
        if any(name == known.id for known in profiles_of(store, form)):
            raise Refusal(N_("This form has a profile of this name already."), field="title")
        store.profiles.put(profile)
    return profile


def keep_profile(store: Store, profile: ExportProfile) -> ExportProfile:
    """Keep what a profile is now; raises Refusal for texts that no file could have.

    A column may name a question that is not there: it stays empty, and that is told.
    """
    title = _checked(profile.title, LONGEST_TITLE, "title")
    if not title:
        raise Refusal(N_("Please give the profile a name."), field="title")
    if len(profile.columns) > MOST_COLUMNS:
        raise Refusal(N_("A profile has at most %(most)s columns."), {"most": MOST_COLUMNS})
    columns = tuple(
        replace(
            column,
            title=_checked(column.title, LONGEST_TITLE, f"title-{at}"),
            constant=_checked(column.constant, LONGEST_CONSTANT, f"constant-{at}"),
        )
        for at, column in enumerate(profile.columns)
    )
    kept = replace(profile, title=title, columns=columns)
    store.profiles.put(kept)
    return kept


def remove_profile(store: Store, form: str, name: str) -> None:
    """Forget a profile; a ready-made one is as it came again."""
    store.profiles.remove(profile_key(form, name))


def _checked(text: str, longest: int, field: str) -> str:
    if not is_readable(text):
        raise Refusal(N_("The text has strange signs. Please type it again."), field=field)
    text = clean_line(text)
    if len(text) > longest:
        raise Refusal(
            N_("Please shorten this to %(longest)s characters."), {"longest": longest}, field=field
        )
    return text


def known_sources(versions: Sequence[Definition]) -> frozenset[str]:
    """What a column may name."""
    asked = {question.name for version in versions for question in version.asking}
    return frozenset({*asked, *META, *PAPER, ROW_NUMBER})
