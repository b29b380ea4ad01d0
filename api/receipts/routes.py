"""Printing a receipt. What it shows to its holder is a page (`api.pages`)."""

from typing import Annotated

import segno
from fastapi import APIRouter, Path, Request

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.service import find_case
from api.receipts import schemas
from api.receipts.door import hashed, new_token
from api.receipts.service import Made, first_asked, make
from api.rights.gate import Asker
from api.schemas import PROBLEMS

router = APIRouter(tags=["receipts"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]


@router.post("/v1/cases/{number}/receipt", status_code=201, response_model=schemas.ReceiptAnswer)
def print_receipt(
    number: Number, body: schemas.ReceiptRequest, asker: Asker, request: Request
) -> schemas.ReceiptAnswer:
    """A receipt with a QR code that lets a party see step, unit and time left, and nothing else.

    Each one has an address of its own, which is kept only as a hash: it cannot be shown again.
    """
    token, who = new_token(), asker.who
    base = asker.given.settings.public_url or str(request.base_url)
    address = f"{base.rstrip('/')}/r/{token}"
    with asker.transaction() as session:
        case = find_case(session, number)
        make(session, case, hashed(token), Made(who.id, asker.now), replace=body.replace)
        content = {"replaced": body.replace}
        entry = Entry(Deed.RECEIPT_MADE, str(who.id), who.name, f"case:{number}", content)
        record(session, [entry], asker.now)
    with asker.system() as house:  # names of colleagues are the house's
        answerable = first_asked(house, case)
    picture = segno.make(address, micro=False, error="m").svg_data_uri(scale=4, border=4)
    return schemas.ReceiptAnswer(
        case_number=number,
        address=address,
        picture=picture,
        answerable=answerable,
        made_at=asker.now,
    )
