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
  `
  CREATE TABLE intents (
    -- Never given twice: a process may still work on one that is withdrawn.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chain TEXT NOT NULL,
    sender TEXT NOT NULL,
    idempotence_key TEXT NOT NULL,
    intent_digest TEXT NOT NULL,
    description TEXT NOT NULL,
    -- 'Contract.method', for messages.
    call TEXT NOT NULL,
    -- What to sign; emptied once it ended.
    recipient TEXT,
    data TEXT NOT NULL,
    value_wei TEXT NOT NULL,
    max_cost_wei TEXT,
    -- Wall clock: it must mean the same in the process after a crash.
    deadline_at_ms INTEGER NOT NULL,
    -- NULL while nothing is signed.
    nonce INTEGER,
    state TEXT NOT NULL CHECK (
      state IN ('queued', 'pending', 'closing', 'mined', 'reverted', 'conflict', 'expired', 'refused')
    ),
    -- Of the version that was mined, which for an expired intent is its cancellation.
    hash TEXT,
    block_number INTEGER,
    -- JSON of the error that ended it before it was sent.
    refusal TEXT,
    -- 0: the key was submitted again after this intent had come to nothing.
    is_current INTEGER NOT NULL DEFAULT 1,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (chain, sender, nonce)
  ) STRICT;
  CREATE UNIQUE INDEX intents_by_key ON intents (chain, sender, idempotence_key) WHERE is_current = 1;
  CREATE INDEX intents_by_state ON intents (chain, sender, state, nonce);

  CREATE TABLE signatures (
    intent_id INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('call', 'cancel')),
    hash TEXT NOT NULL,
    raw TEXT NOT NULL,
    max_fee_wei TEXT NOT NULL,
    priority_fee_wei TEXT NOT NULL,
    gas_limit INTEGER NOT NULL,
    signed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (intent_id, hash)
  ) STRICT;

  -- A transaction of the first version had no deadline of its own: it is pursued until it is mined.
  INSERT INTO intents (id, chain, sender, idempotence_key, intent_digest, description, call, data, value_wei,
      deadline_at_ms, nonce, state, hash, block_number, created_at_ms)
    SELECT id, chain, sender, idempotence_key, intent_digest, description, description, '', '0',
      8640000000000000, nonce, state, hash, block_number, created_at_ms FROM transactions;
  INSERT INTO signatures (intent_id, kind, hash, raw, max_fee_wei, priority_fee_wei, gas_limit, signed_at_ms)
    SELECT transaction_id, 'call', hash, raw, max_fee_wei, priority_fee_wei, gas_limit, signed_at_ms
    FROM attempts ORDER BY rowid;
  DROP TABLE attempts;
  DROP TABLE transactions;

  -- One row a block lately delivered: what a reorganisation takes back.
  CREATE TABLE delivered_blocks (
    name TEXT NOT NULL,
    chain TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    -- JSON array of its logs.
    logs TEXT NOT NULL,
    PRIMARY KEY (name, chain, number)
  ) STRICT;
  INSERT INTO delivered_blocks (name, chain, number, hash, logs)
    SELECT name, chain, checkpoints ->> '$[#-1].number', checkpoints ->> '$[#-1].hash', '[]' FROM cursors
    WHERE json_array_length(checkpoints) > 0;
  DROP TABLE cursors;
  `,
]
