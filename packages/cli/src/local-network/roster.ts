import type { BehaviourName } from '@witan/protocol'

/** A node of the local network; its name is that of its key, its folder and its log. */
export type LocalNode =
  | { readonly name: string; readonly role: 'validator'; readonly behaviour: BehaviourName<'validator'> }
  | { readonly name: string; readonly role: 'miner'; readonly behaviour: BehaviourName<'miner'> }

/** Three validators, one of them a copier; five honest miners, one slow and two that cheat. */
export const ROSTER: readonly LocalNode[] = [
  { name: 'validator-1', role: 'validator', behaviour: 'honest' },
  { name: 'validator-2', role: 'validator', behaviour: 'honest' },
  { name: 'validator-copier', role: 'validator', behaviour: 'copier' },
  { name: 'miner-1', role: 'miner', behaviour: 'honest' },
  { name: 'miner-2', role: 'miner', behaviour: 'honest' },
  { name: 'miner-3', role: 'miner', behaviour: 'honest' },
  { name: 'miner-4', role: 'miner', behaviour: 'honest' },
  { name: 'miner-5', role: 'miner', behaviour: 'honest' },
  { name: 'miner-slow', role: 'miner', behaviour: 'slow' },
  { name: 'miner-wrong-model', role: 'miner', behaviour: 'wrong-model' },
  { name: 'miner-cached', role: 'miner', behaviour: 'cached' },
]

export const VALIDATORS = ROSTER.filter(({ role }) => role === 'validator')

/** Keys beside those of the nodes. */
export const DEPLOYER = 'deployer'
export const SUBNET_OWNER = 'subnet-owner'
export const CONSUMER = 'consumer'

/** Every node has an owner of its own, as on a real network. */
export const ownerOf = ({ name }: LocalNode): string => `owner-${name}`

export const KEYS: readonly string[] = [
  DEPLOYER,
  SUBNET_OWNER,
  CONSUMER,
  ...ROSTER.flatMap((node) => [node.name, ownerOf(node)]),
]

export const MODEL = 'ppocr-v4-rec'
export const NETUID = 1

const TOKEN = 10n ** 18n
/** Wei of the chain's coin for the gas of years. */
export const COINS_EACH = 100n * TOKEN
export const TOKENS_EACH = 10_000n * TOKEN
export const STAKE_EACH = 1_000n * TOKEN
export const MAX_REGISTRATION_PRICE = TOKEN
