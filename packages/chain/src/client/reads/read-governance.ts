import type { Address, Hex } from '@witan/protocol'
import type { ReadOptions } from '../../abi/contract.js'
import type { ChainEvent } from '../../abi/events.js'
import { queryEventPages } from '../../events/query-events.js'
import type { Connection } from '../../network/connect-chain.js'
import type { ProposalContent } from '../intents/governance-intents.js'

/** In the order of `IGovernor.ProposalState`. */
export const PROPOSAL_STATES = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]

/** As it was proposed; times in unix seconds. */
export interface Proposed extends ProposalContent {
  /** Its place among all, from 1. */
  readonly number: number
  readonly proposalId: bigint
  readonly proposer: Address
  readonly snapshotAt: number
  readonly blockNumber: number
}

export interface ProposalStanding {
  readonly state: ProposalState
  readonly forWei: bigint
  readonly againstWei: bigint
  readonly abstainWei: bigint
  /** Votes for and abstaining that it needs; null before the snapshot. */
  readonly quorumWei: bigint | null
  /** Unix seconds: last moment to vote. */
  readonly votesUntil: number
  /** Unix seconds: when it may be executed; null before it is queued. */
  readonly executableAt: number | null
  /** Unix seconds: last moment to execute it. */
  readonly expiresAt: number
}

type Standing = Pick<Proposed, 'proposalId' | 'snapshotAt'>

export interface SinceOptions {
  /** Since the deployment when absent. */
  readonly fromBlock?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export type GovernorEvent = Extract<ChainEvent, { contract: 'WitanGovernor' }>

export function readGovernance({ rpc, network, contracts }: Connection) {
  const { governor, timelock } = contracts

  const events = async ({
    fromBlock = network.deployedAtBlock,
    signal,
  }: SinceOptions = {}): Promise<GovernorEvent[]> => {
    const latest = Number(await rpc.request<string>('eth_blockNumber', [], { signal }))
    const filter = { contracts: new Map([[governor.address, 'WitanGovernor' as const]]) }
    const found: GovernorEvent[] = []
    for await (const events of queryEventPages(rpc, filter, fromBlock, latest, { signal })) {
      found.push(...(events as GovernorEvent[]))
    }
    return found
  }

  return {
    /** All that the governor has said, the oldest first. */
    events,

    /** All proposals, the oldest first, from the events. */
    async proposals(options: Pick<ReadOptions, 'signal'> = {}): Promise<Proposed[]> {
      return proposalsIn(await events(options)).map((proposal, index) => ({ number: index + 1, ...proposal }))
    },

    /** Those that were made from a block on, without their numbers. */
    async proposedSince(options: SinceOptions): Promise<Omit<Proposed, 'number'>[]> {
      return proposalsIn(await events(options))
    },

    /** How a proposal stands; `snapshotAt` as it was proposed. */
    async standing({ proposalId, snapshotAt }: Standing, options?: ReadOptions): Promise<ProposalStanding> {
      const [state, [againstWei, forWei, abstainWei], votesUntil, eta, expiresAt, clock] = await Promise.all([
        governor.read('state', [proposalId], options),
        governor.read('proposalVotes', [proposalId], options),
        governor.read('proposalDeadline', [proposalId], options),
        governor.read('proposalEta', [proposalId], options),
        governor.read('proposalExpiry', [proposalId], options),
        governor.read('clock', [], options),
      ])
      const quorumWei = snapshotAt < clock ? await governor.read('quorum', [BigInt(snapshotAt)], options) : null
      return {
        state: PROPOSAL_STATES[state]!,
        forWei,
        againstWei,
        abstainWei,
        quorumWei,
        votesUntil: Number(votesUntil),
        executableAt: eta === 0n ? null : Number(eta),
        expiresAt,
      }
    },

    /** Wei of stake with which the account votes on what had its snapshot at `time`, which is over. */
    votesAt: (account: Address, time: number, options?: ReadOptions): Promise<bigint> =>
      governor.read('getVotes', [account, BigInt(time)], options),

    hasVoted: (proposalId: bigint, account: Address, options?: ReadOptions): Promise<boolean> =>
      governor.read('hasVoted', [proposalId, account], options),

    /** How decisions are made now; times in seconds, thresholds in wei. */
    async settings(options?: ReadOptions) {
      const [votingDelay, votingPeriod, voteExtension, timelockDelay, executionWindow, cycle] = await Promise.all([
        governor.read('votingDelay', [], options),
        governor.read('votingPeriod', [], options),
        governor.read('lateQuorumVoteExtension', [], options),
        timelock.read('getMinDelay', [], options),
        timelock.read('executionWindow', [], options),
        governor.read('cycle', [], options),
      ])
      const [minCycle, maxCycle, quorumPercent, superQuorumPercent, proposalThresholdWei] = await Promise.all([
        timelock.read('minCycle', [], options),
        timelock.read('maxCycle', [], options),
        governor.read('quorumNumerator', [], options),
        governor.read('superQuorumNumerator', [], options),
        governor.read('proposalThreshold', [], options),
      ])
      const [guardian, guardianUntil] = await Promise.all([
        governor.read('proposalGuardian', [], options),
        governor.read('guardianUntil', [], options),
      ])
      return {
        votingDelay: Number(votingDelay),
        votingPeriod: Number(votingPeriod),
        voteExtension,
        timelockDelay: Number(timelockDelay),
        executionWindow,
        cycle: Number(cycle),
        minCycle,
        maxCycle,
        quorumPercent: Number(quorumPercent),
        superQuorumPercent: Number(superQuorumPercent),
        proposalThresholdWei,
        guardian: BigInt(guardian) === 0n ? null : guardian,
        guardianUntil,
      }
    },
  }
}

function proposalsIn(events: readonly GovernorEvent[]): Omit<Proposed, 'number'>[] {
  return events
    .filter((event) => event.name === 'ProposalCreated')
    .map(({ args, blockNumber }) => ({
      proposalId: args.proposalId,
      proposer: args.proposer,
      snapshotAt: Number(args.voteStart),
      description: args.description,
      calls: args.targets.map((to, place) => {
        return { to, valueWei: args.values[place]!, data: args.calldatas[place]! as Hex }
      }),
      blockNumber,
    }))
}
