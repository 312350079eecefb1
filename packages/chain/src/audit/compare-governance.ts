import { forEachOf } from '@witan/runtime'
import { PROPOSAL_STATES } from '../client/reads/read-governance.js'
import { accessAt, delayAt, scheduleAt } from './access-ledger.js'
import type { Comparison } from './compare-money.js'
import { guardianAt, type ProposalFacts, proposalStateAt } from './governor-ledger.js'
import type { Replay } from './replay.js'
import { stored } from './stored.js'

export async function compareGovernor({ governor: ledger }: Replay, comparison: Comparison): Promise<void> {
  const { contracts, at, now, findings } = comparison
  const { governor } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('governor', what, rebuilt, told)
  compare('voting delay', ledger.votingDelay, await governor.read('votingDelay', [], at))
  compare('voting period', ledger.votingPeriod, await governor.read('votingPeriod', [], at))
  compare('vote extension', ledger.voteExtension, BigInt(await governor.read('lateQuorumVoteExtension', [], at)))
  compare('proposal threshold', ledger.proposalThreshold, await governor.read('proposalThreshold', [], at))
  compare('quorum', ledger.quorum.latest(), await governor.read('quorumNumerator', [], at))
  compare('super quorum', ledger.superQuorum.latest(), await governor.read('superQuorumNumerator', [], at))
  compare('guardian', guardianAt(ledger, now), await governor.read('proposalGuardian', [], at))
  compare('guardian until', ledger.guardianUntil, await governor.read('guardianUntil', [], at))
  compare('timelock', ledger.timelock, await governor.read('timelock', [], at))
  await forEachOf(ledger.proposals, async ([proposalId, proposal]) => {
    await compareProposal(proposalId, proposal, comparison)
  })
}

async function compareProposal(
  proposalId: bigint,
  proposal: ProposalFacts,
  { contracts, at, now, findings }: Comparison,
) {
  const { governor } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) =>
    findings.compare('governor', `proposal ${proposalId} ${what}`, rebuilt, told)
  const { snapshot } = proposal
  compare('proposer', proposal.proposer, await governor.read('proposalProposer', [proposalId], at))
  compare('snapshot', BigInt(snapshot), await governor.read('proposalSnapshot', [proposalId], at))
  compare('deadline', BigInt(proposal.deadline), await governor.read('proposalDeadline', [proposalId], at))
  compare('expiry', proposal.expiry, await governor.read('proposalExpiry', [proposalId], at))
  compare('eta', BigInt(proposal.eta), await governor.read('proposalEta', [proposalId], at))
  compare('votes', proposal.votes, await governor.read('proposalVotes', [proposalId], at))
  for (const voter of proposal.voters) {
    compare(`vote of ${voter}`, true, await governor.read('hasVoted', [proposalId, voter], at))
  }
  // Parts of the stake at the snapshot, which the vault's ledger answers for; before it is over nothing depends on them.
  const [quorum, superQuorum] =
    snapshot < now
      ? await Promise.all([
          governor.read('quorum', [BigInt(snapshot)], at),
          governor.read('superQuorum', [BigInt(snapshot)], at),
        ])
      : [0n, 0n]
  const state = await stored(governor.read('state', [proposalId], at))
  const told = state === undefined ? undefined : PROPOSAL_STATES[state]
  compare('state', proposalStateAt(proposal, now, { quorum, superQuorum }), told)
}

export async function compareTimelock({ timelock: ledger }: Replay, { contracts, at, findings }: Comparison) {
  const { timelock } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('timelock', what, rebuilt, told)
  compare('delay', ledger.minDelay, await timelock.read('getMinDelay', [], at))
  compare('execution window', ledger.executionWindow, BigInt(await timelock.read('executionWindow', [], at)))
  compare('governor', ledger.governor, await timelock.read('governor', [], at))
  await forEachOf(ledger.operations, async ([id, { timestamp, expiresAt }]) => {
    compare(`operation ${id}`, timestamp, await timelock.read('getTimestamp', [id], at))
    compare(`operation ${id} expires at`, expiresAt, await timelock.read('expiresAt', [id], at))
  })
  await forEachOf(ledger.roles.values(), async ([role, account, isGranted]) => {
    compare(`role ${role} of ${account}`, isGranted, await timelock.read('hasRole', [role, account], at))
  })
  await forEachOf(ledger.roleAdmins, async ([role, admin]) => {
    compare(`admin of role ${role}`, admin, await timelock.read('getRoleAdmin', [role], at))
  })
}

export async function compareAccess({ access: ledger }: Replay, { contracts, at, now, findings }: Comparison) {
  const { access } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('access', what, rebuilt, told)
  await forEachOf(ledger.grants.values(), async (grant) => {
    const { role, account } = grant
    compare(`role ${role} of ${account}`, accessAt(grant, now), await access.read('getAccess', [role, account], at))
  })
  await forEachOf(ledger.functionRoles.values(), async ([target, selector, role]) => {
    const told = await access.read('getTargetFunctionRole', [target, selector], at)
    compare(`role for ${selector} of ${target}`, role, told)
  })
  const named = [ledger.roleAdmins, ledger.roleGuardians, ledger.grantDelays].flatMap((known) => [...known.keys()])
  const granted = [...ledger.grants.values()].map(({ role }) => role)
  await forEachOf(new Set([...granted, ...named]), async (role) => {
    const [admin, guardian, delay] = await Promise.all([
      access.read('getRoleAdmin', [role], at),
      access.read('getRoleGuardian', [role], at),
      access.read('getRoleGrantDelay', [role], at),
    ])
    compare(`admin of role ${role}`, ledger.roleAdmins.get(role) ?? 0n, admin)
    compare(`guardian of role ${role}`, ledger.roleGuardians.get(role) ?? 0n, guardian)
    compare(`grant delay of role ${role}`, delayAt(ledger.grantDelays.get(role), now), delay)
  })
  await forEachOf(ledger.closed, async ([target, closed]) => {
    compare(`${target} closed`, closed, await access.read('isTargetClosed', [target], at))
  })
  await forEachOf(ledger.adminDelays, async ([target, delay]) => {
    compare(`admin delay of ${target}`, delayAt(delay, now), await access.read('getTargetAdminDelay', [target], at))
  })
  await forEachOf(ledger.schedules, async ([id, { timepoint, nonce }]) => {
    const told = await Promise.all([access.read('getSchedule', [id], at), access.read('getNonce', [id], at)])
    compare(`schedule ${id}`, [scheduleAt(timepoint, now), nonce], told)
  })
}
