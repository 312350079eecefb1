import type { Hex } from '@witan/protocol'
import { type Block, readBlock } from '../blocks/block.js'
import type { Rpc } from '../rpc/rpc.js'
import type { DeliveredBlock } from './cursor.js'

/** Blocks that a reorganisation may replace: what was delivered of them is kept, so that it can be taken back. */
export const REORG_DEPTH_BLOCKS = 64

/** What stands before the first block: no reorganisation replaces it. */
export function beginning(fromBlock: number): DeliveredBlock[] {
  return [{ number: fromBlock - 1, hash: '0x', logs: [] }]
}

/** The blocks that may still be replaced, and the one below them. */
export function keepReplaceable(blocks: readonly DeliveredBlock[]): DeliveredBlock[] {
  return blocks.slice(-REORG_DEPTH_BLOCKS - 1)
}

export type Standing =
  /** All stands. */
  | { readonly kind: 'whole' }
  /** The endpoint is behind what was delivered, and agrees with it so far: nothing was replaced that is known of. */
  | { readonly kind: 'behind' }
  /** Blocks after the one at this index were replaced. */
  | { readonly kind: 'replaced'; readonly index: number }
  /** All blocks that are kept were replaced. */
  | { readonly kind: 'lost' }

/** How far the chain under `head` holds what was delivered. */
export async function findStanding(
  rpc: Rpc,
  blocks: readonly DeliveredBlock[],
  head: Block,
  signal: AbortSignal,
): Promise<Standing> {
  const isCanonical = async ({ number, hash }: DeliveredBlock) =>
    isBeginning(hash) || (number === head.number ? head : await readBlock(rpc, number, { signal }))?.hash === hash
  const comparable = blocks.filter(({ number, hash }) => number <= head.number || isBeginning(hash))
  const newest = comparable.at(-1)
  if (newest === undefined) return { kind: 'behind' }
  if (await isCanonical(newest)) return { kind: comparable.length === blocks.length ? 'whole' : 'behind' }
  const stands = await Promise.all(comparable.map(isCanonical))
  const index = stands.lastIndexOf(true)
  return index < 0 ? { kind: 'lost' } : { kind: 'replaced', index }
}

/** Whether each header follows on the one before, the first on `last`. */
export function areLinked(last: DeliveredBlock, headers: readonly Block[]): boolean {
  return headers.every(({ number, parentHash }, index) => {
    const before = headers[index - 1] ?? last
    return before.number !== number - 1 || isBeginning(before.hash) || before.hash === parentHash
  })
}

function isBeginning(hash: Hex): boolean {
  return hash === '0x'
}
