"""A question about points answers in the declared columns, or it is refused at once."""

import pytest
from sqlalchemy import column, select

from layers.source import COLUMNS, PointSource, WrongColumns


def test_a_source_keeps_a_query_with_the_declared_columns() -> None:
    query = select(*(column(name) for name in COLUMNS))
    assert PointSource("lamps", query).query is query


@pytest.mark.parametrize("names", [COLUMNS[:-1], (*COLUMNS, "name")])
def test_a_query_with_other_columns_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(WrongColumns, match="lamps"):
        PointSource("lamps", select(*(column(name) for name in names)))
