"""Every table of the product, imported in one place for migrations and tests."""

from api import outbox
from api.accounts import models as accounts
from api.assignments import models as assignments
from api.audit import models as audit
from api.cases import models as cases
from api.clocks import models as clocks
from api.custody import models as custody
from api.dispatch import models as dispatch
from api.intake import models as intake
from api.mediation import models as mediation
from api.notices import models as notices
from api.parties import models as parties
from api.receipts import models as receipts
from api.reports import models as reports
from api.retention import models as retention
from api.risk import models as risk
from api.rules import models as rules
from api.sessions import models as sessions
from api.whistles import models as whistles
from gis.database import Base
from gis.geocoding import models as gazetteer
from grids import models as grids

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "accounts",
    "assignments",
    "audit",
    "cases",
    "clocks",
    "custody",
    "dispatch",
    "gazetteer",
    "grids",
    "intake",
    "mediation",
    "notices",
    "outbox",
    "parties",
    "receipts",
    "reports",
    "retention",
    "risk",
    "rules",
    "sessions",
    "whistles",
]
