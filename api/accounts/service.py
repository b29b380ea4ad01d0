"""Adding people, granting roles, disabling. The caller commits and audits."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.accounts.models import Person, RoleGrant
from api.refusals import BadInput, Conflict, Fault, Missing
from api.rights.roles import ADMINISTRATORS, ROLE_TITLES, Role
from gis.database import insert_all
from gis.wording import Wording
from grids.models import Unit

SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
AREA_PREFIX = re.compile(r"[0-9]{6,15}")


class Newcomer(NamedTuple):
    """A person to be added. Codes as in `api.rights.roles.Who`."""

    sign_in_name: str
    full_name: str
    unit_code: str | None = None
    area_prefix: str | None = None


def add(session: Session, newcomer: Newcomer, now: datetime) -> Person:
    """Add a person without any role. Raises Conflict for a name in use, BadInput for no unit."""
    _require_plain(newcomer)
    if by_name(session, newcomer.sign_in_name) is not None:
        what = Wording("登录名已被使用", "is in use")
        mend = Wording("换一个登录名", "choose another sign-in name")
        raise Conflict(what, Fault("sign_in_name", what, mend))
    _require_unit(session, newcomer.unit_code)
    person = Person(id=uuid4(), created_at=now, **newcomer._asdict())
    session.add(person)
    session.flush()
    return person


def _require_plain(newcomer: Newcomer) -> None:
    if not SIGN_IN_NAME.fullmatch(newcomer.sign_in_name):
        what = Wording("不是登录名", "is no sign-in name")
        mend = Wording(
            "用 2 到 64 个小写字母、数字、点、下划线或连字符",
            "use 2 to 64 lower-case letters, digits, dots, underscores or hyphens",
        )
        raise BadInput(Fault("sign_in_name", what, mend))
    _require_area(newcomer.area_prefix)


def _require_area(prefix: str | None) -> None:
    if prefix is not None and not AREA_PREFIX.fullmatch(prefix):
        what = Wording("不是区划代码", "is no code of an area")
        mend = Wording("用 6 到 15 位数字", "use 6 to 15 digits")
        raise BadInput(Fault("area_prefix", what, mend))


def _require_unit(session: Session, code: str | None) -> None:
    if code is not None and session.get(Unit, code) is None:
        what = Wording(f"没有单位 {code}", f"there is no unit {code}")
        mend = Wording("先登记单位", "register the unit first")
        raise BadInput(Fault("unit_code", what, mend))


def by_name(session: Session, sign_in_name: str) -> Person | None:
    """The person of a sign-in name."""
    return session.scalars(select(Person).where(Person.sign_in_name == sign_in_name)).one_or_none()


def edit(session: Session, person: Person, changes: Mapping[str, str | None]) -> None:
    """Change name, unit or area of a person. Raises BadInput for no unit, no code of an area."""
    if "unit_code" in changes:
        _require_unit(session, changes["unit_code"])
    if "area_prefix" in changes:
        _require_area(changes["area_prefix"])
    for name, value in changes.items():
        setattr(person, name, value)
    session.flush()


def find(session: Session, person_id: UUID) -> Person:
    """The person of an id. Raises Missing."""
    person = session.get(Person, person_id)
    if person is None:
        raise Missing(Wording("没有这个人员", "there is no such person"))
    return person


def roles_of(session: Session, person_id: UUID) -> frozenset[Role]:
    """The roles that a person holds."""
    held = session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id))
    return frozenset(map(Role, held))


def grant(
    session: Session, person_id: UUID, roles: Collection[Role], by: UUID | None, now: datetime
) -> None:
    """Give a person exactly these roles. Raises BadInput for what one person must not hold.

    Three administrators stay three people, and do no other work here (三员分立, GB/T 22239-2019,
    8.1.5.1 to 8.1.5.3); nobody grants anything to oneself.
    """
    if by == person_id:
        raise _refused(Wording("不能给自己授权", "nobody grants roles to oneself"))
    if set(roles) & ADMINISTRATORS and len(set(roles)) > 1:
        raise _refused(
            Wording(
                "系统、安全、审计管理员必须由三人分别担任，且不兼任其他角色",
                "an administrator holds one administrator's role and no other",
            )
        )
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == person_id))
    words = {"person_id": person_id, "granted_by": by, "granted_at": now}
    insert_all(session, RoleGrant, [words | {"role": role.value} for role in sorted(set(roles))])


def _refused(what: Wording) -> BadInput:
    return BadInput(Fault("roles", what, Wording("由另一人担任", "let another person do it")))


def disable(session: Session, person_id: UUID, now: datetime) -> None:
    """Let a person in no more; what they did stays under their name. Raises Missing."""
    find(session, person_id).disabled_at = now
    session.flush()


def enable(session: Session, person_id: UUID) -> None:
    """Let a person in again. Raises Missing."""
    find(session, person_id).disabled_at = None
    session.flush()


def require_other(by: UUID, person_id: UUID) -> None:
    """Raise Conflict where an administrator would do it to their own account."""
    if by == person_id:
        raise Conflict(
            Wording(
                "不能对自己的账号操作，请由另一管理员进行",
                "not on one's own account: ask another administrator",
            )
        )


def require_another(session: Session, person_id: UUID, kinds: Collection[Role]) -> None:
    """Raise Conflict for the last enabled administrator of one of these kinds.

    Locks all administrators, so that no two lose their place at the same moment.
    """
    query = (
        select(RoleGrant.role, Person.id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role.in_(sorted(ADMINISTRATORS)), Person.disabled_at.is_(None))
        .order_by(Person.id)
        .with_for_update(key_share=True)
    )
    holders: dict[str, set[UUID]] = {}
    for role, holder in session.execute(query):
        holders.setdefault(role, set()).add(holder)
    for kind in sorted(ADMINISTRATORS.intersection(kinds)):
        if holders.get(kind) == {person_id}:
            title = ROLE_TITLES[kind]
            what = Wording(f"这是最后一位{title.zh}", f"is the last {title.en.lower()}")
            mend = Wording("先由另一人担任", "let another person have the role first")
            raise Conflict(what, Fault("roles", what, mend))
