import type { Accusation, Intent } from '@witan/chain'
import { type Fault, isWitanError, type WitanError } from '@witan/protocol'
import { type FaultChain, findNewFaults } from './find-new-faults.js'
import type { ReadEvidence } from './read-evidence.js'

/** Something to be sent; `due` is the accusation that it carries out. */
export type WatchAction =
  | { readonly action: 'accuse'; readonly fault: Fault }
  | { readonly action: 'execute'; readonly due: Accusation }

export interface WatchModules<Sent> {
  readonly chain: FaultChain
  /** Sends what an action takes, or shows it. */
  act(action: WatchAction): Promise<Sent>
  readonly signal: AbortSignal
}

export interface WatchReport<Sent> {
  readonly receipts: number
  readonly unreadable: readonly WitanError[]
  readonly forged: readonly WitanError[]
  /** Of which the node was accused before. */
  readonly known: number
  /** Over which the court judges later. */
  readonly ahead: number
  readonly done: readonly (WatchAction & { readonly sent: Sent })[]
  readonly failed: readonly (WatchAction & { readonly error: WitanError })[]
}

/** What the person at the terminal said no to, or was not there to say. */
const ANSWERS = ['CONFIRMATION_NEEDED', 'NOT_CONFIRMED'] as const

/**
 * One look: accuses of every new fault and executes what is due. What others do meanwhile is theirs; an action that fails
 * with a code is reported and does not keep the others from being tried. All it must remember is on chain.
 */
export async function watchOnce<Sent>(
  { evidence, unreadable }: ReadEvidence,
  modules: WatchModules<Sent>,
): Promise<WatchReport<Sent>> {
  const { chain, act, signal } = modules
  const found = await findNewFaults(evidence, chain, signal)
  const actions = [
    ...found.faults.map((fault): WatchAction => ({ action: 'accuse', fault })),
    ...(await dueOf(modules)),
  ]
  const done: (WatchAction & { sent: Sent })[] = []
  const failed: (WatchAction & { error: WitanError })[] = []
  for (const action of actions) {
    try {
      done.push({ ...action, sent: await act(action) })
    } catch (error) {
      signal.throwIfAborted()
      if (!isWitanError(error) || ANSWERS.some((code) => error.code === code)) throw error
      failed.push({ ...action, error })
    }
  }
  const forged = found.forged.map(({ error }) => error)
  return { receipts: evidence.length, unreadable, forged, known: found.known, ahead: found.ahead, done, failed }
}

async function dueOf({ chain, signal }: Pick<WatchModules<unknown>, 'chain' | 'signal'>): Promise<WatchAction[]> {
  const [{ timestamp }, accusations] = await Promise.all([
    chain.latestBlock(signal),
    chain.court.accusations(1n, { signal }),
  ])
  return accusations
    .filter(({ state, executableAt }) => state === 'open' && executableAt <= timestamp)
    .map((due) => ({ action: 'execute', due }))
}

/** What an action sends; an accusation pays its bond by allowance. */
export async function intentsOf(
  action: WatchAction,
  client: {
    readonly intents: { accuse(fault: Fault): Intent; executeAccusation(accusationId: bigint): Intent }
    approvals(spending: { owner: `0x${string}`; spender: 'court'; amountWei: bigint }): Promise<Intent[]>
    readonly court: { terms(): Promise<{ readonly bond: bigint }> }
  },
  from: `0x${string}`,
): Promise<Intent[]> {
  if (action.action === 'execute') return [client.intents.executeAccusation(action.due.accusationId)]
  const { bond } = await client.court.terms()
  const approvals = await client.approvals({ owner: from, spender: 'court', amountWei: bond })
  return [...approvals, client.intents.accuse(action.fault)]
}
