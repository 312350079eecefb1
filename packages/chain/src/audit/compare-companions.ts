import { forEachOf } from '@witan/runtime'
import type { CompanionContracts } from '../network/companions.js'
import type { Comparison } from './compare-money.js'
import type { Replay } from './replay.js'
import { stored } from './stored.js'

/** Contracts that the network file does not name. */
export interface Companions {
  readonly companions: CompanionContracts
}

export async function compareVoters(
  { voters: ledger }: Replay,
  { at, findings, companions: { stakeVotes } }: Comparison & Companions,
): Promise<void> {
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('voters', what, rebuilt, told)
  await forEachOf(ledger.counted, async ([account, counted]) => {
    for (const [nodeId, assets] of counted) {
      compare(
        `stake of ${account} on node ${nodeId}`,
        assets,
        await stakeVotes.read('countedOf', [account, nodeId], at),
      )
    }
    const sum = [...counted.values()].reduce((total, assets) => total + assets, 0n)
    compare(`stake of ${account}`, sum, await stakeVotes.read('stakedOf', [account], at))
  })
  await forEachOf(new Set([...ledger.counted.keys(), ...ledger.delegates.keys()]), async (account) => {
    const delegate = ledger.delegates.get(account) ?? account
    compare(`delegate of ${account}`, delegate, await stakeVotes.read('delegates', [account], at))
  })
  await forEachOf(ledger.votes, async ([account, { votes: told, isCertain }]) => {
    if (isCertain) compare(`votes of ${account}`, told, await stakeVotes.read('getVotes', [account], at))
  })
}

export async function compareMembers(
  { members: ledger }: Replay,
  { at, findings, companions: { members } }: Comparison & Companions,
): Promise<void> {
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('members', what, rebuilt, told)
  compare('number of proposals', BigInt(ledger.proposals.size), await members.read('proposalCount', [], at))
  await forEachOf(ledger.rosters, async ([netuid, roster]) => {
    compare(`subnet ${netuid} members`, roster.count, await members.read('memberCount', [netuid], at))
    compare(`subnet ${netuid} roster`, roster.number, await members.read('rosterOf', [netuid], at))
    for (const [account, isMember] of roster.members) {
      compare(`subnet ${netuid} member ${account}`, isMember, await members.read('isMember', [netuid, account], at))
    }
  })
  await forEachOf(ledger.proposals, async ([proposalId, proposal]) => {
    const told = await stored(members.read('proposal', [proposalId], at))
    for (const [field, value] of Object.entries(proposal)) {
      compare(`proposal ${proposalId} ${field}`, value, told?.[field as keyof typeof proposal])
    }
    for (const voter of ledger.voters.get(proposalId) ?? []) {
      compare(`proposal ${proposalId} vote of ${voter}`, true, await members.read('hasVoted', [proposalId, voter], at))
    }
  })
}
