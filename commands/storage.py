"""flask storage …: care of the data folder."""

import click

from .acts import act, json_option, settings, store_for, tell

group = click.Group("storage", help="The data folder.")


@group.command()
@json_option
@act
def compact(as_json: bool) -> None:
    """Fold all journals into plain files that stock TinyDB opens."""
    with store_for(writing=True):
        pass  # closing folds everything
    tell({"compacted": True}, [str(settings().data_dir)], as_json=as_json)
