import type { Address } from '@witan/protocol'
import type { Clock } from '@witan/runtime'

/** Keeps questions to a peer within the quota that it answers, however many transfers ask it. */
export interface PeerPace {
  /** Resolves when it is the caller's turn to ask. Rejects with the signal's reason. */
  turnOf(operator: Address, signal?: AbortSignal): Promise<void>
}

const MINUTE_MS = 60_000
/** A peer counts in minutes of its own, so that a question on the border may fall into either. */
const MARGIN = 1.05

export function createPeerPace(
  { requestsPerMinute }: { readonly requestsPerMinute: number },
  { clock }: { readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'> },
): PeerPace {
  const everyMs = (MINUTE_MS * MARGIN) / requestsPerMinute
  /** Of each peer, from when on it may be asked again. */
  const next = new Map<Address, number>()
  return {
    async turnOf(operator, signal) {
      const nowMs = clock.monotonicMs()
      const turnMs = Math.max(nowMs, next.get(operator) ?? nowMs)
      next.set(operator, turnMs + everyMs)
      if (turnMs > nowMs) await clock.sleep(turnMs - nowMs, signal)
    },
  }
}
