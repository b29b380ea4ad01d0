"""Roles, what goes together, and who is asking. Pure: no clock, no database."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from gis.wording import Wording


class Role(StrEnum):
    """What a person does here. A service is a program with a token (an intake channel)."""

    CLERK = "clerk"
    ASSESSOR = "assessor"
    DISPATCHER = "dispatcher"
    HANDLER = "unit_handler"
    LEADER = "unit_leader"
    MEDIATOR = "mediator"
    COUNSELLOR = "counsellor"
    GRID_WORKER = "grid_worker"
    PLANNER = "planner"
    WALL = "wall"
    SERVICE = "service"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ROLE_TITLES = {
    Role.CLERK: Wording("接待员", "Clerk"),
    Role.ASSESSOR: Wording("研判员", "Assessor"),
    Role.DISPATCHER: Wording("调度员", "Dispatcher"),
    Role.HANDLER: Wording("单位经办人", "Unit handler"),
    Role.LEADER: Wording("单位负责人", "Unit leader"),
    Role.MEDIATOR: Wording("调解员", "Mediator"),
    Role.COUNSELLOR: Wording("心理咨询师", "Counsellor"),
    Role.GRID_WORKER: Wording("网格员", "Grid worker"),
    Role.PLANNER: Wording("规划分析员", "Planner"),
    Role.WALL: Wording("大屏", "Video wall"),
    Role.SERVICE: Wording("接入系统", "Connected system"),
    Role.SYSTEM_ADMIN: Wording("系统管理员", "System administrator"),
    Role.SECURITY_ADMIN: Wording("安全管理员", "Security administrator"),
    Role.AUDIT_ADMIN: Wording("审计管理员", "Audit administrator"),
}

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""Three powers that no one person holds together (GB/T 22239-2019, 8.1.4/8.1.5: 三员分立)."""


class Duty(StrEnum):
    """What an asker has to do before anything else is allowed."""

    PASSWORD = "password"  # noqa: S105 - the name of a duty
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True)
class Who:
    """The asker of a request, as the session says.

    ``area_prefix`` is the leading part of the codes of the area answered for: 6 digits a district,
    9 a street, 12 a community, 15 a grid cell; None for whoever answers for no ground.
    ``token_scopes`` are what a connected system's token allows; empty for people.
    """

    id: UUID
    name: str
    roles: frozenset[Role]
    unit_code: str | None = None
    area_prefix: str | None = None
    session_id: UUID | None = None
    token_scopes: frozenset[str] = frozenset()
    owes: frozenset[Duty] = frozenset()
