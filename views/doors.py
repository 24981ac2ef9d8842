"""Every blueprint of ours but the assets: the doors by which pages are reached."""

from flask import Blueprint

from . import desk, health, session
from .builder import drafts as builder
from .builder import form_files
from .builder import publishing as draft_publishing
from .organization import account, headcounts, invitation, people, unit_acts, unit_files, units
from .outgoing import export_profiles, exporting, jobs
from .publishing import campaigns, offers, papers, point_acts, point_list, points, posters
from .publishing import forms as organizer
from .publishing import publish as publishing
from .review import (
    answer_files,
    bulk,
    chair,
    complaints,
    correcting,
    entry,
    merging,
    results,
    reviewing,
    totals,
    withdrawing,
)
from .rights import breaches, data_flow, person_correction, person_data, requests, retention, trail
from .worker import answering as worker
from .worker import assist, case, kiosk, phone

BLUEPRINTS: tuple[Blueprint, ...] = (
    worker.blueprint,
    phone.blueprint,
    case.blueprint,
    kiosk.blueprint,
    health.blueprint,
    session.blueprint,
    invitation.blueprint,
    desk.blueprint,
    organizer.blueprint,
    posters.blueprint,
    jobs.blueprint,
    builder.blueprint,
    draft_publishing.blueprint,
    form_files.blueprint,
    points.blueprint,
    point_acts.blueprint,
    point_list.blueprint,
    publishing.blueprint,
    offers.blueprint,
    campaigns.blueprint,
    chair.blueprint,
    exporting.blueprint,
    export_profiles.blueprint,
    reviewing.blueprint,
    bulk.blueprint,
    correcting.blueprint,
    merging.blueprint,
    withdrawing.blueprint,
    complaints.blueprint,
    totals.blueprint,
    results.blueprint,
    trail.blueprint,
    breaches.blueprint,
    data_flow.blueprint,
    requests.blueprint,
    retention.blueprint,
    person_data.blueprint,
    person_correction.blueprint,
    answer_files.blueprint,
    units.blueprint,
    unit_acts.blueprint,
    unit_files.blueprint,
    headcounts.blueprint,
    people.blueprint,
    account.blueprint,
    assist.blueprint,
    entry.blueprint,
    papers.blueprint,
)
