"""The same acts from the command line: `flask --app app …`, over the same services as the pages."""

from flask import Flask

from config import Config

from . import (
    acts,
    audit,
    backup,
    demo,
    doctor,
    form,
    key,
    person,
    poster,
    purge,
    receive,
    request,
    response,
    storage,
    unit_acts,
    user,
)


def register_commands(app: Flask, config: Config) -> None:
    """Add our groups of commands to Flask's."""
    app.extensions[acts.EXTENSION] = config
    for module in (
        user,
        unit_acts,
        form,
        response,
        request,
        person,
        audit,
        storage,
        backup,
        key,
        demo,
    ):
        app.cli.add_command(module.group)
    response.group.add_command(receive.receive)
    response.group.add_command(purge.purge)
    app.cli.add_command(poster.poster)
    app.cli.add_command(doctor.doctor)
