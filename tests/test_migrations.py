"""The schema on the way up, down and up again, and against the models."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, text

from api.migrations import config_for, migrate
from api.tables import METADATA
from gis.database import EXTENSIONS
from tests.conftest import copied, opened

STRUCTURE = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = 'public' AND table_name NOT IN ('alembic_version', 'spatial_ref_sys')
ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"


def structure(connection: Connection) -> list[list[tuple[object, ...]]]:
    asked = (STRUCTURE, CONSTRAINTS, INDEXES)
    return [[tuple(row) for row in connection.execute(text(each))] for each in asked]


def test_up_down_and_up_again_gives_the_same_schema(empty_url: str) -> None:
    with copied(empty_url) as url, opened(url) as database:
        with database.engine.connect() as connection:
            before = structure(connection)
        migrate(url)
        with database.engine.connect() as connection:
            first = structure(connection)
        command.downgrade(config_for(url), "base")
        with database.engine.connect() as connection:
            assert structure(connection)[0] == before[0]
        migrate(url)
        with database.engine.connect() as connection:
            assert structure(connection) == first


def test_the_models_and_the_migrations_say_the_same(migrated_url: str) -> None:
    options = {"include_object": alembic_helpers.include_object, "compare_type": True}
    with copied(migrated_url) as url, opened(url) as database, database.engine.connect() as link:
        context = MigrationContext.configure(link, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_every_check_of_the_models_is_in_the_database(migrated_url: str) -> None:
    named = {
        constraint.name for table in METADATA.sorted_tables for constraint in table.constraints
    }
    with copied(migrated_url) as url, opened(url) as database, database.engine.connect() as link:
        found = set(link.scalars(text("SELECT conname FROM pg_constraint")))
    assert named - found - {None} == set()


def test_only_the_agreed_extensions_are_installed(migrated_url: str) -> None:
    with copied(migrated_url) as url, opened(url) as database, database.engine.connect() as link:
        found = set(link.scalars(text("SELECT extname FROM pg_extension")))
    assert found == {*EXTENSIONS, "plpgsql"}
