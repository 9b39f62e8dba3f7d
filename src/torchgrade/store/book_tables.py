"""The tables of the history, and what is asked of them. Points are text: exact fractions such as `7/3`.

`whose` is an account, or a submitter without one: who has an account is known by it, whatever name stands beside it.
What is newest is so by its time, and of one time by its id: an import adds what is older.
"""

from __future__ import annotations

_WHOSE = """
        whose TEXT GENERATED ALWAYS AS (
            CASE account WHEN '' THEN 'name ' || submitter ELSE 'account ' || account END)"""
TABLES = (
    "CREATE TABLE book_sources (digest TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID",
    f"""CREATE TABLE book_submissions (
        id INTEGER PRIMARY KEY, assignment TEXT NOT NULL, submitter TEXT NOT NULL, account TEXT NOT NULL,
        number INTEGER NOT NULL, submitted TEXT NOT NULL, late INTEGER NOT NULL, digest TEXT NOT NULL,
        path TEXT NOT NULL, problem BLOB, {_WHOSE})""",
    "CREATE INDEX book_submissions_of ON book_submissions (assignment, whose, id)",
    "CREATE INDEX book_submissions_with ON book_submissions (assignment, digest, submitter)",
    """CREATE TABLE book_results (
        id INTEGER PRIMARY KEY, submission INTEGER NOT NULL REFERENCES book_submissions, exercise TEXT NOT NULL,
        key TEXT NOT NULL, verdict TEXT NOT NULL, points TEXT NOT NULL, max_points TEXT NOT NULL, checks TEXT NOT NULL,
        graded TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')))""",
    "CREATE INDEX book_results_of ON book_results (submission, exercise)",
    f"""CREATE TABLE book_overrides (
        id INTEGER PRIMARY KEY, assignment TEXT NOT NULL, submitter TEXT NOT NULL, account TEXT NOT NULL,
        exercise TEXT NOT NULL, points TEXT, reason TEXT NOT NULL, who TEXT NOT NULL,
        decided TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), {_WHOSE})""",
    "CREATE INDEX book_overrides_of ON book_overrides (assignment, whose, id)",
)
"""What a database needs to hold a history."""

STUDENTS = """
    SELECT submitter, account FROM (
        SELECT submitter, account, max(newest) FROM (
            SELECT whose, submitter, account, id AS newest FROM book_submissions WHERE assignment = :assignment
            UNION ALL SELECT whose, submitter, account, -1 FROM book_overrides WHERE assignment = :assignment)
        GROUP BY whose)
    ORDER BY submitter, account"""
STUDENT = """
    SELECT submitter, account FROM book_submissions
    WHERE assignment = ?1 AND whose = (SELECT whose FROM book_submissions WHERE id = ?2) ORDER BY id DESC LIMIT 1"""
SUBMISSIONS = """
    SELECT id, number, submitted, late, digest, path, coalesce(begun, max(begun) OVER (ORDER BY id), '') FROM (
        SELECT *, (SELECT min(graded) FROM book_results WHERE submission = book_submissions.id) AS begun
        FROM book_submissions WHERE assignment = ? AND whose = ?)
    ORDER BY id"""
"""With when each was graded first. One that never was stands behind those that were there when it came."""
SUBMISSION = """
    SELECT submitter, path, account, number, submitted, late, problem, digest, content
    FROM book_submissions JOIN book_sources USING (digest) WHERE id = ?"""
OF_ATTEMPT = "SELECT id FROM book_submissions WHERE assignment = ? AND whose = ? AND digest = ?"
RESULTS = """
    SELECT exercise, key, verdict, points, max_points, checks, graded FROM book_results
    WHERE submission = ? ORDER BY graded, id"""
LAST_RESULT = """
    SELECT key, verdict, points, max_points, checks FROM book_results
    WHERE submission = ? AND exercise = ? ORDER BY graded DESC, id DESC LIMIT 1"""
OVERRIDES = """
    SELECT exercise, points, reason, who, decided FROM book_overrides
    WHERE assignment = ? AND whose = ? ORDER BY decided, id"""

ADD_SUBMISSION = """
    INSERT INTO book_submissions (assignment, submitter, account, number, submitted, late, digest, path, problem)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
READ_AGAIN = "UPDATE book_submissions SET digest = ?, problem = ? WHERE id = ?"
ADD_SOURCE = "INSERT OR IGNORE INTO book_sources VALUES (?, ?)"
ADD_RESULT = """
    INSERT INTO book_results (submission, exercise, key, verdict, points, max_points, checks)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
ADD_OVERRIDE = """
    INSERT INTO book_overrides (assignment, submitter, account, exercise, points, reason, who)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
