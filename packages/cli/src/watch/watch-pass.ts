import type { Accusation, Intent } from '@witan/chain'
import { type Address, type Fault, isWitanError, type WitanError } from '@witan/protocol'
import { type FaultChain, findNewFaults } from './find-new-faults.js'
import { MAX_EXAMPLES, type ReadEvidence } from './read-evidence.js'

/** Something to be sent; `due` is the accusation that it carries out, or whose bond it takes back. */
export type WatchAction =
  | { readonly action: 'accuse'; readonly fault: Fault }
  | { readonly action: 'execute' | 'dismiss'; readonly due: Accusation }

export interface WatchModules<Sent> {
  readonly chain: FaultChain
  /** Whose bonds are taken back when the court may no longer judge. */
  readonly from: Address
  /** Sends what an action takes, or shows it. */
  act(action: WatchAction): Promise<Sent>
  readonly signal: AbortSignal
}

export interface WatchReport<Sent> {
  readonly receipts: number
  readonly unreadable: number
  readonly forged: number
  /** Of both: the first of them. */
  readonly examples: readonly WitanError[]
  /** False: the court lost its role, so nobody is accused. */
  readonly maySlash: boolean
  /** Of which the node was accused before. */
  readonly known: number
  /** Over which the court judges later: it has no room for them yet, or nobody can have taken the request. */
  readonly ahead: number
  readonly done: readonly (WatchAction & { readonly sent: Sent })[]
  readonly failed: readonly (WatchAction & { readonly error: WitanError })[]
}

/** What the person at the terminal said no to, or was not there to say. */
const ANSWERS = ['CONFIRMATION_NEEDED', 'NOT_CONFIRMED'] as const

/**
 * One look: accuses of every new fault and executes what is due; from a court that may no longer slash it takes its bonds
 * back. What others do meanwhile is theirs; an action that fails with a code is reported and does not keep the others from
 * being tried. All it must remember is on chain.
 */
export async function watchOnce<Sent>(
  { evidence, unreadable, examples }: ReadEvidence,
  modules: WatchModules<Sent>,
): Promise<WatchReport<Sent>> {
  const { chain, act, signal } = modules
  const [found, maySlash] = await Promise.all([
    findNewFaults(evidence, chain, signal),
    chain.court.maySlash({ signal }),
  ])
  const accusations = maySlash ? found.faults.map((fault): WatchAction => ({ action: 'accuse', fault })) : []
  const actions = [...accusations, ...(await dueOf(maySlash, modules))]
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
  const { known, ahead, forged } = found
  return {
    receipts: evidence.length,
    unreadable,
    forged: forged.length,
    examples: [...examples, ...forged.slice(0, MAX_EXAMPLES).map(({ error }) => error)],
    maySlash,
    known,
    ahead,
    done,
    failed,
  }
}

async function dueOf(
  maySlash: boolean,
  { chain, from, signal }: Pick<WatchModules<unknown>, 'chain' | 'from' | 'signal'>,
): Promise<WatchAction[]> {
  const [{ timestamp }, accusations] = await Promise.all([
    chain.latestBlock(signal),
    chain.court.accusations(1n, { signal }),
  ])
  const open = accusations.filter(({ state }) => state === 'open')
  return maySlash
    ? open.filter(({ executableAt }) => executableAt <= timestamp).map((due) => ({ action: 'execute', due }))
    : open.filter(({ challenger }) => challenger === from).map((due) => ({ action: 'dismiss', due }))
}

/** What an action sends; an accusation pays its bond by allowance. */
export async function intentsOf(
  action: WatchAction,
  client: {
    readonly intents: {
      accuse(fault: Fault): Intent
      executeAccusation(accusationId: bigint): Intent
      dismissAccusation(accusationId: bigint): Intent
    }
    approvals(spending: { owner: Address; spender: 'court'; amountWei: bigint }): Promise<Intent[]>
    readonly court: { terms(): Promise<{ readonly bond: bigint }> }
  },
  from: Address,
): Promise<Intent[]> {
  if (action.action !== 'accuse') {
    const { executeAccusation, dismissAccusation } = client.intents
    return [(action.action === 'execute' ? executeAccusation : dismissAccusation)(action.due.accusationId)]
  }
  const { bond } = await client.court.terms()
  const approvals = await client.approvals({ owner: from, spender: 'court', amountWei: bond })
  return [...approvals, client.intents.accuse(action.fault)]
}
