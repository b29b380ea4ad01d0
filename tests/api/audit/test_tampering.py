"""Whoever owns the database can switch its guards off; the chain and its anchors tell it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.audit.chain import Anchor, Anchors, Damage, Flaw, Head, Verification
from api.audit.service import head, verify
from gis.database import Database
from tests.api.audit.chain import AT, chain_anew, hash_of, rows, tamper, write

MANY = 12
INSERT = f"""INSERT INTO audit_entry
    SELECT :id, at, deed, actor, actor_name, 'case:forged', content, reason, previous, hash
    FROM audit_entry WHERE id = {MANY}"""


@pytest.fixture
def written(database: Database) -> Database:
    write(database, MANY)
    return database


def check(database: Database, anchors: Anchors | None = None) -> Verification:
    with database.transaction() as session:
        return verify(session, anchors or Anchors())


def flaws(database: Database, anchors: Anchors | None = None) -> list[Flaw]:
    return list(check(database, anchors).flaws)


def anchored(database: Database) -> Anchors:
    with database.transaction() as session:
        found = head(session)
    assert found is not None
    return Anchors((Anchor(AT, *found),))


def insert(session: Session, number: int) -> None:
    tamper(session, INSERT.replace(":id", str(number)))


def test_an_untouched_chain_is_sound(written: Database) -> None:
    assert check(written, anchored(written)) == Verification(MANY, 1, (), 0)


def test_an_empty_chain_is_sound(database: Database) -> None:
    assert check(database) == Verification(0, 0, (), 0)


EDITS = {
    "at": "at + interval '1 microsecond'",
    "deed": "'denied'",
    "actor": "'somebody'",
    "actor_name": "actor_name || ' '",
    "subject": "'case:DD-2026-000099'",
    "content": """'{"n": 5.0}'""",
    "reason": "'改过'",
    "previous": "sha256('x')",
    "hash": "sha256('x')",
}


@pytest.mark.parametrize("number", [1, 5, MANY])
@pytest.mark.parametrize(("column", "value"), EDITS.items(), ids=EDITS.keys())
def test_an_edit_of_any_column_is_found_with_its_entry(
    written: Database, column: str, value: str, number: int
) -> None:
    with written.transaction() as session:
        tamper(session, f"UPDATE audit_entry SET {column} = {value} WHERE id = {number}")
    found = flaws(written)
    assert found[0] == Flaw(Damage.EDITED, number, number)
    assert {flaw.first for flaw in found} == {number}


def test_a_text_moved_from_one_column_to_the_next_is_found(written: Database) -> None:
    move = "UPDATE audit_entry SET actor = 'sys', actor_name = 'tem系统' WHERE id = 4"
    with written.transaction() as session:
        tamper(session, move)
    assert flaws(written) == [Flaw(Damage.EDITED, 4, 4)]


def test_an_entry_given_another_number_is_found(written: Database) -> None:
    with written.transaction() as session:
        tamper(session, "UPDATE audit_entry SET id = 40 WHERE id = 6")
    assert Flaw(Damage.MISSING, 6, 6) in flaws(written)
    assert Flaw(Damage.EDITED, 40, 40) in flaws(written)


def test_an_edit_whose_own_hash_was_made_to_fit_is_found_by_the_next_entry(
    written: Database,
) -> None:
    with written.transaction() as session:
        tamper(session, "UPDATE audit_entry SET reason = '改过' WHERE id = 5")
        new = hash_of(rows(session)[4]).hex()
        tamper(session, f"UPDATE audit_entry SET hash = '\\x{new}' WHERE id = 5")
    assert flaws(written) == [Flaw(Damage.EDITED, 5, 5)]


def test_a_first_entry_that_does_not_begin_the_chain_is_found(written: Database) -> None:
    with written.transaction() as session:
        tamper(session, "UPDATE audit_entry SET previous = sha256('x') WHERE id = 1")
        new = hash_of(rows(session)[0]).hex()
        tamper(session, f"UPDATE audit_entry SET hash = '\\x{new}' WHERE id = 1")
    assert flaws(written) == [Flaw(Damage.EDITED, 1, 1)]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 3), (6, 6), (5, 9)])
def test_deleted_entries_are_found_by_number(written: Database, first: int, last: int) -> None:
    with written.transaction() as session:
        tamper(session, f"DELETE FROM audit_entry WHERE id BETWEEN {first} AND {last}")
    assert flaws(written) == [Flaw(Damage.MISSING, first, last)]


def test_a_deletion_hidden_by_numbering_the_rest_anew_is_found(written: Database) -> None:
    with written.transaction() as session:
        shift = "UPDATE audit_entry SET id = id - 1 WHERE id = "
        later = [shift + str(number) for number in range(7, MANY + 1)]
        tamper(session, "DELETE FROM audit_entry WHERE id = 6", *later)
    assert {Flaw(Damage.EDITED, 6, 6), Flaw(Damage.CUT, MANY, MANY)} <= set(flaws(written))


@pytest.mark.parametrize("number", [0, -3, MANY + 1])
def test_an_entry_inserted_where_no_number_is_taken_is_found(
    written: Database, number: int
) -> None:
    with written.transaction() as session:
        insert(session, number)
    assert Flaw(Damage.INSERTED, number, number) in flaws(written)


def test_an_entry_inserted_behind_the_head_with_a_fitting_hash_is_found(
    written: Database,
) -> None:
    with written.transaction() as session:
        insert(session, MANY + 1)
        *_, before, forged = rows(session)
        new = hash_of((*forged[:8], before[9])).hex()
        change = f"UPDATE audit_entry SET previous = '\\x{before[9].hex()}', hash = '\\x{new}'"
        tamper(session, f"{change} WHERE id = {MANY + 1}")
    assert flaws(written) == [Flaw(Damage.INSERTED, MANY + 1, MANY + 1)]


def test_an_entry_inserted_in_the_middle_is_found_where_it_was_pushed_in(
    written: Database,
) -> None:
    with written.transaction() as session:
        shift = "UPDATE audit_entry SET id = id + 1 WHERE id = "
        later = [shift + str(number) for number in range(MANY, 5, -1)]
        tamper(session, *later)
        insert_as = "INSERT INTO audit_entry SELECT 6, at, deed, actor, actor_name, 'case:forged',"
        insert_as += " content, reason, hash, hash FROM audit_entry WHERE id = 5"
        tamper(session, insert_as)
        new = hash_of(rows(session)[5]).hex()
        tamper(session, f"UPDATE audit_entry SET hash = '\\x{new}' WHERE id = 6")
    found = flaws(written)
    assert found[0] == Flaw(Damage.INSERTED, 6, 6)
    assert Flaw(Damage.EDITED, 7, 7) in found


def test_a_second_entry_of_one_number_is_found(written: Database) -> None:
    with written.transaction() as session:
        tamper(session, "ALTER TABLE audit_entry DROP CONSTRAINT pk_audit_entry")
        insert(session, 5)
    assert Flaw(Damage.INSERTED, 5, 5) in flaws(written)


@pytest.mark.parametrize("left", [0, 1, 9])
def test_a_cut_tail_is_found_by_the_head(written: Database, left: int) -> None:
    with written.transaction() as session:
        tamper(session, f"DELETE FROM audit_entry WHERE id > {left}")
    assert flaws(written) == [Flaw(Damage.CUT, left + 1, MANY)]


@pytest.mark.parametrize("left", [1, 9])
def test_a_tail_cut_together_with_the_head_is_found_by_the_anchor_alone(
    written: Database, left: int
) -> None:
    anchors = anchored(written)
    with written.transaction() as session:
        tamper(session, f"DELETE FROM audit_entry WHERE id > {left}")
        chain_anew(session, left)
    assert flaws(written) == []
    assert Flaw(Damage.CUT, left + 1, MANY) in flaws(written, anchors)


def test_everything_taken_away_together_with_the_head_is_found_by_the_anchor(
    written: Database,
) -> None:
    anchors = anchored(written)
    with written.transaction() as session:
        tamper(session, "TRUNCATE audit_entry")
        session.execute(text("UPDATE audit_head SET id = 0"))
    assert Flaw(Damage.CUT, 1, MANY) in flaws(written, anchors)


def test_a_chain_computed_anew_as_a_whole_is_found_by_the_anchor_alone(
    written: Database,
) -> None:
    anchors = anchored(written)
    with written.transaction() as session:
        tamper(session, "UPDATE audit_entry SET reason = '改过' WHERE id = 5")
        chain_anew(session, 5)
    write(written, 3)
    assert flaws(written) == []
    assert flaws(written, anchors) == [Flaw(Damage.REWRITTEN, MANY, MANY)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE audit_head SET hash = sha256('x')", Flaw(Damage.HEAD, MANY, MANY)),
        ("UPDATE audit_head SET id = id + 2", Flaw(Damage.CUT, MANY + 1, MANY + 2)),
        ("UPDATE audit_head SET id = id - 2", Flaw(Damage.INSERTED, MANY - 1, MANY)),
        (
            "ALTER TABLE audit_head DISABLE TRIGGER USER; DELETE FROM audit_head",
            Flaw(Damage.HEAD, MANY, MANY),
        ),
    ],
)
def test_a_tampered_head_is_found(written: Database, change: str, expected: Flaw) -> None:
    with written.transaction() as session:
        session.execute(text(change))
    assert flaws(written) == [expected]


def test_a_head_set_back_behind_an_anchor_is_named_as_such(written: Database) -> None:
    anchors = anchored(written)
    with written.transaction() as session:
        session.execute(text("UPDATE audit_head SET id = id - 2"))
    assert flaws(written, anchors) == [Flaw(Damage.HEAD, MANY, MANY)]


def test_a_damaged_anchor_is_told_by_its_line(written: Database) -> None:
    anchors = anchored(written)._replace(damaged=(7,))
    assert flaws(written, anchors) == [Flaw(Damage.ANCHOR, 7, 7)]


def test_all_flaws_are_counted_and_the_first_hundred_kept(database: Database) -> None:
    write(database, 150)
    with database.transaction() as session:
        tamper(session, "UPDATE audit_entry SET reason = '改过'")
    found = check(database)
    assert (found.found, len(found.flaws), found.sound) == (150, 100, False)


@pytest.mark.parametrize("damage", Damage)
def test_every_kind_of_damage_is_told_in_both_languages_with_the_ids(damage: Damage) -> None:
    told = Flaw(damage, 4711, 4712).told()
    assert "4711–4712" in told.zh
    assert "4711–4712" in told.en


def test_who_records_beside_a_check_is_no_flaw(written: Database) -> None:
    with written.transaction() as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        session.execute(text("SELECT 1"))
        write(written, 4)
        assert verify(session).entries == MANY
    assert head_of(written).id == MANY + 4


def head_of(database: Database) -> Head:
    with database.transaction() as session:
        found = head(session)
    assert found is not None
    return found
