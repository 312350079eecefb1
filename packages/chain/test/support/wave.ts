import { type Address, type Hex, keccak256Hex } from '@witan/protocol'
import type { Database } from '@witan/runtime'
import type { Test } from 'tap'
import type { Intent, Rpc, Sender } from '../../src/index.js'
import { until } from './until.js'

/** An intent whose effect can be counted: nothing else sends to its address, and no other sends its amount. */
export interface CountedIntent {
  readonly key: string
  readonly to: Address
  readonly amountWei: bigint
  readonly deadlineMs: number
  readonly intent: Intent
}

const LONG_MS = 120_000
/** Some must be mined at once or expire. */
const SHORT_MS = 700

export function createWave(name: string, count: number, { everyShort = 0 } = {}): CountedIntent[] {
  return Array.from({ length: count }, (_, index) => {
    const key = `${name}:${index}`
    const to = `0x${keccak256Hex(new TextEncoder().encode(key)).slice(26)}` as Address
    const amountWei = BigInt(index + 1)
    const intent: Intent = {
      to,
      data: '0x',
      valueWei: amountWei,
      description: `send ${amountWei} wei`,
      call: { contract: 'coin', method: 'transfer', args: { to, amountWei } },
    }
    const isShort = everyShort > 0 && index % everyShort === everyShort - 1
    return { key, to, amountWei, intent, deadlineMs: isShort ? SHORT_MS : LONG_MS }
  })
}

const ENDED = ['mined', 'expired', 'reverted', 'conflict', 'refused']

/** Submits all that have not ended; how each ends is in the journal. */
export function submitWave(sender: Sender, wave: readonly CountedIntent[]): Promise<unknown> {
  const open = wave.filter(({ key }) => !ENDED.includes(sender.stateOf(key) ?? 'new'))
  return Promise.allSettled(
    open.map(({ key: idempotenceKey, intent, deadlineMs }) => sender.submit(intent, { idempotenceKey, deadlineMs })),
  )
}

export const hasEnded = (sender: Sender) => until(() => sender.pending() + sender.queued() === 0, 90_000)

interface Row {
  readonly key: string
  readonly state: string
  readonly nonce: number | null
}

/** Each intent is in the journal once, ended, and the chain shows its effect exactly where it was mined. */
export async function verifyWave(
  t: Test,
  wave: readonly CountedIntent[],
  { rpc, database, account }: { rpc: Rpc; database: Database; account: Address },
): Promise<Record<string, number>> {
  const rows = database.prepare<[], Row>('SELECT idempotence_key AS key, state, nonce FROM intents').all()
  const counts: Record<string, number> = {}
  const wrong: string[] = []
  for (const { key, to, amountWei } of wave) {
    const states = rows.filter((row) => row.key === key).map(({ state }) => state)
    const balance = BigInt(await rpc.request<Hex>('eth_getBalance', [to, 'latest']))
    const expected = states[0] === 'mined' ? amountWei : 0n
    if (states.length !== 1 || !ENDED.includes(states[0]!) || balance !== expected) {
      wrong.push(`${key}: ${states.join('+')}, ${balance} of ${amountWei}`)
    }
    counts[states[0] ?? 'missing'] = (counts[states[0] ?? 'missing'] ?? 0) + 1
  }
  t.strictSame(wrong, [], 'each intent ended once, and its effect is there exactly where it was mined')
  const used = Number(await rpc.request<Hex>('eth_getTransactionCount', [account, 'latest']))
  const signed = rows.filter(({ nonce }) => nonce !== null).map(({ nonce }) => nonce)
  t.equal(used, signed.length, 'every nonce is that of one journaled intent')
  return counts
}
