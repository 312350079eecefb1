import type { Address } from '@witan/protocol'
import type { ChainEvent } from '../abi/events.js'
import type { Snapshot } from '../client/reads/read-consensus.js'
import { type AccessLedger, applyToAccess, createAccessLedger } from './access-ledger.js'
import type { AuditEvent, TimedEvent } from './audit-event.js'
import { applyToChannels, type ChannelsLedger, createChannelsLedger } from './channels-ledger.js'
import { applyToClaims, type ClaimsLedger, createClaimsLedger, followClaims } from './claims-ledger.js'
import { applyVote, type ConsensusLedger, votesOf } from './consensus-ledger.js'
import { applyToCourt, type CourtLedger, createCourtLedger } from './court-ledger.js'
import { applyToDatasets, createDatasetsLedger, type DatasetsLedger } from './datasets-ledger.js'
import {
  applyEpochPaid,
  applyToEmission,
  bountyCapAt,
  createEmissionLedger,
  type EmissionLedger,
  type EpochPaidEvent,
  emissionOf,
} from './emission-ledger.js'
import type { Findings, Section } from './findings.js'
import { applyToGauge, createGaugeLedger, dueUntil, type GaugeLedger, type GaugeTerms } from './gauge-ledger.js'
import { applyToGovernor, createGovernorLedger, type GovernorLedger } from './governor-ledger.js'
import { applyToMembers, createMembersLedger, type MembersLedger } from './members-ledger.js'
import { applyToMembership, createMembershipLedger, type MembershipLedger } from './membership-ledger.js'
import { applyToModels, createModelsLedger, type ModelsLedger } from './models-ledger.js'
import type { Moved } from './moved.js'
import { applyToRevenue, createRevenueLedger, type RevenueLedger } from './revenue-ledger.js'
import { replaySettlement } from './settlement.js'
import { splitPay } from './slot-pay.js'
import { rebuildSnapshot } from './snapshot.js'
import { applyToSubnets, createSubnetsLedger, type SubnetsLedger } from './subnets-ledger.js'
import { versionOf } from './timeline.js'
import { applyToTimelock, createTimelockLedger, type TimelockLedger } from './timelock-ledger.js'
import { applyToToken, createTokenLedger, type TokenLedger } from './token-ledger.js'
import { applyToVault, createVaultLedger, type VaultLedger } from './vault-ledger.js'
import { applyToVoters, createVotersLedger, noteSlash, type VotersLedger } from './voters-ledger.js'

/** The whole state of a network as its events tell it. */
export interface Replay {
  readonly token: TokenLedger
  readonly vault: VaultLedger
  readonly subnets: SubnetsLedger
  readonly consensus: ConsensusLedger
  readonly emission: EmissionLedger
  readonly gauge: GaugeLedger
  readonly models: ModelsLedger
  readonly datasets: DatasetsLedger
  readonly channels: ChannelsLedger
  readonly revenue: RevenueLedger
  readonly governor: GovernorLedger
  readonly timelock: TimelockLedger
  readonly access: AccessLedger
  readonly voters: VotersLedger
  readonly members: MembersLedger
  readonly membership: MembershipLedger
  readonly court: CourtLedger
  readonly claims: ClaimsLedger
  /** Events in the order of the chain. */
  apply(timed: TimedEvent): void
}

/** What no event tells. */
export interface Immutables {
  readonly gauge: GaugeTerms
  /** Of a fork: the contract that pays the claims. */
  readonly claims: Address | undefined
}

export function createReplay({ gauge: terms, claims: claimsAddress }: Immutables, findings: Findings): Replay {
  const token = createTokenLedger()
  const vault = createVaultLedger()
  const subnets = createSubnetsLedger()
  const consensus: ConsensusLedger = new Map()
  const emission = createEmissionLedger()
  const gauge = createGaugeLedger(terms)
  const models = createModelsLedger()
  const datasets = createDatasetsLedger()
  const channels = createChannelsLedger()
  const revenue = createRevenueLedger()
  const governor = createGovernorLedger()
  const timelock = createTimelockLedger()
  const access = createAccessLedger()
  const voters = createVotersLedger()
  const members = createMembersLedger()
  const membership = createMembershipLedger()
  const court = createCourtLedger()
  const claims = createClaimsLedger(claimsAddress)

  const compareMoved = (section: Section, { name, blockNumber }: ChainEvent, moved: Moved | undefined) => {
    if (moved === undefined) return
    findings.compare(section, `${name} in block ${blockNumber}`, moved.rebuilt, moved.told)
  }

  const applyConsensus = (event: AuditEvent<'Consensus'>) => {
    const subnet = subnets.subnets.get(event.args.netuid)
    if (subnet === undefined) return
    const votes = votesOf(consensus, event.args.netuid)
    if (event.name === 'SnapshotTaken') {
      const { netuid, snapshot } = event.args
      const epoch = Number(event.args.epoch)
      compareSnapshot(findings, `subnet ${netuid} epoch ${epoch}`, rebuildSnapshot(subnet, vault, epoch), snapshot)
      votes.snapshot = { epoch, snapshot }
    } else if (event.name === 'EpochSettled') {
      votes.last = replaySettlement(event, votes, findings)
    } else {
      const holder = subnet.slots[event.args.uid]?.[0]
      if (holder !== undefined) applyVote(votes, event, holder)
    }
  }

  const applyPaid = (event: EpochPaidEvent) => {
    const { netuid, paid } = event.args
    const epoch = Number(event.args.epoch)
    const label = `subnet ${netuid} epoch ${epoch}`
    const versions = subnets.subnets.get(netuid)?.versions
    const last = consensus.get(netuid)?.last
    findings.compare('emission', `${label} settled before it was paid`, last?.epoch, epoch)
    if (versions === undefined || last === undefined) return
    const { books } = emissionOf(emission, netuid)
    findings.compare(
      'gauge',
      `${label} scheduled`,
      dueUntil(gauge, netuid, last.endsAt) - books.scheduled,
      paid.scheduled,
    )
    const emitted = paid.scheduled + books.carried
    findings.compare('emission', `${label} emission`, emitted, paid.emission)
    const { slots, ...parts } = splitPay(
      emitted,
      bountyCapAt(emission, last.endsAt),
      versionOf(versions, epoch).parameters,
      last,
    )
    for (const [name, part] of Object.entries(parts)) {
      findings.compare('emission', `${label} ${name}`, part, paid[name as keyof typeof parts])
    }
    applyEpochPaid(emission, event, last.endsAt, slots)
  }

  const applyEmission = (event: AuditEvent<'Emission'>, time: number) => {
    if (event.name === 'EpochPaid') return applyPaid(event)
    compareMoved('gauge', event, applyToGauge(gauge, event, time))
    compareMoved('emission', event, applyToEmission(emission, event, uidOf, netuidsOf))
  }

  const uidOf = (netuid: number, nodeId: bigint) => subnets.subnets.get(netuid)?.uidOf.get(nodeId)

  const netuidsOf = (nodeId: bigint) => [...(subnets.netuidsOf.get(nodeId) ?? [])]

  return {
    token,
    vault,
    subnets,
    consensus,
    emission,
    gauge,
    ...{ models, datasets, channels, revenue, governor, timelock, access, voters, members, membership, court, claims },
    apply({ event, time }) {
      switch (event.contract) {
        case 'WitanToken':
          followClaims(claims, event)
          return applyToToken(token, event)
        case 'StakeVault':
          if (event.name === 'Slashed') noteSlash(voters)
          return applyToVault(vault, event, time)
        case 'Subnets':
          return applyToSubnets(subnets, event, time)
        case 'Consensus':
          return applyConsensus(event)
        case 'Emission':
          return applyEmission(event, time)
        case 'ModelRegistry':
          return applyToModels(models, event, time)
        case 'DatasetRegistry':
          return compareMoved('royalties', event, applyToDatasets(datasets, event, time))
        case 'PaymentChannels':
          return compareMoved('channels', event, applyToChannels(channels, event))
        case 'RevenueSplitter':
          return compareMoved('revenue', event, applyToRevenue(revenue, event, time))
        case 'WitanGovernor':
          return applyToGovernor(governor, event, time)
        case 'WitanTimelock':
          return applyToTimelock(timelock, event, time)
        case 'WitanAccess':
          return applyToAccess(access, event, time)
        case 'StakeVotes':
          return applyToVoters(voters, event)
        case 'SubnetMembers':
          return applyToMembers(members, event)
        case 'MembershipToken':
          return compareMoved('membership', event, applyToMembership(membership, event, time))
        case 'DisputeCourt':
          return compareMoved('court', event, applyToCourt(court, event, time))
        case 'ForkClaim':
          return compareMoved('claims', event, applyToClaims(claims, event))
      }
    },
  }
}

function compareSnapshot(findings: Findings, label: string, rebuilt: Snapshot, told: Snapshot): void {
  for (const name of Object.keys(rebuilt) as (keyof Snapshot)[]) {
    findings.compare('snapshots', `${label} ${name}`, rebuilt[name], told[name])
  }
}
