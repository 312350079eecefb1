import type { Service } from '@witan/runtime'
import { createPollLoop, type PollModules } from '../poll-loop.js'
import type { Rpc } from '../rpc/rpc.js'
import { type Block, readLatestBlock } from './block.js'

export interface BlockWatcherOptions {
  /** 250 on a local chain; 2,000 when absent. */
  readonly pollMs?: number
}

export interface BlockWatcherModules extends PollModules {
  readonly rpc: Rpc
}

/** Looks at the head of the chain and tells of each new one. Heads may be skipped, and after a reorg go back. */
export interface BlockWatcher extends Service {
  /** The newest head seen, or undefined before the first. */
  latest(): Block | undefined
  /** Calls `listener` at once with the newest head, if there is one, and at each new head; returns its removal. */
  onBlock(listener: (block: Block) => void): () => void
  /** Resolves with the first head whose timestamp is at least `unixSeconds`. */
  waitForTimestamp(unixSeconds: number, signal?: AbortSignal): Promise<Block>
}

const DEFAULT_POLL_MS = 2_000

export function createBlockWatcher(
  { pollMs = DEFAULT_POLL_MS }: BlockWatcherOptions,
  { rpc, ...modules }: BlockWatcherModules,
): BlockWatcher {
  const listeners = new Set<(block: Block) => void>()
  let latest: Block | undefined

  const poll = async (signal: AbortSignal) => {
    const block = await readLatestBlock(rpc, { signal })
    if (block.hash === latest?.hash) return
    latest = block
    modules.metrics?.headBlock.set(block.number)
    for (const listener of [...listeners]) listener(block)
  }

  const onBlock = (listener: (block: Block) => void) => {
    listeners.add(listener)
    if (latest !== undefined) listener(latest)
    return () => void listeners.delete(listener)
  }

  const waitForTimestamp = (unixSeconds: number, signal?: AbortSignal) =>
    new Promise<Block>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const end = () => {
        listeners.delete(listener)
        signal?.removeEventListener('abort', onAbort)
      }
      const onAbort = () => {
        end()
        reject(signal?.reason)
      }
      const listener = (block: Block) => {
        if (block.timestamp < unixSeconds) return
        end()
        resolve(block)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      onBlock(listener)
    })

  const { start, stop } = createPollLoop({ name: 'block watcher', pollMs, run: poll, onHead: rpc.onHead }, modules)
  return { start, stop, latest: () => latest, onBlock, waitForTimestamp }
}
