import type { Clock, Logger } from '@witan/runtime'
import type { Rpc } from '../rpc/rpc.js'
import { quoteFees } from './fees.js'
import type { Journal, SignedIntent } from './journal.js'
import { MAX_FILLED, NEVER_MS } from './limits.js'
import type { Replacement } from './replacement.js'

export interface NonceFillerModules {
  readonly journal: Journal
  readonly replacement: Replacement
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Nonces below the lowest open one that neither the chain nor the journal knows, as an endpoint leaves them that named
 * one too high: everything behind would wait for ever. Once seen for `conflictMs`, each gets a transfer of nothing. The
 * signed transactions above stay as they are: signed anew lower, both versions could be mined.
 */
export function createNonceFiller({ conflictMs }: { conflictMs: number }, modules: NonceFillerModules) {
  const { journal, replacement, clock, logger } = modules
  let seen: { readonly nonce: number; readonly atMs: number } | undefined

  const holesIn = (from: number, to: number) => {
    const holes: number[] = []
    for (let nonce = from; nonce < to && holes.length < MAX_FILLED; nonce++) {
      const intent = journal.atNonce(nonce)
      if (intent === undefined) holes.push(nonce)
      else if (intent.state === 'conflict') journal.reopen(intent)
    }
    return holes
  }

  return async (rpc: Rpc, open: readonly SignedIntent[], nextNonce: number): Promise<void> => {
    const lowest = open[0]?.nonce
    if (lowest === undefined || nextNonce >= lowest) {
      seen = undefined
      return
    }
    if (seen?.nonce !== nextNonce) seen = { nonce: nextNonce, atMs: clock.monotonicMs() }
    if (clock.monotonicMs() - seen.atMs < conflictMs) return
    const holes = holesIn(nextNonce, lowest)
    if (holes.length === 0) return
    const quote = await quoteFees(rpc)
    const nowMs = clock.nowMs()
    for (const nonce of holes) {
      const intent = {
        idempotenceKey: `nonce:${nonce}:${nowMs}`,
        intentDigest: '',
        description: `fill nonce ${nonce}`,
        call: 'nonce.fill',
        to: null,
        data: '0x',
        valueWei: 0n,
        maxCostWei: undefined,
        deadlineAtMs: NEVER_MS,
        createdAtMs: nowMs,
      } as const
      journal.fill(intent, nonce, await replacement.filler(rpc, nonce, quote, nowMs))
    }
    logger.warn({ holes, lowest }, 'nonces that nothing was sent at are filled')
  }
}
