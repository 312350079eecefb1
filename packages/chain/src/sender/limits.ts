/** Intents that may wait to be signed; one more is refused with `BUSY`. */
export const MAX_QUEUED_INTENTS = 1_000
/** Gas estimates under way at a time. */
export const MAX_ESTIMATES = 16
/** Signed intents looked at in one round, the lowest nonces first; nodes keep 16 to 64 of one account in their pools. */
export const MAX_PURSUED = 64
/** Mined intents asked after in one round when blocks were replaced. */
export const MAX_RECHECKED = 256
/** Blocks in which a mined intent may still be taken back. */
export const REORG_DEPTH_BLOCKS = 64
/** Nonces tried in a row for one intent when an endpoint names one that is used. */
export const MAX_NONCE_TRIES = 64
/** Missing nonces filled in one round. */
export const MAX_FILLED = 16
/** An intent that a caller was told is mined has no deadline any more. */
export const NEVER_MS = 8_640_000_000_000_000
/** How long an unsigned intent that came to nothing is kept after its key was submitted again. */
export const RETIRED_KEPT_MS = 3_600_000
