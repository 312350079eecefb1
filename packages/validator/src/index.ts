// The validator: judges miners epoch by epoch and brings its judgement on chain. Driven by the clock of the chain it
// challenges miners with fresh inputs whose answer it knows or which the policy refuses, verifies receipts, turns outcomes into a row of
// weights, commits it, reveals it and settles the epoch when its turn comes. Every duty can be run again from the
// journal, whatever crashed. Importing this does nothing.

export type { ValidatorBehaviour } from './behaviour/create-behaviour.js'
export type { MechanismSources } from './challenge/mechanism.js'
export type { SentenceMaker } from './challenge/text-mechanism.js'
export { type ValidatorConfig, validatorConfigSchema } from './config.js'
export { VALIDATOR_MIGRATIONS } from './journal/migrations.js'
export { createValidator, type Validator, type ValidatorStatus } from './validator.js'
export type { Transactions, ValidatorChain } from './validator-chain.js'
export type { InferAnswer, InferHead, MinerTarget, ValidatorNetwork } from './validator-network.js'
export type { ValidatorModules, ValidatorOptions } from './validator-options.js'
