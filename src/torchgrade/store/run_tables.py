"""The tables of one run, which are gone with the process, and what is asked of them.

A source is what was handed in, whoever did: equal bytes are graded once. `who` is an account, or a submitter without
one: who has an account is known by it, as in the history. `counts` is 1 for the submissions that a report is about.
`attempt` is where an attempt is: an id in `attempts`, minus an id in `run_fleeting`, or NULL while there is none;
`is_new` is 1 if this run graded it.
"""

from __future__ import annotations

NAMES = ("run_submissions", "run_sources", "run_wanted", "run_fleeting")
TABLES = (
    """CREATE TEMP TABLE run_sources (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, content BLOB NOT NULL)""",
    """CREATE TEMP TABLE run_submissions (
        id INTEGER PRIMARY KEY, submitter TEXT NOT NULL, account TEXT NOT NULL, path TEXT NOT NULL,
        number INTEGER NOT NULL, submitted TEXT NOT NULL, late INTEGER NOT NULL, source INTEGER NOT NULL,
        problem BLOB, who TEXT NOT NULL, counts INTEGER NOT NULL DEFAULT 1)""",
    "CREATE INDEX temp.run_submissions_in_order ON run_submissions (submitter, id)",
    "CREATE INDEX temp.run_submissions_by ON run_submissions (who, id)",
    "CREATE INDEX temp.run_submissions_of ON run_submissions (source, id)",
    """CREATE TEMP TABLE run_wanted (
        source INTEGER NOT NULL, exercise INTEGER NOT NULL, key BLOB NOT NULL, attempt INTEGER,
        is_new INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (source, exercise)) WITHOUT ROWID""",
    "CREATE INDEX temp.run_wanted_pending ON run_wanted (source) WHERE attempt IS NULL",
    "CREATE TEMP TABLE run_fleeting (id INTEGER PRIMARY KEY, content BLOB NOT NULL)",
)

ADD_SOURCE = "INSERT OR IGNORE INTO run_sources (digest, content) VALUES (?, ?) RETURNING id"
SOURCE = "SELECT id FROM run_sources WHERE digest = ?"
ADD_SUBMISSION = """
    INSERT INTO run_submissions (submitter, account, path, number, submitted, late, who, problem, source)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
ADD_WANTED = """
    INSERT INTO run_wanted (source, exercise, key, attempt)
    VALUES (?1, ?2, ?3, (SELECT id FROM main.attempts WHERE key = ?3))"""
ADD_FLEETING = "INSERT INTO run_fleeting (content) VALUES (?) RETURNING -id"
KEY = "SELECT key FROM run_wanted WHERE source = ? AND exercise = ?"
GRADED = "UPDATE run_wanted SET attempt = ?, is_new = 1 WHERE source = ? AND exercise = ?"
FORGET = """
    UPDATE run_wanted SET attempt = NULL WHERE attempt > 0 AND is_new = 0
    AND (SELECT verdict FROM main.attempts WHERE id = attempt) <> 'accepted'"""

_SUBMISSION = """
    SELECT run_submissions.id, submitter, path, account, number, submitted, late, digest, problem, content
    FROM run_submissions JOIN run_sources ON run_sources.id = source"""
PENDING = """
    SELECT DISTINCT source FROM run_wanted AS wanted WHERE attempt IS NULL AND source > ?
    AND EXISTS (SELECT 1 FROM run_submissions AS one WHERE one.source = wanted.source AND counts)
    ORDER BY source LIMIT ?"""
PENDING_EXERCISES = "SELECT exercise FROM run_wanted WHERE source = ? AND attempt IS NULL ORDER BY exercise"
FIRST_OF_SOURCE = f"{_SUBMISSION} WHERE source = ? AND counts ORDER BY run_submissions.id LIMIT 1"
SUBMISSION = f"{_SUBMISSION} WHERE run_submissions.id = ?"
REPORTED = """
    SELECT run_submissions.id, submitter, path, digest, source, who
    FROM run_submissions JOIN run_sources ON run_sources.id = source
    WHERE counts AND (submitter, run_submissions.id) > (?, ?) ORDER BY submitter, run_submissions.id LIMIT ?"""
ATTEMPTS = """
    SELECT wanted.key, coalesce(kept.content, fleeting.content) FROM run_wanted AS wanted
    LEFT JOIN main.attempts AS kept ON kept.id = attempt LEFT JOIN run_fleeting AS fleeting ON fleeting.id = -attempt
    WHERE source = ? AND attempt IS NOT NULL ORDER BY exercise"""
COUNT_SUBMISSIONS = "SELECT count(*) FROM run_submissions WHERE counts"
COUNT_UNCHANGED = """
    SELECT count(*) FROM run_submissions JOIN run_wanted USING (source)
    WHERE counts AND attempt IS NOT NULL AND NOT is_new"""
COUNT_PENDING = """
    SELECT count(DISTINCT source) FROM run_wanted AS wanted WHERE attempt IS NULL
    AND EXISTS (SELECT 1 FROM run_submissions AS one WHERE one.source = wanted.source AND counts)"""

SUBMITTERS = "SELECT DISTINCT submitter FROM run_submissions WHERE counts ORDER BY submitter"
PROBLEMS = (
    "SELECT submitter, path, problem FROM run_submissions WHERE counts AND problem IS NOT NULL ORDER BY submitter, id"
)
TELL_APART = """
    UPDATE run_submissions SET submitter = submitter || ' (' || account || ')' WHERE account <> '' AND submitter IN (
        SELECT submitter FROM run_submissions GROUP BY submitter HAVING count(DISTINCT who) > 1)"""
LEAVE_OUT = "UPDATE run_submissions SET counts = 0 WHERE id = ?"
ONLY = "UPDATE run_submissions SET counts = 0 WHERE submitter NOT IN (SELECT value FROM json_each(?))"
SHARD = "UPDATE run_submissions SET counts = 0 WHERE shard(who, ?) <> ?"
EVERYONE = "SELECT DISTINCT who FROM run_submissions WHERE counts ORDER BY who"
SEVERAL = "SELECT who FROM run_submissions WHERE counts GROUP BY who HAVING count(*) > 1 ORDER BY who"
OF_ONE = """
    SELECT run_submissions.id, submitter, path, number, submitted, digest
    FROM run_submissions JOIN run_sources ON run_sources.id = source
    WHERE who = ? AND counts ORDER BY run_submissions.id"""
