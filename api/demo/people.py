"""One made-up person for each role, around the street of the first golden case."""

from typing import NamedTuple

from api.accounts.service import Newcomer
from api.rights.roles import Role

DISTRICT, STREET = "210104", "210104015"
STREET_OFFICE = f"street:{STREET}000"
POLICE_STATION = "police:SYN-P05"


class DemoPerson(NamedTuple):
    """Somebody of the demonstration, and what they do."""

    newcomer: Newcomer
    role: Role


def _person(role: Role, name: str, area: str | None = None, unit: str | None = None) -> DemoPerson:
    return DemoPerson(Newcomer(f"demo.{role.value}", f"{name}（示意）", unit, area), role)


PEOPLE = (
    _person(Role.CLERK, "接待员周敏", DISTRICT),
    _person(Role.ASSESSOR, "研判员钱峰", DISTRICT),
    _person(Role.DISPATCHER, "调度员李航", DISTRICT),
    _person(Role.HANDLER, "民警孙伟", unit=POLICE_STATION),
    _person(Role.LEADER, "街道主任吴静", STREET, STREET_OFFICE),
    _person(Role.MEDIATOR, "调解员郑兰"),
    _person(Role.COUNSELLOR, "心理咨询师何宁"),
    _person(Role.GRID_WORKER, "网格员王芳", STREET),
    _person(Role.PLANNER, "规划员冯岩", DISTRICT),
    _person(Role.SYSTEM_ADMIN, "系统管理员陈磊"),
    _person(Role.SECURITY_ADMIN, "安全管理员褚雪"),
    _person(Role.AUDIT_ADMIN, "审计管理员卫平"),
)
SYSTEM = _person(Role.SERVICE, "热线平台")
WALL = _person(Role.WALL, "指挥大厅大屏")
FILER = PEOPLE[0].newcomer.sign_in_name
