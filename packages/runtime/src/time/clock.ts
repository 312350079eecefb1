/** An abort signal that ends by itself; disposing it early (`using`) frees its timer. */
export type Deadline = AbortSignal & Disposable

/** The only source of time in the product. */
export interface Clock {
  /** Wall clock, unix milliseconds. May jump; never measure durations with it. */
  nowMs(): number
  /** Milliseconds since an arbitrary origin; never goes back. */
  monotonicMs(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /**
   * A signal that aborts after `ms` with a WitanError `DEADLINE_EXCEEDED`, or at once with the parent's reason.
   * Does not keep the process alive.
   */
  timeout(ms: number, parent?: AbortSignal): Deadline
  /** Calls `run` once after `ms`; the returned function cancels it. */
  schedule(ms: number, run: () => void): () => void
}
