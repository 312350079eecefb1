/** Schema of the database in which a miner remembers what it has signed. */
export const MINER_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE answers (
    request_id TEXT PRIMARY KEY,
    -- Unix milliseconds.
    deadline_ms INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    -- NULL when the output was too large to keep.
    output BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX answers_by_deadline ON answers (deadline_ms);

  -- One row: what the journal vouches for, and how the last run ended.
  CREATE TABLE journal (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Requests with a deadline up to here may have been answered without a trace.
    floor_ms INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    stopped_cleanly INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- The best voucher of each channel; amounts are wei in decimal.
  CREATE TABLE channels (
    channel_id TEXT PRIMARY KEY,
    cumulative TEXT NOT NULL,
    receipt_digest TEXT NOT NULL,
    signature TEXT NOT NULL,
    owed TEXT NOT NULL,
    settled TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Unix milliseconds from which the policy forbids to keep the output; NULL: as long as the answer.
  ALTER TABLE answers ADD COLUMN output_until_ms INTEGER;
  CREATE INDEX answers_by_output_until ON answers (output_until_ms) WHERE output_until_ms IS NOT NULL;
  `,
]
