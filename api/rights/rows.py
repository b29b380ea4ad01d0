"""Row security: a transaction in which PostgreSQL itself shows only the rows within reach.

The policies are in the migration `row_security`. The role and the settings are local to the
transaction, so nothing of one asker is left on a pooled connection for the next.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.rights.policy import Reach
from api.rights.roles import Who

ASKER_ROLE = "fengqiao_asker"

_ASSUME = text(
    "SELECT set_config('fengqiao.person', :person, true),"
    " set_config('fengqiao.unit', :unit, true),"
    " set_config('fengqiao.area', :area, true),"
    " set_config('fengqiao.reach', :reach, true),"
    " set_config('fengqiao.roles', :roles, true),"
    f" set_config('role', '{ASKER_ROLE}', true)"
)


def assume(session: Session, who: Who, reach: Iterable[Reach]) -> None:
    """Make the session's transaction that of ``who``: it sees what ``reach`` allows."""
    words = {
        "person": str(who.id),
        "unit": who.unit_code or "",
        "area": who.area_prefix or "",
        "reach": ",".join(sorted(reach)),
        "roles": ",".join(sorted(who.roles)),
    }
    session.execute(_ASSUME, words)
