"""The one table of rights: route × role × reach. A route that is not in it does not exist.

Reach is enforced twice: here by role, and by the database's row security (`api.rights.rows`), which
shows an asker only the cases within reach.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from api.rights.roles import Role, Who


class Reach(StrEnum):
    """Which cases a right reaches."""

    NONE = "none"
    OWN = "own"  # what the asker filed
    CASE = "case"  # the cases that the asker was put on
    UNIT = "unit"  # the cases to which the asker's unit was sent
    AREA = "area"  # the asker's area and all below it
    ALL = "all"


Rights = Mapping[Role, frozenset[Reach]]

OWN_REACH = frozenset({Reach.NONE})


@dataclass(frozen=True)
class Rule:
    """Who may use a route. ``system`` is the scope that a connected system's token needs.

    ``public``: nobody has to sign in. ``own``: whoever is signed in, whatever their roles, since it
    is about their own account. ``first``: allowed also while a duty is owed (a password to
    be changed). ``page``: whoever is not signed in is led to the sign-in instead of refused.
    """

    rights: Rights = field(default_factory=dict)
    system: str | None = None
    public: bool = False
    own: bool = False
    first: bool = False
    page: bool = False

    def reach(self, who: Who) -> frozenset[Reach]:
        """How far ``who`` reaches by this rule; empty means not at all."""
        if self.own:
            return frozenset() if who.roles & {Role.WALL, Role.SERVICE} else OWN_REACH
        held = [self.rights[role] for role in who.roles if self._lets_in(role, who)]
        return frozenset().union(*held)

    def _lets_in(self, role: Role, who: Who) -> bool:
        if role is Role.SERVICE and self.system not in who.token_scopes:
            return False
        return role in self.rights


def _each(roles: Iterable[Role], *reach: Reach) -> dict[Role, frozenset[Reach]]:
    return dict.fromkeys(roles, frozenset(reach or (Reach.NONE,)))


CASE_WORKERS = frozenset(
    {
        Role.CLERK,
        Role.ASSESSOR,
        Role.DISPATCHER,
        Role.HANDLER,
        Role.LEADER,
        Role.MEDIATOR,
        Role.COUNSELLOR,
        Role.GRID_WORKER,
    }
)
MAP_READERS = CASE_WORKERS | {Role.PLANNER, Role.WALL}

READ_CASES: Rights = {
    Role.CLERK: frozenset({Reach.AREA, Reach.OWN}),
    Role.ASSESSOR: frozenset({Reach.AREA}),
    Role.DISPATCHER: frozenset({Reach.AREA}),
    Role.HANDLER: frozenset({Reach.UNIT, Reach.OWN}),
    Role.LEADER: frozenset({Reach.UNIT, Reach.AREA, Reach.OWN}),
    Role.MEDIATOR: frozenset({Reach.CASE, Reach.OWN}),
    Role.COUNSELLOR: frozenset({Reach.CASE}),
    Role.GRID_WORKER: frozenset({Reach.AREA, Reach.OWN}),
}
# Cases one by one within one's area; without a reach groups of five or more, of the whole.
ANALYSE = {
    **_each([Role.ASSESSOR, Role.DISPATCHER], Reach.AREA),
    **_each([Role.LEADER], Reach.AREA),
    **_each([Role.PLANNER, Role.WALL]),
}
DECIDE_PLACES = _each([Role.DISPATCHER], Reach.AREA)
SEE_PLACES = _each([Role.CLERK, Role.ASSESSOR, Role.DISPATCHER], Reach.AREA)
FILE = _each(CASE_WORKERS - {Role.ASSESSOR, Role.COUNSELLOR} | {Role.SERVICE}, Reach.OWN)
# Drafts are seen by their owner only, whatever the reach.
WRITE = _each(CASE_WORKERS - {Role.ASSESSOR, Role.COUNSELLOR}, Reach.NONE)
EVERYONE = _each(frozenset(Role) - {Role.SERVICE})
AUDIT = _each([Role.AUDIT_ADMIN])
# Who creates people grants nothing, and who grants creates nobody.
PEOPLE = _each([Role.SYSTEM_ADMIN])
GRANTS = _each([Role.SECURITY_ADMIN])


def _reading(*roles: Role) -> dict[Role, frozenset[Reach]]:
    return {role: READ_CASES[role] for role in roles}


# Parties: who reads a case reads its parties, masked. Fewer may write, open a field, or look across
# cases; clerks and grid workers open only what they filed themselves.
OWN_FILED = _each([Role.CLERK, Role.GRID_WORKER], Reach.OWN)
MEMBERS = _reading(Role.ASSESSOR, Role.DISPATCHER, Role.LEADER)
OPEN_PARTIES: Rights = {**READ_CASES, **OWN_FILED}
ADD_PARTIES: Rights = {
    **_reading(Role.CLERK, Role.ASSESSOR, Role.DISPATCHER, Role.HANDLER, Role.LEADER),
    **_reading(Role.MEDIATOR),
    **_each([Role.GRID_WORKER], Reach.OWN),
}
CORRECT_PARTIES = _reading(Role.CLERK, Role.ASSESSOR, Role.HANDLER, Role.LEADER, Role.MEDIATOR)
COMPARE_PARTIES = _reading(Role.CLERK, Role.ASSESSOR, Role.DISPATCHER, Role.HANDLER, Role.LEADER)
RANK_PARTIES = _reading(Role.ASSESSOR, Role.DISPATCHER, Role.LEADER)
ANSWER_FOR_PARTIES = _reading(Role.ASSESSOR, Role.LEADER)
HOLD_CASES = _reading(Role.ASSESSOR, Role.LEADER)
# Which role takes which step is told by the table in `api.life.domain`.
TAKE_STEPS = _reading(*READ_CASES.keys() - {Role.COUNSELLOR})
JOIN_CASES = _reading(Role.ASSESSOR, Role.DISPATCHER)
MOVE_UNITS = _reading(Role.DISPATCHER, Role.HANDLER, Role.LEADER)
HAND_RECEIPTS = _reading(Role.CLERK, Role.DISPATCHER, Role.GRID_WORKER)
# The clerk's desk: whoever files, compares with what is known, and hands the receipt.
RECEIVE = _each([Role.CLERK, Role.DISPATCHER])
SET_RULES = _each([Role.DISPATCHER])
MEDIATE = _reading(Role.HANDLER, Role.LEADER, Role.MEDIATOR)
KEEP_LEDGER = _reading(Role.HANDLER, Role.LEADER, Role.MEDIATOR, Role.GRID_WORKER)
SET_TASKS = _reading(Role.ASSESSOR, Role.DISPATCHER, Role.HANDLER, Role.LEADER, Role.MEDIATOR)
# Whoever holds a case hands it over; the feature knows who does.
PASS_ON = _reading(*READ_CASES.keys() - {Role.COUNSELLOR})
CONFIRM_GRADES = _reading(Role.ASSESSOR, Role.DISPATCHER, Role.LEADER)

# Who may blow a whistle: the centre; a unit's leader for the unit's cases, a street's for its area.
BLOW: Rights = {
    **_each([Role.DISPATCHER], Reach.AREA),
    **_each([Role.LEADER], Reach.UNIT, Reach.AREA),
}
GIVE_OPINIONS = _reading(Role.DISPATCHER, Role.LEADER, Role.MEDIATOR, Role.COUNSELLOR)

# To a unit as its handlers and leaders, to a role within the area, to oneself.
READ_NOTICES: Rights = {
    **_each([Role.CLERK, Role.ASSESSOR, Role.DISPATCHER, Role.GRID_WORKER], Reach.AREA, Reach.OWN),
    **_each([Role.HANDLER, Role.LEADER], Reach.UNIT, Reach.OWN),
    **_each([Role.MEDIATOR, Role.COUNSELLOR], Reach.OWN),
}

PUBLIC = Rule(public=True)
OWN_ACCOUNT = Rule(own=True, first=True)

FIRST_PAGE, SIGN_IN_PAGE, OWN_PAGE = "/", "/sign-in", "/account"

POLICY: Mapping[tuple[str, str], Rule] = {
    ("GET", "/livez"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/openapi.json"): Rule(EVERYONE),
    ("GET", FIRST_PAGE): Rule(_each(CASE_WORKERS), page=True),
    ("GET", SIGN_IN_PAGE): PUBLIC,
    ("GET", "/sign-in/oidc"): PUBLIC,
    ("GET", "/sign-in/oidc/return"): PUBLIC,
    ("PUT", "/v1/people/{person_id}/provider"): Rule(_each([Role.SECURITY_ADMIN])),
    ("GET", OWN_PAGE): Rule(own=True, first=True, page=True),
    ("POST", "/v1/sessions"): PUBLIC,
    ("POST", "/v1/sessions/second-factor"): PUBLIC,
    ("GET", "/v1/sessions"): OWN_ACCOUNT,
    ("DELETE", "/v1/sessions/{session_id}"): OWN_ACCOUNT,
    ("POST", "/v1/sign-out"): OWN_ACCOUNT,
    ("GET", "/v1/me"): OWN_ACCOUNT,
    ("PUT", "/v1/me/password"): OWN_ACCOUNT,
    ("GET", "/v1/me/second-factor"): OWN_ACCOUNT,
    ("POST", "/v1/me/second-factor"): OWN_ACCOUNT,
    ("POST", "/v1/me/second-factor/confirm"): OWN_ACCOUNT,
    ("POST", "/v1/me/second-factor/remove"): OWN_ACCOUNT,
    ("GET", "/v1/people"): Rule(PEOPLE | GRANTS),
    ("POST", "/v1/people"): Rule(PEOPLE),
    ("GET", "/v1/people/{person_id}"): Rule(PEOPLE | GRANTS),
    ("PATCH", "/v1/people/{person_id}"): Rule(PEOPLE),
    ("POST", "/v1/people/{person_id}/disable"): Rule(PEOPLE),
    ("POST", "/v1/people/{person_id}/enable"): Rule(PEOPLE),
    ("PUT", "/v1/people/{person_id}/roles"): Rule(GRANTS),
    ("POST", "/v1/people/{person_id}/reset"): Rule(GRANTS),
    ("POST", "/v1/people/{person_id}/unlock"): Rule(GRANTS),
    ("GET", "/v1/people/{person_id}/sessions"): Rule(GRANTS),
    ("DELETE", "/v1/people/{person_id}/sessions"): Rule(GRANTS),
    ("POST", "/v1/service-tokens"): Rule(GRANTS),
    ("GET", "/v1/service-tokens"): Rule(GRANTS),
    ("DELETE", "/v1/service-tokens/{token_id}"): Rule(GRANTS),
    ("POST", "/v1/kiosk-tickets"): Rule(GRANTS),
    ("POST", "/v1/sessions/kiosk"): PUBLIC,
    ("GET", "/v1/units"): Rule(PEOPLE | GRANTS | _each(CASE_WORKERS)),
    ("PUT", "/v1/units/{code}"): Rule(PEOPLE),
    ("GET", "/v1/analytics"): Rule(ANALYSE),
    ("GET", "/v1/analytics/counts"): Rule(ANALYSE),
    ("GET", "/v1/analytics/hotspots"): Rule(ANALYSE),
    ("GET", "/v1/layers"): Rule(_each(MAP_READERS)),
    ("GET", "/v1/layers/{kind}.geojson"): Rule(_each(MAP_READERS)),
    ("POST", "/v1/reports"): Rule(FILE, system="reports:file"),
    ("GET", "/v1/reports"): Rule(READ_CASES),
    ("GET", "/v1/categories"): Rule(
        _each(CASE_WORKERS | {Role.PLANNER, Role.SERVICE}), system="reports:file"
    ),
    ("POST", "/v1/duplicates/search"): Rule(COMPARE_PARTIES),
    ("GET", "/v1/drafts"): Rule(WRITE),
    ("GET", "/v1/drafts/{draft_id}"): Rule(WRITE),
    ("PUT", "/v1/drafts/{draft_id}"): Rule(WRITE),
    ("DELETE", "/v1/drafts/{draft_id}"): Rule(WRITE),
    ("GET", "/r/{token}"): PUBLIC,
    ("POST", "/v1/cases/{number}/receipt"): Rule(HAND_RECEIPTS),
    ("GET", "/v1/geocode"): Rule(
        _each(CASE_WORKERS | {Role.PLANNER, Role.SERVICE}), system="places:read"
    ),
    ("GET", "/v1/route"): Rule(
        _each(CASE_WORKERS | {Role.PLANNER, Role.SERVICE}), system="places:read"
    ),
    ("GET", "/v1/cases/{number}"): Rule(READ_CASES),
    ("GET", "/v1/cases/{number}/steps"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/steps"): Rule(TAKE_STEPS),
    ("GET", "/v1/cases/{number}/timeline"): Rule(READ_CASES),
    ("GET", "/v1/cases/{number}/links"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/links"): Rule(JOIN_CASES),
    ("POST", "/v1/cases/{number}/merge"): Rule(JOIN_CASES),
    ("POST", "/v1/cases/{number}/parts"): Rule(JOIN_CASES),
    ("GET", "/v1/cases/{number}/assignments"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/assignments/{unit_code}/{move}"): Rule(MOVE_UNITS),
    ("POST", "/v1/cases/{number}/dispatch"): Rule(DECIDE_PLACES),
    ("POST", "/v1/cases/{number}/claim"): Rule(JOIN_CASES),
    ("POST", "/v1/cases/{number}/release"): Rule(JOIN_CASES),
    ("GET", "/v1/inbox"): Rule(_reading(Role.HANDLER, Role.LEADER)),
    ("GET", "/v1/units/load"): Rule(JOIN_CASES),
    ("GET", "/v1/cases/{number}/clocks"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/clocks/{clock_id}/extension"): Rule(MEDIATE),
    ("POST", "/v1/cases/{number}/clocks/{clock_id}/extension/decision"): Rule(JOIN_CASES),
    ("POST", "/v1/cases/{number}/reroute"): Rule(DECIDE_PLACES),
    ("GET", "/v1/queue"): Rule(DECIDE_PLACES),
    ("GET", "/v1/nearby"): Rule(DECIDE_PLACES),
    ("GET", "/v1/supervision"): Rule(READ_CASES),
    ("GET", "/v1/risk/form"): Rule(_each(CASE_WORKERS)),
    ("PUT", "/v1/risk/form"): Rule(SET_RULES),
    ("GET", "/v1/risk/queue"): Rule(CONFIRM_GRADES),
    ("GET", "/v1/risk/calibration"): Rule(CONFIRM_GRADES),
    ("GET", "/v1/cases/{number}/grading"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/grading"): Rule(JOIN_CASES),
    ("POST", "/v1/cases/{number}/grading/preview"): Rule(JOIN_CASES),
    ("POST", "/v1/cases/{number}/grading/override"): Rule(JOIN_CASES),
    ("POST", "/v1/cases/{number}/grading/confirm"): Rule(CONFIRM_GRADES),
    ("GET", "/v1/cases/{number}/custody"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/custody/hand-over"): Rule(PASS_ON),
    ("POST", "/v1/cases/{number}/custody/sign"): Rule(PASS_ON),
    ("GET", "/v1/rules"): Rule(_each(CASE_WORKERS)),
    ("POST", "/v1/rules"): Rule(SET_RULES),
    ("POST", "/v1/rules/check"): Rule(SET_RULES),
    ("POST", "/v1/rules/{version}/activation"): Rule(SET_RULES),
    ("POST", "/v1/rules/preview"): Rule(DECIDE_PLACES),
    ("POST", "/v1/rules/replay"): Rule(DECIDE_PLACES),
    ("GET", "/v1/limits"): Rule(_each(CASE_WORKERS)),
    ("PUT", "/v1/limits"): Rule(SET_RULES),
    ("GET", "/v1/calendar/{year}"): Rule(_each(CASE_WORKERS)),
    ("PUT", "/v1/calendar/{year}"): Rule(SET_RULES),
    ("GET", "/v1/cases/{number}/whistles"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/whistles"): Rule(BLOW),
    ("POST", "/v1/cases/{number}/whistles/emergency"): Rule(BLOW),
    ("GET", "/v1/whistles"): Rule(READ_CASES),
    ("GET", "/v1/whistles/rate"): Rule(RANK_PARTIES),
    ("GET", "/v1/whistles/{whistle_id}"): Rule(READ_CASES),
    ("POST", "/v1/whistles/{whistle_id}/escalate"): Rule(BLOW),
    ("POST", "/v1/whistles/{whistle_id}/done"): Rule(BLOW),
    ("POST", "/v1/whistles/{whistle_id}/stand-down"): Rule(BLOW),
    ("PUT", "/v1/whistles/{whistle_id}/calls/{code}/score"): Rule(BLOW),
    ("PUT", "/v1/whistles/{whistle_id}/justification"): Rule(
        _each([Role.HANDLER, Role.LEADER], Reach.UNIT)
    ),
    ("POST", "/v1/whistles/{whistle_id}/experts"): Rule(BLOW),
    ("POST", "/v1/whistles/{whistle_id}/experts/{expert_id}/opinion"): Rule(GIVE_OPINIONS),
    ("GET", "/v1/cases/{number}/mediation"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/measures"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/agreement"): Rule(MEDIATE),
    ("POST", "/v1/cases/{number}/payments"): Rule(KEEP_LEDGER),
    ("POST", "/v1/cases/{number}/tasks"): Rule(SET_TASKS),
    ("GET", "/v1/cases/{number}/grid-workers"): Rule(SET_TASKS),
    ("GET", "/v1/tasks"): Rule(READ_CASES),
    ("POST", "/v1/tasks/{task_id}/done"): Rule(READ_CASES),
    ("GET", "/v1/cases/{number}/members"): Rule(READ_CASES),
    ("POST", "/v1/cases/{number}/members"): Rule(MEMBERS),
    ("DELETE", "/v1/cases/{number}/members/{person_id}"): Rule(MEMBERS),
    ("GET", "/v1/placements"): Rule(SEE_PLACES),
    ("POST", "/v1/placements/{placement_id}/confirm"): Rule(DECIDE_PLACES),
    ("POST", "/v1/placements/{placement_id}/place"): Rule(DECIDE_PLACES),
    ("GET", "/people"): Rule(_each([Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN]), page=True),
    ("GET", "/audit"): Rule(AUDIT, page=True),
    ("GET", "/reception"): Rule(RECEIVE, page=True),
    ("GET", "/inbox"): Rule(_each([Role.HANDLER, Role.LEADER]), page=True),
    ("GET", "/assessment"): Rule(_each([Role.ASSESSOR, Role.DISPATCHER, Role.LEADER]), page=True),
    ("GET", "/rules"): Rule(_each([Role.ASSESSOR, Role.DISPATCHER, Role.LEADER]), page=True),
    ("GET", "/planner"): Rule(
        _each([Role.ASSESSOR, Role.DISPATCHER, Role.LEADER, Role.PLANNER]), page=True
    ),
    ("GET", "/supervision"): Rule(_each(CASE_WORKERS), page=True),
    ("GET", "/cases/{number}"): Rule(_each(CASE_WORKERS), page=True),
    ("GET", "/v1/audit"): Rule(AUDIT),
    ("GET", "/v1/audit/subjects/{subject}"): Rule(AUDIT),
    ("GET", "/v1/audit/verification"): Rule(AUDIT),
    ("POST", "/v1/cases/{number}/parties"): Rule(ADD_PARTIES),
    ("GET", "/v1/cases/{number}/parties"): Rule(READ_CASES),
    ("PATCH", "/v1/parties/{party_id}"): Rule(CORRECT_PARTIES),
    ("DELETE", "/v1/parties/{party_id}"): Rule(CORRECT_PARTIES),
    ("POST", "/v1/parties/{party_id}/protect"): Rule(CORRECT_PARTIES),
    ("POST", "/v1/parties/{party_id}/reveal"): Rule(OPEN_PARTIES),
    ("GET", "/v1/parties/{party_id}/repeats"): Rule(COMPARE_PARTIES),
    ("POST", "/v1/parties/{party_id}/export"): Rule(ANSWER_FOR_PARTIES),
    ("POST", "/v1/parties/search"): Rule(COMPARE_PARTIES),
    ("GET", "/v1/parties/repeat-respondents"): Rule(RANK_PARTIES),
    ("POST", "/v1/party-merges"): Rule(COMPARE_PARTIES),
    ("GET", "/v1/party-merges"): Rule(ANSWER_FOR_PARTIES),
    ("POST", "/v1/party-merges/{merge_id}/review"): Rule(ANSWER_FOR_PARTIES),
    ("GET", "/v1/retention"): Rule(_each([Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])),
    ("PUT", "/v1/retention/{kind}"): Rule(_each([Role.SYSTEM_ADMIN])),
    ("GET", "/v1/retention/runs"): Rule(_each([Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])),
    ("GET", "/v1/cases/{number}/hold"): Rule(READ_CASES),
    ("PUT", "/v1/cases/{number}/hold"): Rule(HOLD_CASES),
    ("DELETE", "/v1/cases/{number}/hold"): Rule(HOLD_CASES),
    ("GET", "/v1/notices"): Rule(READ_NOTICES),
    ("POST", "/v1/notices/{notice_id}/read"): Rule(READ_NOTICES),
    ("GET", "/v1/deliveries"): Rule(_each([Role.SYSTEM_ADMIN])),
    ("POST", "/v1/deliveries/{delivery_id}/replay"): Rule(_each([Role.SYSTEM_ADMIN])),
    ("GET", "/v1/channels"): Rule(_each([Role.SYSTEM_ADMIN])),
    ("GET", "/v1/channels/{channel}/versions"): Rule(_each([Role.SYSTEM_ADMIN])),
    ("PUT", "/v1/channels/{channel}"): Rule(_each([Role.SYSTEM_ADMIN])),
    ("GET", "/v1/unit-addresses"): Rule(_each([Role.SYSTEM_ADMIN])),
    ("PUT", "/v1/unit-addresses/{code}/{channel}"): Rule(_each([Role.SYSTEM_ADMIN])),
}

SCOPES = frozenset(rule.system for rule in POLICY.values() if rule.system is not None)
"""What a connected system's token can allow."""


def first_page(who: Who) -> str:
    """The page on which an asker begins: the first one that the roles allow."""
    pages = ((path, rule) for (_, path), rule in POLICY.items() if rule.page and not rule.own)
    return next((path for path, rule in pages if rule.reach(who)), OWN_PAGE)
