import type { Stock } from '@witan/inference'
import { createLimiter } from '@witan/runtime'

/** Requests that wait for a model or a policy to come: each holds its input, and strangers may ask for what is on its way. */
const MOST_WAITING = 64

/** The same stock, on which so many requests may wait at a time; one more is refused with `BUSY`. */
export function boundWaiting<S extends Pick<Stock, 'settled'>>(stock: S): S {
  const limiter = createLimiter({ concurrency: MOST_WAITING, queue: 0 })
  return { ...stock, settled: () => limiter.run(() => stock.settled()) }
}
