"""Where people were seen last, as far as the caller's session sees the cases they came to."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from api.assignments.models import Assignment, AssignmentStep
from api.nearby.domain import FORGOTTEN, Sighting


def sightings(session: Session, now: datetime) -> list[Sighting]:
    """The latest position of each person who gave one when reporting in."""
    step, unit = AssignmentStep, Assignment
    place = (step.lon, step.lat, step.accuracy_m, step.at)
    query = (
        select(step.person_name, unit.unit_code, unit.unit_name, *place)
        .join(unit, unit.id == step.assignment_id)
        .where(step.lon.is_not(None), step.at > now - FORGOTTEN, step.at <= func.now())
        .ext(distinct_on(step.person_id, step.person_name))
        .order_by(step.person_id, step.person_name, step.at.desc())
    )
    return [
        Sighting(name, code, title, lon, lat, accuracy_m, at)
        for name, code, title, lon, lat, accuracy_m, at in session.execute(query)
        if lon is not None and lat is not None
    ]
