"""A notice is sent by being stored (`api.notices.service.tell`); here it gets its words."""

from api.notices.channels.words import clock_time, template
from api.notices.domain import TO_PEOPLE, TO_ROLES, TO_UNITS, Channel, what
from api.notices.models import Notice
from gis.wording import Wording


def said(notice: Notice) -> Wording:
    """A notice in words."""
    kinds = TO_UNITS if notice.unit_code else TO_PEOPLE if notice.person_id else TO_ROLES
    happened = what(notice.topic, kinds, notice.content)
    return Wording(_said(notice, "zh", happened.zh), _said(notice, "en", happened.en))


def _said(notice: Notice, language: str, happened: str) -> str:
    due = template(f"{Channel.IN_APP}", f"due.{language}").format(due=clock_time(notice.due_at))
    words = {"number": notice.case_number, "what": happened}
    return template(Channel.IN_APP, language).format(**words, due=due if notice.due_at else "")
