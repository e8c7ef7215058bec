CREATE TABLE IF NOT EXISTS requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT, received_at TEXT NOT NULL, clock_at TEXT NOT NULL,
  method TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL, headers TEXT NOT NULL, cid TEXT NOT NULL,
  billnum TEXT NOT NULL, data_identifier TEXT NOT NULL, sha256 TEXT NOT NULL, body BLOB NOT NULL, fault TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS requests_by_number ON requests (cid, billnum);
CREATE TABLE IF NOT EXISTS answers (
  request_id INTEGER NOT NULL REFERENCES requests, decided_at TEXT NOT NULL, status INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
  jobid INTEGER PRIMARY KEY AUTOINCREMENT, request_id INTEGER NOT NULL, cid TEXT NOT NULL, jobtype TEXT NOT NULL,
  billnum TEXT NOT NULL, billcode TEXT NOT NULL, amount TEXT NOT NULL, currency TEXT NOT NULL, debtor TEXT NOT NULL,
  custnum TEXT NOT NULL, govid TEXT NOT NULL, billdate TEXT NOT NULL, paydate TEXT NOT NULL, dataset TEXT NOT NULL,
  data_identifier TEXT NOT NULL, sha256 TEXT NOT NULL, registered_at TEXT NOT NULL, clock_at TEXT NOT NULL,
  visible_at TEXT NOT NULL, veil TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS jobs_by_number ON jobs (cid, billnum);
CREATE INDEX IF NOT EXISTS jobs_by_reference ON jobs (cid, billcode);
CREATE TABLE IF NOT EXISTS payments (
  id INTEGER PRIMARY KEY AUTOINCREMENT, request_id INTEGER NOT NULL, cid TEXT NOT NULL, jobid INTEGER NOT NULL,
  billnum TEXT NOT NULL, amount TEXT NOT NULL, on_date TEXT NOT NULL, details TEXT NOT NULL, overpaid TEXT NOT NULL,
  data_identifier TEXT NOT NULL, sha256 TEXT NOT NULL, registered_at TEXT NOT NULL, clock_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS payments_by_job ON payments (jobid);
CREATE TABLE IF NOT EXISTS credits (
  id INTEGER PRIMARY KEY AUTOINCREMENT, request_id INTEGER NOT NULL, cid TEXT NOT NULL, jobid INTEGER NOT NULL,
  billnum TEXT NOT NULL, amount TEXT NOT NULL, on_date TEXT NOT NULL, details TEXT NOT NULL, overpaid TEXT NOT NULL,
  data_identifier TEXT NOT NULL, sha256 TEXT NOT NULL, registered_at TEXT NOT NULL, clock_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS credits_by_job ON credits (jobid);
CREATE TABLE IF NOT EXISTS updates (
  id INTEGER PRIMARY KEY AUTOINCREMENT, statusid TEXT NOT NULL UNIQUE, cid TEXT NOT NULL, jobid INTEGER NOT NULL,
  billnum TEXT NOT NULL, statustype TEXT NOT NULL, statustime TEXT NOT NULL, statusref TEXT NOT NULL,
  statustext TEXT NOT NULL, statuscode TEXT NOT NULL, paydate TEXT NOT NULL, amount TEXT NOT NULL,
  visible_at TEXT NOT NULL, taken_at TEXT NOT NULL DEFAULT '', pushed_at TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS updates_by_number ON updates (cid, billnum);
CREATE INDEX IF NOT EXISTS updates_waiting ON updates (cid, taken_at, id);
CREATE INDEX IF NOT EXISTS updates_unpushed ON updates (pushed_at, id);
CREATE TABLE IF NOT EXISTS stages (jobid INTEGER NOT NULL, status INTEGER NOT NULL, PRIMARY KEY (jobid, status));
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS requests_stay BEFORE UPDATE ON requests BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS requests_keep BEFORE DELETE ON requests BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS jobs_stay BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS jobs_keep BEFORE DELETE ON jobs BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS payments_stay BEFORE UPDATE ON payments BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS payments_keep BEFORE DELETE ON payments BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS credits_stay BEFORE UPDATE ON credits BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS credits_keep BEFORE DELETE ON credits BEGIN SELECT RAISE(ABORT, 'append only'); END;
INSERT INTO sqlite_sequence (name, seq) SELECT 'jobs', 4410000
  WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'jobs');
