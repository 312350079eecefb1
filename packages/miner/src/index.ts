// The miner: answers requests of permitted validators and admitted operators with a registered model and signs a receipt
// for each answer. A request is checked, queued, run, journaled and only then signed, so that no request ever has two
// receipts, whatever crashes. Behaviours are policies around the model, for local networks that show cheating does not
// pay. Importing this does nothing.

export { createMinerBehaviour } from './behaviour/create-behaviour.js'
export type { Claim, MinerBehaviour } from './behaviour/miner-behaviour.js'
export { type MinerConfig, minerConfigSchema } from './config.js'
export { readBootId } from './journal/boot-id.js'
export { MINER_MIGRATIONS } from './journal/migrations.js'
export { createMiner, type Miner, type MinerStatus } from './miner.js'
export type { MinerChain, PaymentChain } from './miner-chain.js'
export type { MinerModules, MinerNetwork, MinerOptions } from './miner-options.js'
export {
  type SettleableVoucher,
  type SettleFacts,
  type SettlePolicy,
  type SettleTerms,
  settleWhenWorthIt,
} from './payments/settle-policy.js'
export { createReceiptSigner, type ReceiptSigner } from './receipt-signer.js'
export type { InferAnswer, InferCall } from './serving/infer-call.js'
