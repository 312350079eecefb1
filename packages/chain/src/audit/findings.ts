import type { ContractName } from '../abi/events.js'

/** One value that is not what the events give. */
export interface Difference {
  /** That stores it. */
  readonly contract: ContractName
  /** Which value: `node 3 shares`. */
  readonly what: string
  readonly rebuilt: string
  readonly stored: string
}

export interface SectionFindings {
  readonly section: Section
  readonly compared: number
  readonly differing: number
  /** The first of those that differ. */
  readonly differences: readonly Difference[]
}

/** In the order of the report. */
export const SECTIONS = [
  'tokens',
  'nodes',
  'pools',
  'accounts',
  'subnets',
  'parameters',
  'neurons',
  'votes',
  'snapshots',
  'settlements',
  'bonds',
  'gauge',
  'emission',
  'models',
  'datasets',
  'royalties',
  'channels',
  'revenue',
  'governor',
  'timelock',
  'access',
  'voters',
  'members',
  'membership',
  'court',
  'claims',
] as const

export type Section = (typeof SECTIONS)[number]

const CONTRACT_OF: Readonly<Record<Section, ContractName>> = {
  tokens: 'WitanToken',
  nodes: 'StakeVault',
  pools: 'StakeVault',
  accounts: 'StakeVault',
  subnets: 'Subnets',
  parameters: 'Subnets',
  neurons: 'Subnets',
  votes: 'Consensus',
  snapshots: 'Consensus',
  settlements: 'Consensus',
  bonds: 'Consensus',
  gauge: 'Emission',
  emission: 'Emission',
  models: 'ModelRegistry',
  datasets: 'DatasetRegistry',
  royalties: 'DatasetRegistry',
  channels: 'PaymentChannels',
  revenue: 'RevenueSplitter',
  governor: 'WitanGovernor',
  timelock: 'WitanTimelock',
  access: 'WitanAccess',
  voters: 'StakeVotes',
  members: 'SubnetMembers',
  membership: 'MembershipToken',
  court: 'DisputeCourt',
  claims: 'ForkClaim',
}

/** More of a section help nobody: the first one is looked at first. */
const KEPT_DIFFERENCES = 20

export interface Findings {
  /** Counts a comparison; values are equal when they read the same. */
  compare(section: Section, what: string, rebuilt: unknown, stored: unknown): void
  sections(): SectionFindings[]
}

export function createFindings(): Findings {
  const found = new Map(
    SECTIONS.map((section) => [section, { section, compared: 0, differing: 0, differences: [] as Difference[] }]),
  )
  return {
    compare(section, what, rebuilt, stored) {
      const findings = found.get(section)!
      findings.compared++
      const [left, right] = [textOf(rebuilt), textOf(stored)]
      if (left === right) return
      findings.differing++
      if (findings.differences.length < KEPT_DIFFERENCES) {
        findings.differences.push({ contract: CONTRACT_OF[section], what, rebuilt: left, stored: right })
      }
    },
    sections: () => [...found.values()],
  }
}

function textOf(value: unknown): string {
  if (typeof value !== 'object') return value === undefined ? 'none' : String(value)
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}` : item))
}
