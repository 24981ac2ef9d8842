"""flask storage …: care of the data folder."""

import click

from services.publish import published_versions

from .acts import act, json_option, settings, store_for, tell

group = click.Group("storage", help="The data folder.")


@group.command()
@json_option
@act
def compact(as_json: bool) -> None:
    """Fold all journals into plain files that stock TinyDB opens."""
    with store_for(writing=True) as store:
        for version in published_versions(store):
            store.count_by_point(version.definition.id)  # opens its file
        # closing folds what is open
    tell({"compacted": True}, [str(settings().data_dir)], as_json=as_json)
