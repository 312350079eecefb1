import type { Address, Hex } from '@witan/protocol'
import type { ChainEvent } from '../abi/events.js'
import { type Block, readBlock, readLatestBlock } from '../blocks/block.js'
import type { Intent } from '../intent.js'
import { bindCompanions } from '../network/companions.js'
import { type Connection, type ConnectModules, connectChain } from '../network/connect-chain.js'
import type { NetworkFile } from '../network/network-file.js'
import type { BlockTag } from '../rpc/rpc.js'
import { type SimulatedCall, simulate } from '../simulate/simulate.js'
import { approvalsFor, type Spending } from './approvals.js'
import { readChanges, readEffects } from './changes.js'
import { type ClosingEpoch, findClosingEpoch } from './closing-epoch.js'
import { type Companions, createCompanions } from './companions.js'
import { consensusIntents } from './intents/consensus-intents.js'
import { courtIntents } from './intents/court-intents.js'
import { datasetIntents } from './intents/dataset-intents.js'
import { gaugeIntents } from './intents/gauge-intents.js'
import { governanceIntents } from './intents/governance-intents.js'
import { modelIntents } from './intents/model-intents.js'
import { ownerIntents } from './intents/owner-intents.js'
import { paymentIntents } from './intents/payment-intents.js'
import { stakeIntents } from './intents/stake-intents.js'
import { type LastPay, subnetIntents } from './intents/subnet-intents.js'
import { tokenIntents } from './intents/token-intents.js'
import { readLastPay } from './last-pay.js'
import { type Metagraph, readMetagraph } from './metagraph.js'
import { type Permit, type PermitRequest, signPermit } from './permit.js'
import { readConsensus } from './reads/read-consensus.js'
import { readCourt } from './reads/read-court.js'
import { readDatasets } from './reads/read-datasets.js'
import { readGauge } from './reads/read-gauge.js'
import { readGovernance, type SinceOptions } from './reads/read-governance.js'
import { readModels } from './reads/read-models.js'
import { readMoney } from './reads/read-money.js'
import { readPayments } from './reads/read-payments.js'
import { readSubnets } from './reads/read-subnets.js'
import { readVault } from './reads/read-vault.js'
import { type RecentRegistrations, readRegistrations } from './registrations.js'
import { type PaidIn, type RevenueRange, readPaidIn } from './revenue.js'
import { collectSettleInputs, type SettleInputs } from './settle-inputs.js'
import { readSettledEpoch, type SettledEpoch } from './settled-epoch.js'

export type ChainClient = ReturnType<typeof createChainClient>

/** Connects to the network's chain and checks it: `RPC_UNAVAILABLE`, `WRONG_CHAIN_ID` or `CONTRACT_MISSING`. */
export async function openChain(network: NetworkFile, modules: ConnectModules): Promise<ChainClient> {
  return createChainClient(await connectChain(network, modules))
}

/** Reads and intents of a network's contracts. All reads take the block to read at; the newest when absent. */
export function createChainClient(connection: Connection) {
  const { rpc, contracts, network, contractsByAddress } = connection
  let companions: Promise<Companions> | undefined
  return {
    ...connection,
    subnets: readSubnets(contracts),
    consensus: readConsensus(contracts),
    vault: readVault(contracts),
    money: readMoney(contracts, rpc),
    gauge: readGauge(contracts),
    payments: readPayments(contracts, rpc, network),
    datasets: readDatasets(contracts),
    models: readModels(contracts, rpc),
    governance: readGovernance(connection),
    court: readCourt(contracts),
    intents: {
      ...tokenIntents(contracts),
      ...subnetIntents(contracts),
      ...stakeIntents(contracts),
      ...consensusIntents(contracts),
      ...gaugeIntents(contracts),
      ...ownerIntents(contracts),
      ...paymentIntents(contracts),
      ...datasetIntents(contracts),
      ...modelIntents(contracts),
      ...governanceIntents(contracts),
      ...courtIntents(contracts),
    },

    /** Votes of stake and members of consortia. Their addresses are read once, at the first use. */
    companions(): Promise<Companions> {
      companions ??= bindCompanions(contracts, rpc, network).then((bound) => createCompanions(bound, connection))
      // A failed read is tried again by whoever asks next.
      companions.catch(() => {
        companions = undefined
      })
      return companions
    },

    latestBlock: (signal?: AbortSignal): Promise<Block> => readLatestBlock(rpc, { signal }),
    block: (tag: BlockTag, signal?: AbortSignal): Promise<Block | undefined> => readBlock(rpc, tag, { signal }),

    metagraph: (netuid: number, options?: { block?: BlockTag; signal?: AbortSignal }): Promise<Metagraph> =>
      readMetagraph(rpc, contracts, netuid, options),

    /** The results of the settlement in `blockNumber`, which `consensus.lastSettled` tells. */
    settledEpoch: (netuid: number, blockNumber: number, signal?: AbortSignal): Promise<SettledEpoch> =>
      readSettledEpoch(rpc, contracts, netuid, blockNumber, { signal }),

    /** What the last settled epoch paid, which decides who is pruned from a full subnet. */
    lastPay: (netuid: number, signal?: AbortSignal): Promise<LastPay> =>
      readLastPay(rpc, contracts, netuid, { signal }),

    /** Registrations of the last epochs: how many, at which prices. */
    registrations: (netuid: number, epochs: number, signal?: AbortSignal): Promise<RecentRegistrations> =>
      readRegistrations(rpc, contracts, { netuid, epochs, signal }),

    settleInputs: (netuid: number, epoch: number, signal?: AbortSignal): Promise<SettleInputs> =>
      collectSettleInputs(rpc, contracts, { netuid, epoch, deployedAtBlock: network.deployedAtBlock, signal }),

    /** The epoch that has ended at `now` (unix seconds) and can still be settled. */
    closingEpoch: (netuid: number, now: number, signal?: AbortSignal): Promise<ClosingEpoch | undefined> =>
      findClosingEpoch(rpc, contracts, { netuid, now, deployedAtBlock: network.deployedAtBlock, signal }),

    /** For whom revenue came in since a block, or ever. */
    paidIn: (range?: RevenueRange): Promise<PaidIn> => readPaidIn(connection, range),

    /** Activations, retirements, policies and listings since a block or ever, decided or not. */
    changes: (since?: SinceOptions): Promise<ChainEvent[]> => readChanges(connection, since),

    /** What a transaction that carried a decision out has changed. */
    effectsOf: (transactionHash: Hex, signal?: AbortSignal): Promise<ChainEvent[]> =>
      readEffects(connection, transactionHash, signal),

    /** The approval that a call which takes tokens needs first, if any. */
    approvals: (spending: Spending): Promise<Intent[]> => approvalsFor(contracts, spending),

    /** The signer's consent that the vault takes tokens, for `stakeWithPermit`. */
    stakePermit: (request: PermitRequest): Promise<Permit> =>
      signPermit(contracts, network.chainId, { spender: 'vault', ...request }),

    /** The signer's consent that the channels take tokens, for `openChannelWithPermit`. */
    channelPermit: (request: PermitRequest): Promise<Permit> =>
      signPermit(contracts, network.chainId, { spender: 'channels', ...request }),

    /** What the intents would do, sent in this order by `from`. */
    simulate: (intents: readonly Intent[], from: Address, signal?: AbortSignal): Promise<SimulatedCall[]> =>
      simulate(rpc, intents, { from, contracts: contractsByAddress, signal }),
  }
}
