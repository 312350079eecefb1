// The chain as the rest of the product sees it: a typed client of the contracts, one sender per key whose transactions
// survive any crash, events across reorganisations, the deployment of a network, the embedded local chain and
// keystores. Only this package knows how an EVM chain is spoken to; importing it does nothing.

export { decodeCall, encodeNamedCall, type NamedCall } from './abi/call-codec.js'
export { type CallableArgument, type CallableFunction, callableFunctions } from './abi/callable-functions.js'
export type { ReadOptions } from './abi/contract.js'
// Events, typed by contract and name.
export type { ChainEvent, ContractName, EventArguments, EventName, TypedEvent } from './abi/events.js'
// Amounts as people write them.
export { formatAmount, parseAmount } from './amount.js'
export { writeFileAtomic } from './atomic-file.js'
// The state rebuilt from events, compared with what is stored.
export { type AuditOptions, type AuditReport, auditNetwork } from './audit/audit-network.js'
export type { Difference, Section, SectionFindings } from './audit/findings.js'
// Blocks.
export { type Block, genesisHashOf } from './blocks/block.js'
export {
  type BlockWatcher,
  type BlockWatcherModules,
  type BlockWatcherOptions,
  createBlockWatcher,
} from './blocks/block-watcher.js'
// The typed client.
export type { Acceptance, AcceptedVersion } from './client/accepted.js'
export type { Spending } from './client/approvals.js'
export { checkRegistration, type RegistrationReads, type WantedRegistration } from './client/check-registration.js'
export type { ClosingEpoch } from './client/closing-epoch.js'
export type { Companions } from './client/companions.js'
export { type ChainClient, createChainClient, openChain } from './client/create-chain-client.js'
export { creditsOf, type SlotCredit } from './client/epoch-credits.js'
export { createKernelEngine } from './client/epoch-engine.js'
export {
  createRegistryFollower,
  type FollowedVersion,
  type RegistryFollower,
  type RegistryFollowerModules,
  type RegistryFollowerOptions,
} from './client/follow-registry.js'
export type { Reveal, Settlement } from './client/intents/consensus-intents.js'
export type { NewDataset, NewDatasetVersion, NewFlag, RoyaltyClaim } from './client/intents/dataset-intents.js'
export { type ProposalContent, titleOf, VOTES, type VoteChoice } from './client/intents/governance-intents.js'
export type { NewModel, NewModelVersion } from './client/intents/model-intents.js'
export type { OperatorReplacement } from './client/intents/owner-intents.js'
export type { NewChannel, RevenueKey } from './client/intents/payment-intents.js'
export {
  type Announcement,
  type LastPay,
  type NewSubnet,
  NO_PAY,
  type Registration,
} from './client/intents/subnet-intents.js'
export type { Spender } from './client/intents/token-intents.js'
export type { Metagraph, MetagraphNeuron } from './client/metagraph.js'
export type { Permit, PermitRequest } from './client/permit.js'
export { type PruningCandidate, type PruningFacts, pruningOrder } from './client/pruning-order.js'
export type { Neuron, RecordEntry } from './client/reads/neuron.js'
export type { Commitment, LastSettled, Snapshot, VoterState } from './client/reads/read-consensus.js'
export {
  ACCUSATION_STATES,
  type Accusation,
  type AccusationState,
  type CourtTerms,
  type KeyRecord,
} from './client/reads/read-court.js'
export type {
  CuratorBallot,
  DatasetFlag,
  DatasetVersion,
  RegisteredDataset,
  RoyaltyPool,
} from './client/reads/read-datasets.js'
export type { GaugePoint, GaugeShare } from './client/reads/read-gauge.js'
export type { GovernorEvent, ProposalStanding, ProposalState, Proposed } from './client/reads/read-governance.js'
export type { MemberProposal } from './client/reads/read-members.js'
export type {
  ModelFloor,
  PaidPart,
  RegisteredModel,
  RegisteredVersion,
  TrainingSet,
} from './client/reads/read-models.js'
export type { Supply } from './client/reads/read-money.js'
export type { Channel, NumberedChannel, SplitTable } from './client/reads/read-payments.js'
export type { EpochContext, PendingParameters, Subnet } from './client/reads/read-subnets.js'
export type { NumberedRequest, StakePool, StakePosition, UnstakeRequest } from './client/reads/read-vault.js'
export type { RecentRegistration, RecentRegistrations } from './client/registrations.js'
export type { PaidIn, RevenueRange } from './client/revenue.js'
export type { SettleInputs } from './client/settle-inputs.js'
export { bountyDown, isWorthSettling, type Payoff, paysOff } from './client/settle-rules.js'
export { type SettledEpoch, toSettledEpoch } from './client/settled-epoch.js'
// Deployment.
export { courtTermsOf } from './deploy/court-terms.js'
export { type DeployPlan, deployFileSchema, readDeployFile } from './deploy/deploy-file.js'
export { type DeployModules, type DeployOptions, deployNetwork } from './deploy/deploy-network.js'
export { type DeploymentEstimate, estimateDeployment } from './deploy/estimate-deployment.js'
export { type GovernanceTerms, governanceTermsOf } from './deploy/governance-terms.js'
// The local chain.
export {
  createEmbeddedChain,
  type EmbeddedChain,
  type EmbeddedChainModules,
  type EmbeddedChainOptions,
} from './embedded/embedded-chain.js'
export { createKernelSandbox, type KernelSandbox } from './embedded/kernel-sandbox.js'
// Following events.
export { type Cursor, createDurableCursor, type DeliveredBlock } from './events/cursor.js'
export {
  type EventBatch,
  type EventFollower,
  type FollowModules,
  type FollowOptions,
  followEvents,
} from './events/follow-events.js'
export type { EventFilter } from './events/query-events.js'
// Forks.
export { claimOf, exportDigest, exportText, type ForkExport, type ForkHolder, parseExport } from './fork/export-file.js'
export { type ExportOptions, exportNetwork } from './fork/export-network.js'
export { type Fork, openFork } from './fork/fork-client.js'
export { forkDecisions } from './fork/fork-decisions.js'
export { FORK_KINDS, type ForkItem, type ForkKind } from './fork/fork-items.js'
export { excludedAccounts, type ForkChoices, planFork } from './fork/fork-plan.js'
export { type ForkClaimant, type ForkTrees, growTrees } from './fork/fork-trees.js'
export type { Call, DecodedCall, Intent } from './intent.js'
// Keys on disk.
export { createKeystore, type NewKeystore } from './keystore/create-keystore.js'
export { type OpenKeystore, openKeystore, readKeystoreAddress } from './keystore/open-keystore.js'
export { type ChainMetrics, createChainMetrics } from './metrics.js'
export { CHAIN_MIGRATIONS } from './migrations.js'
// Networks.
export { type Connection, type ConnectModules, connectChain } from './network/connect-chain.js'
export type { Contracts } from './network/contracts.js'
export {
  type ContractAddresses,
  type NetworkFile,
  networkFileSchema,
  readNetworkFile,
  writeNetworkFile,
} from './network/network-file.js'
export { amountSchema } from './network/schemas.js'
// JSON-RPC.
export { createRpc, type RpcModules, type RpcOptions } from './rpc/create-rpc.js'
export { publicPart } from './rpc/json-rpc.js'
export type { BlockTag, Rpc } from './rpc/rpc.js'
// Sending.
export { createSender, type SenderModules } from './sender/create-sender.js'
export type { IntentState } from './sender/journal.js'
export type { TransactionResult } from './sender/receipt.js'
export type { ExpiredIntent, Sender, SenderOptions, SubmitOptions } from './sender/sender.js'
export { type GasQuote, quoteGas } from './simulate/quote-gas.js'
export { type SimulatedCall, simulate, simulateTogether } from './simulate/simulate.js'
export { simulateDecision } from './simulate/simulate-decision.js'
