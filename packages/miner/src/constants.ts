/** Outputs up to this size are kept, so that a request asked again gets its answer again; a line of text has 100 bytes. */
export const MAX_KEPT_OUTPUT_BYTES = 16 * 1024

/** Old answers are removed this often: rare enough to cost nothing, often enough to keep the file small. */
export const PRUNE_INTERVAL_MS = 60_000

/** Outputs that a policy lets nobody keep are removed this often: its unit is the second. */
export const FORGET_INTERVAL_MS = 1_000
