"""The database file: made late and private, migrated, moved aside when damaged, never hanging."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import trio
from understudy.io.ports import StateError
from understudy.io.state import CORRUPT_COPIES_MAX, SqliteState
from understudy.io.state_schema import MIGRATIONS, migrate
from understudy.protocols.records import ConversationRecord, TurnOutcome, TurnRecord, Usage

KNOWN = ConversationRecord("c", model="work/x", turns=3)
TURN = TurnRecord("t", "c", "e", "m", TurnOutcome.BROKEN, 502, "", Usage(), 0.5, 1.5)
DESCRIPTORS = Path("/proc/self/fd")
SEES_DESCRIPTORS = DESCRIPTORS.is_dir()


class Stage:
    """One database file and the states opened on it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "state" / "state.db"
        self.warnings: list[str] = []
        self.opened: list[SqliteState] = []

    def open(self) -> SqliteState:
        state = SqliteState(self.file, report=self.warnings.append)
        self.opened.append(state)
        return state

    async def save_and_close(self) -> None:
        state = self.open()
        await state.save([KNOWN], [TURN])
        await state.aclose()

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file, isolation_level=None)

    def damage(self) -> None:
        """Spoils the first page of each table and index: it still opens as a database."""
        with closing(self.connect()) as connection:
            found = connection.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0")
            pages = [page for (page,) in found]
        with self.file.open("r+b") as file:
            for page in pages:
                file.seek(4096 * (page - 1))
                file.write(b"\xa5" * 4096)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.file.parent.iterdir())


def open_database_files() -> list[str]:
    """What this process holds open of any state, where the system tells."""
    if not SEES_DESCRIPTORS:
        return []
    targets = [str(path.readlink()) for path in DESCRIPTORS.iterdir() if path.is_symlink()]
    return [target for target in targets if "state.db" in target]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    for state in stage.opened:
        await state.aclose()


async def test_nothing_is_touched_before_first_use(stage: Stage) -> None:
    state = stage.open()
    assert not stage.file.parent.exists()
    await state.aclose()
    assert not stage.file.parent.exists()


async def test_the_files_are_their_owner_s_alone(stage: Stage) -> None:
    await stage.open().save([KNOWN], [])
    assert stage.files() == ["state.db", "state.db-shm", "state.db-wal"]
    assert {path.stat().st_mode & 0o777 for path in stage.file.parent.iterdir()} == {0o600}
    assert stage.file.parent.stat().st_mode & 0o777 == 0o700


async def test_a_file_that_others_could_read_is_made_private(stage: Stage) -> None:
    await stage.save_and_close()
    stage.file.chmod(0o644)
    assert await stage.open().load("c") == KNOWN
    assert stage.file.stat().st_mode & 0o777 == 0o600


async def test_closing_leaves_one_file(stage: Stage) -> None:
    await stage.save_and_close()
    assert stage.files() == ["state.db"]


async def test_nothing_of_ours_stays_open(stage: Stage) -> None:
    for _ in range(3):
        await stage.save_and_close()
    assert open_database_files() == []


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to look at" * 100, b"x" * 600]
)
async def test_what_is_no_database_is_moved_aside(stage: Stage, content: bytes) -> None:
    stage.file.parent.mkdir()
    stage.file.write_bytes(content)
    state = stage.open()
    await state.save([KNOWN], [TURN])
    assert await state.load("c") == KNOWN
    assert stage.file.with_name("state.db.corrupt-1").read_bytes() == content
    (warning,) = stage.warnings
    assert "the state is damaged (file is not a database)" in warning
    assert "it was moved to state.db.corrupt-1" in warning


async def test_a_database_that_is_damaged_while_open_is_replaced(stage: Stage) -> None:
    await stage.save_and_close()
    stage.damage()
    state = stage.open()
    assert await state.load("c") is None
    await state.save([KNOWN], [])
    assert await state.load("c") == KNOWN
    assert len(stage.warnings) == 1
    assert "malformed" in stage.warnings[0]


async def test_a_file_that_another_process_has_renewed_is_left_in_place(stage: Stage) -> None:
    await stage.save_and_close()
    stage.damage()
    damaged = stage.open()
    await damaged.turns(limit=0)
    stage.file.rename(stage.file.with_name("moved"))
    stage.file.with_name("state.db-wal").unlink()
    stage.file.with_name("state.db-shm").unlink()
    await stage.save_and_close()
    assert await damaged.load("c") == KNOWN
    assert stage.warnings == []


async def test_what_belongs_to_a_damaged_file_goes_with_it(stage: Stage) -> None:
    await stage.save_and_close()
    stage.damage()
    log = stage.file.with_name("state.db-wal")
    with closing(stage.connect()) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        await stage.open().load("c")
        assert len(stage.warnings) == 1
        assert stage.file.with_name("state.db.corrupt-1-wal").exists()
    assert log.exists()


async def test_closing_when_cancelled_closes_the_file(stage: Stage) -> None:
    state = stage.open()
    await state.save([KNOWN], [TURN])
    assert len(open_database_files()) == (3 if SEES_DESCRIPTORS else 0)
    with trio.CancelScope() as scope:
        scope.cancel()
        await state.aclose()
    assert open_database_files() == []
    assert stage.files() == ["state.db"]


async def test_damaged_files_are_kept_up_to_a_limit(stage: Stage) -> None:
    stage.file.parent.mkdir()
    for number in range(CORRUPT_COPIES_MAX + 2):
        stage.file.write_bytes(b"damage %d" % number)
        await stage.save_and_close()
    aside = [name for name in stage.files() if "corrupt" in name]
    assert aside == [f"state.db.corrupt-{number + 1}" for number in range(CORRUPT_COPIES_MAX)]
    newest = stage.file.with_name(aside[-1])
    assert newest.read_bytes() == b"damage %d" % (CORRUPT_COPIES_MAX + 1)


async def test_a_newer_schema_is_refused_and_left_alone(stage: Stage) -> None:
    await stage.save_and_close()
    with closing(stage.connect()) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    state = stage.open()
    for _ in range(2):
        with pytest.raises(StateError, match=r"written by a newer version \(schema 4, .* up to 3"):
            await state.load("c")
    assert [name for name in stage.files() if "corrupt" in name] == []


async def test_a_row_that_cannot_be_read_is_told(stage: Stage) -> None:
    await stage.save_and_close()
    with closing(stage.connect()) as connection:
        connection.execute("UPDATE turns SET outcome = 'vanished'")
    with pytest.raises(StateError, match="holds a row that this version cannot read"):
        await stage.open().turns(limit=1)


async def test_another_program_that_holds_the_file_is_waited_for_a_second(stage: Stage) -> None:
    await stage.save_and_close()
    state = stage.open()
    with closing(stage.connect()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with trio.fail_after(10), pytest.raises(StateError, match="database is locked"):
            await state.save([], [TURN])
        assert await state.load("c") == KNOWN
    await state.save([], [TURN])


async def test_a_failed_save_leaves_no_transaction_open(stage: Stage) -> None:
    state = stage.open()
    await state.save([KNOWN], [])
    with closing(stage.connect()) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT raise(FAIL, 'full'); END"
        )
        with pytest.raises(StateError, match=r"full; see that the disk has room"):
            await state.save([ConversationRecord("d")], [TURN])
        connection.execute("DROP TRIGGER full")
    assert await state.load("d") is None
    await state.save([], [TURN])


@pytest.mark.parametrize("obstacle", ["folder in its place", "file as its folder"])
async def test_a_place_that_cannot_be_used_is_told(stage: Stage, obstacle: str) -> None:
    if obstacle == "folder in its place":
        stage.file.mkdir(parents=True)
    else:
        stage.file.parent.touch()
    state = stage.open()
    for _ in range(2):
        with pytest.raises(StateError, match=r"state.*: .*"):
            await state.save([KNOWN], [])


def test_each_migration_is_taken_once_and_in_order(tmp_path: Path) -> None:
    steps = (
        ("CREATE TABLE a (x INTEGER)", "INSERT INTO a VALUES (1)"),
        ("ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 7",),
        ("UPDATE a SET x = x + y",),
    )
    with closing(sqlite3.connect(tmp_path / "db", isolation_level=None)) as connection:
        for known in (1, 3, 3):
            migrate(connection, "db", steps[:known])
        assert connection.execute("SELECT x, y FROM a").fetchall() == [(8, 7)]
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)


def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    steps = (("CREATE TABLE a (x INTEGER)",), ("DROP TABLE a", "nonsense"))
    with closing(sqlite3.connect(tmp_path / "db", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, "db", steps)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT * FROM a").fetchall() == []


def test_the_first_schema_holds_no_prompt(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "db", isolation_level=None)) as connection:
        migrate(connection, "db")
        columns = [
            row[1]
            for table in ("conversations", "turns")
            for row in connection.execute(f"PRAGMA table_info({table})")
        ]
    assert not {"prompt", "text", "messages", "content", "body"} & set(columns)
