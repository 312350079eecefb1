import type { IntentState, ProposalStanding, Proposed } from '@witan/chain'
import { isWitanError } from '@witan/protocol'
import { type ErrandName, type ErrandRunner, journalKeyOf } from './errand.js'
import type { KeeperChain, KeeperSender } from './keeper-chain.js'

/** Blocks that are read again: a replaced one may have had a proposal. */
const REREAD_BLOCKS = 64

/** What is due for a proposal at `now`, unix seconds. */
export function dueStep(
  { state, executableAt, expiresAt }: Pick<ProposalStanding, 'state' | 'executableAt' | 'expiresAt'>,
  now: number,
): 'queue' | 'execute' | undefined {
  if (now > expiresAt) return undefined
  if (state === 'succeeded') return 'queue'
  return state === 'queued' && executableAt !== null && executableAt <= now ? 'execute' : undefined
}

/** Whether nothing can happen to a proposal any more. */
export function isOver({ state }: Pick<ProposalStanding, 'state'>): boolean {
  return state === 'canceled' || state === 'defeated' || state === 'expired' || state === 'executed'
}

export interface DecisionModules {
  readonly chain: Pick<KeeperChain, 'governance' | 'intents'>
  readonly sender: Pick<KeeperSender, 'stateOf'>
  readonly run: ErrandRunner
}

/** Ends of a transaction after which the same step may be due again. */
const SPENT: readonly (IntentState | undefined)[] = ['mined', 'reverted', 'conflict']

/** Carries out what the stakers have decided: queues what won, executes what has waited. */
export function createDecisionKeeper({ chain, sender, run }: DecisionModules) {
  const open = new Map<bigint, Omit<Proposed, 'number'>>()
  let over = new Set<bigint>()
  let readTo: number | undefined

  const refresh = async (block: number, signal: AbortSignal) => {
    const since = readTo === undefined ? {} : { fromBlock: Math.max(0, readTo - REREAD_BLOCKS) }
    const found = await chain.governance.proposedSince({ ...since, signal })
    for (const each of found) if (!over.has(each.proposalId)) open.set(each.proposalId, each)
    over = new Set(found.map(({ proposalId }) => proposalId).filter((id) => over.has(id)))
    readTo = block
  }

  /** The journal tells how often the step was taken in vain, so that a keeper that was killed does not take it twice. */
  const keyOf = (name: ErrandName, proposalId: bigint): string => {
    for (let tries = 0; ; tries++) {
      const key = `${proposalId}:${tries}`
      if (!SPENT.includes(sender.stateOf(journalKeyOf(name, key)))) return key
    }
  }

  return async (block: number, now: number, signal: AbortSignal): Promise<void> => {
    if (block === readTo) return
    await refresh(block, signal)
    for (const proposal of open.values()) {
      const { proposalId } = proposal
      const standing = await chain.governance.standing(proposal, { signal }).catch(unlessGone)
      if (standing === undefined || isOver(standing)) {
        open.delete(proposalId)
        over.add(proposalId)
        continue
      }
      const name = dueStep(standing, now)
      if (name === undefined) continue
      const prepare = async () =>
        name === 'queue' ? chain.intents.queueProposal(proposal) : chain.intents.executeProposal(proposal)
      await run({ name, of: String(proposalId), key: keyOf(name, proposalId), prepare }, signal)
    }
  }
}

/** The block in which it was proposed was replaced. */
function unlessGone(error: unknown): undefined {
  if (!isWitanError(error, 'PROPOSAL_UNKNOWN')) throw error
}
