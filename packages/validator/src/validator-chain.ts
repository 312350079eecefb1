import type {
  Acceptance,
  Block,
  ChainClient,
  Intent,
  LastSettled,
  Neuron,
  SettleInputs,
  SubmitOptions,
  Subnet,
} from '@witan/chain'

/** What a validator reads from the chain and sends to it; the chain client has all of it. */
export interface ValidatorChain {
  latestBlock(signal?: AbortSignal): Promise<Pick<Block, 'number' | 'timestamp'>>
  readonly subnets: {
    subnet(netuid: number): Promise<Pick<Subnet, 'schedule' | 'startedAt' | 'parameters'>>
    neurons(netuid: number): Promise<readonly Neuron[]>
  }
  readonly models: { acceptedOn(netuid: number, signal?: AbortSignal): Promise<Acceptance> }
  readonly consensus: {
    lastSettled(netuid: number): Promise<Pick<LastSettled, 'epoch'> | undefined>
    /** Uids whose rows settle the epoch, ascending. */
    voters(netuid: number, epoch: number): Promise<readonly number[]>
    /** The epoch of the last snapshot taken. */
    lastSnapshot(netuid: number): Promise<number | undefined>
  }
  /** Stakes of nodes at a past moment, wei. */
  readonly vault: { stakesAt(nodeIds: readonly bigint[], timestamp: number): Promise<readonly bigint[]> }
  /** Rows and bonds of the epoch's voters as events tell them. */
  settleInputs(netuid: number, epoch: number, signal?: AbortSignal): Promise<SettleInputs>
  readonly intents: Pick<ChainClient['intents'], 'commit' | 'reveal' | 'snapshot' | 'settle'>
}

/** Sends the validator's transactions: the sender of its operator key. */
export interface Transactions {
  submit(intent: Intent, options: SubmitOptions): Promise<unknown>
}
