"""Sealed columns: which keys are in use, and sealing their values anew. The caller commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Update,
    bindparam,
    func,
    literal_column,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from api.sealing.errors import RowUnopened, SealingError
from api.sealing.keyring import HEADER_BYTES, Keyring
from gis.database import Base

# The key's id in a sealed value, counted from 1 as SQL does; written out, since GROUP BY takes two
# bound parameters for two expressions.
ID_FIRST: ColumnElement[int] = literal_column("3")
ID_MANY: ColumnElement[int] = literal_column(str(HEADER_BYTES - 2))


Row = tuple[Any, ...]


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed values; ``context`` is the expression of each value's place."""

    table_name: str
    column_name: str
    context: ColumnElement[str]

    @property
    def table(self) -> Table:
        """The table as it is mapped."""
        return Base.metadata.tables[self.table_name]

    @property
    def column(self) -> ColumnElement[bytes]:
        """The sealed values; some may be null."""
        return self.table.c[self.column_name]

    @property
    def row(self) -> list[ColumnElement[Any]]:
        """The columns that name a row."""
        return list(self.table.primary_key)

    @property
    def key(self) -> ColumnElement[bytes]:
        """The id of the key of each value."""
        return func.substr(self.column, ID_FIRST, ID_MANY)


def in_use(session: Session, sealed: SealedColumn) -> Mapping[str, int]:
    """How many values each key holds, by its id."""
    query = (
        select(func.encode(sealed.key, "hex"), func.count())
        .where(sealed.column.is_not(None))
        .group_by(sealed.key)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def hold(session: Session, sealed: SealedColumn) -> None:
    """Let nobody write to the table until the transaction ends."""
    session.execute(text(f'LOCK TABLE "{sealed.table.name}" IN SHARE MODE'))


def reseal(
    session: Session, keyring: Keyring, sealed: SealedColumn, after: Row | None, many: int
) -> tuple[int, Row | None]:
    """Seal up to ``many`` values anew with the current key, from the row behind ``after`` on.

    Answers how many there were, and the last row; None at the end. A value that the current key
    sealed already is left, so the work can be broken off and taken up again. Raises RowUnopened;
    nothing of the transaction should be kept then.
    """
    rows = session.execute(_stale(keyring, sealed, after).limit(many)).all()
    changes = [_anew(keyring, sealed, tuple(row)) for row in rows]
    if changes:
        session.connection().execute(_change(sealed), changes)
    return len(rows), tuple(rows[-1][2:]) if len(rows) == many else None


def _stale(keyring: Keyring, sealed: SealedColumn, after: Row | None) -> Select[Any]:
    current = bytes.fromhex(keyring.current.id)
    query = (
        select(sealed.column, sealed.context, *sealed.row)
        .where(sealed.key != current)
        .order_by(*sealed.row)
        .with_for_update(of=sealed.table)
    )
    return query if after is None else query.where(tuple_(*sealed.row) > tuple_(*after))


def _anew(keyring: Keyring, sealed: SealedColumn, row: Row) -> dict[str, Any]:
    value, context, *names = row
    try:
        anew = keyring.seal(keyring.open(bytes(value), context), context)
    except SealingError as error:
        raise RowUnopened(context, error) from error
    return {"anew": anew} | {
        f"at_{column.key}": name for column, name in zip(sealed.row, names, strict=True)
    }


def _change(sealed: SealedColumn) -> Update:
    change = update(sealed.table).values({sealed.column_name: bindparam("anew")})
    return change.where(*[column == bindparam(f"at_{column.key}") for column in sealed.row])
