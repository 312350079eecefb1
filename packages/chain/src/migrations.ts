/**
 * Schema of the database that senders and event followers of one process share. Open it with `durability: 'full'`: a
 * commit that a power loss takes back is a transaction that is sent and not known.
 */
export const CHAIN_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE transactions (
    id INTEGER PRIMARY KEY,
    -- Chain id and hash of block 0: two chains may share either.
    chain TEXT NOT NULL,
    sender TEXT NOT NULL,
    idempotence_key TEXT NOT NULL,
    intent_digest TEXT NOT NULL,
    description TEXT NOT NULL,
    nonce INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'mined', 'reverted', 'conflict')),
    hash TEXT,
    block_number INTEGER,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (chain, sender, idempotence_key),
    UNIQUE (chain, sender, nonce)
  ) STRICT;
  CREATE INDEX transactions_by_state ON transactions (chain, sender, state, nonce);

  -- Every signed version of a transaction: any of them may be the one that is mined.
  CREATE TABLE attempts (
    transaction_id INTEGER NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    raw TEXT NOT NULL,
    max_fee_wei TEXT NOT NULL,
    priority_fee_wei TEXT NOT NULL,
    gas_limit INTEGER NOT NULL,
    signed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (transaction_id, hash)
  ) STRICT;

  CREATE TABLE cursors (
    name TEXT NOT NULL,
    chain TEXT NOT NULL,
    -- JSON array of {number, hash}, oldest first: the last one is how far events were delivered.
    checkpoints TEXT NOT NULL,
    PRIMARY KEY (name, chain)
  ) STRICT;
  `,
]
