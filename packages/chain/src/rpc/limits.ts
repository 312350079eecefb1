/** Batches under way at one endpoint; with HTTP each takes a socket. A WebSocket endpoint takes one in all. */
export const MAX_BATCHES_IN_FLIGHT = 8
/** Requests that wait for an answer; one more is refused with `BUSY`. */
export const MAX_WAITING_REQUESTS = 10_000
/** Public endpoints refuse longer batches. */
export const MAX_BATCH = 50
/** More than any answer asked for here (logs of a bounded range); less than would exhaust a small machine. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024
