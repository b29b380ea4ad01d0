"""What the route of receipts takes and answers."""

from datetime import datetime

from pydantic import BaseModel

from api.schemas import Strict, example


class ReceiptRequest(Strict):
    """``replace``: the earlier receipts of the case end, as when a paper was lost."""

    model_config = example({"replace": False})

    replace: bool = False


class ReceiptAnswer(BaseModel):
    """A receipt to print. ``address`` is told only now; ``picture`` is its QR code, an SVG as data
    URI; ``answerable`` the first person asked (首问责任人)."""

    case_number: str
    address: str
    picture: str
    answerable: str | None
    made_at: datetime
