"""How tests begin, change and publish drafts as a person of the world; holds no test itself."""

from forms.draft import Draft
from forms.editing import Inputs
from forms.gallery import gallery
from services.organization.units import tree_of
from services.publishing import drafts
from services.publishing.drafts import Editor
from services.publishing.publish import publish

# What the notice of an empty or imported form leaves to be said.
PURPOSE = {"text.2.vi": "Để biết nhu cầu của đoàn viên.", "text.2.en": "To know what is needed."}


def editor(world, name="lap-phieu"):
    return Editor(world.store.people.get(name), tree_of(world.store), world.clock().date())


def copied(world, form="f22", name="lap-phieu") -> Draft:
    """A copy of a ready-made form as a draft."""
    return drafts.start_copy(world.store, gallery()[form], editor(world, name), world.clock())


def changed(world, draft, what, **values) -> Draft:
    """The draft after an act."""
    inputs = Inputs.of(**values)
    now = world.clock()
    return drafts.change(world.store, draft, draft.revision, what, inputs, "lap-phieu", now)


def frozen(world, draft):
    """The version that the draft becomes."""
    return drafts.publish_draft(world.store, draft, draft.revision, world.clock())


def following(world, definition_id, name="lap-phieu") -> Draft:
    """The draft of the next version."""
    return drafts.start_next(world.store, definition_id, editor(world, name), world.clock())


def point_of(world, definition_id, unit="nam-na", place="Cổng"):
    """The short code of a scan point of a published form."""
    tree = tree_of(world.store)
    done = publish(world.store, definition_id, [unit], place, tree=tree, now=world.clock())
    return done.points[0].code
