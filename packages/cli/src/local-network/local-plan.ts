import { type Address, type BehaviourName, MINIMAL_PARAMETERS } from '@witan/protocol'
import type { Layout } from './layout.js'

/** A node of a local network; its name is that of its key, its folder and its log. */
export type LocalNode =
  | { readonly name: string; readonly role: 'validator'; readonly behaviour: BehaviourName<'validator'> }
  | { readonly name: string; readonly role: 'miner'; readonly behaviour: BehaviourName<'miner'> }

/** Who is on a local network, and what is particular about it. */
export interface LocalPlan {
  readonly roster: readonly LocalNode[]
  /** Keys beside those of the nodes, their owners and the deployer; each gets coins. */
  readonly actors: readonly string[]
  /** Actors who have tokens from the start, beside the owners of subnet and nodes: name and wei. */
  readonly holders: Readonly<Record<string, bigint>>
  readonly subnet: { readonly name: string; readonly model: string }
  /** Entries of the deploy file that differ from those of every local network. */
  readonly deploy: Readonly<Record<string, unknown>>
  /** Further options of a node's configuration. */
  nodeOptions(node: LocalNode, sites: PlanSites): Readonly<Record<string, unknown>>
}

/** What is known once keys are made. */
export interface PlanSites {
  readonly files: Layout
  addressOf(key: string): Address
}

/** Keys beside those of the nodes that every local network has. */
export const DEPLOYER = 'deployer'
export const SUBNET_OWNER = 'subnet-owner'

/** Every node has an owner of its own, as on a real network. */
export const ownerOf = ({ name }: Pick<LocalNode, 'name'>): string => `owner-${name}`

export const keysOf = ({ roster, actors }: LocalPlan): readonly string[] => [
  DEPLOYER,
  SUBNET_OWNER,
  ...actors,
  ...roster.flatMap((node) => [node.name, ownerOf(node)]),
]

export const NETUID = 1

const TOKEN = 10n ** 18n
/** Wei of the chain's coin for the gas of years. */
export const COINS_EACH = 100n * TOKEN
export const TOKENS_EACH = 10_000n * TOKEN
export const STAKE_EACH = 1_000n * TOKEN
export const MAX_REGISTRATION_PRICE = TOKEN

/** Seconds: unstaking and rewards are to be seen within minutes on a local network. */
const UNBONDING = 60
const EPOCH = MINIMAL_PARAMETERS.epochLength

/** Times and prices of the deploy file on every local network. */
export const LOCAL_DEPLOYMENT = {
  unbonding: UNBONDING,
  rewardUnlock: EPOCH,
  moveLock: EPOCH,
  subnetPrice: '100',
  listedFromStart: NETUID,
  gaugePeriod: EPOCH,
  maxShareBps: 10_000,
  channelGrace: EPOCH,
  tableDelay: EPOCH,
  datasetVote: UNBONDING,
  datasetCorrection: 2 * UNBONDING,
  modelGrace: EPOCH,
} as const
