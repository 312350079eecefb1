import { CHAIN_ERRORS } from './catalog/chain.js'
import { CLI_ERRORS } from './catalog/cli.js'
import { CONTRACT_ERRORS } from './catalog/contracts.js'
import { COURT_ERRORS } from './catalog/court.js'
import { FORK_ERRORS } from './catalog/fork.js'
import { GOVERNANCE_ERRORS } from './catalog/governance.js'
import { INFERENCE_ERRORS } from './catalog/inference.js'
import { MINER_ERRORS } from './catalog/miner.js'
import { P2P_ERRORS } from './catalog/p2p.js'
import { PROTOCOL_ERRORS } from './catalog/protocol.js'
import { REGISTRY_ERRORS } from './catalog/registries.js'
import { RUNTIME_ERRORS } from './catalog/runtime.js'
import { STORAGE_ERRORS } from './catalog/storage.js'
import { VALIDATOR_ERRORS } from './catalog/validator.js'

/** Every code the product can print. Codes are permanent: none is renamed or reused. */
export const ERROR_CATALOG = {
  ...PROTOCOL_ERRORS,
  ...RUNTIME_ERRORS,
  ...CHAIN_ERRORS,
  ...CONTRACT_ERRORS,
  ...REGISTRY_ERRORS,
  ...GOVERNANCE_ERRORS,
  ...FORK_ERRORS,
  ...COURT_ERRORS,
  ...P2P_ERRORS,
  ...INFERENCE_ERRORS,
  ...STORAGE_ERRORS,
  ...MINER_ERRORS,
  ...VALIDATOR_ERRORS,
  ...CLI_ERRORS,
} as const

export type ErrorCode = keyof typeof ERROR_CATALOG
