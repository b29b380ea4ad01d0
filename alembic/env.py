"""How alembic reaches the database: one migrator at a time, and never a long wait for a lock."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, create_engine, text

from api.tables import METADATA
from gis.database import with_driver

# Any number; it only has to be the same for every migrator of this product.
ONE_MIGRATOR = 20_260_226
LOCK_WITHIN = "10s"


def migrate(connection: Connection) -> None:
    """Run the migrations asked for in one transaction, alone."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_server_default=False,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        user_module_prefix=None,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_MIGRATOR})
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WITHIN}'"))
        context.run_migrations()


engine = create_engine(with_driver(context.config.attributes["url"]))
try:
    with engine.connect() as connection:
        migrate(connection)
finally:
    engine.dispose()
