/** Schema of the database in which a validator keeps what it did, epoch by epoch. */
export const VALIDATOR_MIGRATIONS: readonly string[] = [
  `
  -- One row: whose journal this is.
  CREATE TABLE owner (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    identity TEXT NOT NULL
  ) STRICT;

  CREATE TABLE epochs (
    epoch INTEGER PRIMARY KEY,
    -- Decides whom the validator asks and what; secret until its weights are revealed.
    seed TEXT NOT NULL
  ) STRICT;

  CREATE TABLE challenges (
    epoch INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    round INTEGER NOT NULL,
    operator TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    -- NULL when the miner could not be asked.
    request_id TEXT,
    sentence TEXT,
    result TEXT NOT NULL CHECK (result IN ('correct', 'wrong', 'failed', 'late')),
    -- Error code of a result that is not correct.
    code TEXT,
    latency_ms REAL NOT NULL,
    -- JSON: what the miner signed.
    receipt TEXT,
    -- Unix milliseconds.
    judged_at_ms INTEGER NOT NULL,
    PRIMARY KEY (epoch, uid, round)
  ) STRICT, WITHOUT ROWID;

  -- What the validator remembers of every miner at the end of an epoch.
  CREATE TABLE books (
    epoch INTEGER PRIMARY KEY,
    book TEXT NOT NULL
  ) STRICT;

  CREATE TABLE commitments (
    epoch INTEGER PRIMARY KEY,
    -- JSON array of weights by uid.
    weights TEXT NOT NULL,
    salt TEXT NOT NULL,
    commitment TEXT NOT NULL,
    node_id TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'committed', 'revealed', 'missed'))
  ) STRICT;
  `,
  `
  -- JSON: what the request id is the digest of; a receipt is evidence together with it.
  ALTER TABLE challenges ADD COLUMN request TEXT;
  `,
]
