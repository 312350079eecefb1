import type { AcceptedVersion, Intent, Neuron, SubmitOptions } from '@witan/chain'
import {
  type Address,
  commitmentHash,
  type EpochSchedule,
  type ErrorCode,
  epochAt,
  epochWindow,
  type Hex,
  MINIMAL_PARAMETERS,
  unpackRow,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { Transactions, ValidatorChain } from '../../src/index.js'

export const CHAIN_ID = 31_337
export const CONSENSUS: Address = `0x${'c5'.repeat(20)}`
export const NETUID = 1
export const MODEL: Hex = `0x${'a1'.repeat(32)}`
export const START_SECONDS = 1_800_000_000
export const SCHEDULE: EpochSchedule = { startedAt: START_SECONDS, epochLength: 15, revealWindow: 7 }

type Call = Intent['call']

const NO_TERMS = {
  ...{ end: 0, revealEnd: 0, settleEnd: 0, activityCutoff: 0n, kappa: 0, bondsAlpha: 0, bondsPenalty: 0 },
  ...{ liquidAlpha: false, alphaLow: 0, alphaHigh: 0, alphaSteepness: 0 },
  ...{ ownerCut: 0, minersCut: 0, validatorsCut: 0 },
}
const NO_SNAPSHOT = {
  ...{ terms: NO_TERMS, uids: 0, stakes: [], registeredAt: [], takes: [], newPermits: [], ownSlots: [] },
}

/** A chain with the rules of the Consensus contract and a block a second, as far as a validator sees them. */
export class TestChain {
  readonly #clock: Pick<Clock, 'nowMs'>
  readonly commitments = new Map<string, Hex>()
  /** Revealed rows by epoch and operator. */
  readonly rows = new Map<string, readonly bigint[]>()
  /** Every transaction that was mined. */
  readonly mined: { readonly from: Address; readonly method: string; readonly epoch: number }[] = []
  neurons: readonly Neuron[] = []
  versions: readonly AcceptedVersion[] = [versionOf(MODEL)]
  lastSnapshot: number | undefined
  lastSettled: number | undefined
  stake = 1n
  schedule: EpochSchedule = SCHEDULE
  /** While set, every request fails. */
  failure: Error | undefined
  /** While set, requests about models fail. */
  registryFailure: Error | undefined
  /** Transactions that are accepted and then refused when they are mined. */
  refuse: ((method: string, epoch: number) => ErrorCode | undefined) | undefined

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock
  }

  get now(): number {
    return Math.floor(this.#clock.nowMs() / 1000)
  }

  client(): ValidatorChain {
    const read = async <T>(value: () => T): Promise<T> => {
      if (this.failure !== undefined) throw this.failure
      return value()
    }
    return {
      latestBlock: () => read(() => ({ number: this.now - START_SECONDS, timestamp: this.now })),
      subnets: {
        subnet: () =>
          read(() => ({
            schedule: this.schedule,
            startedAt: START_SECONDS,
            parameters: MINIMAL_PARAMETERS,
          })),
        neurons: () => read(() => this.neurons),
      },
      models: {
        acceptedOn: () =>
          read(() => {
            if (this.registryFailure !== undefined) throw this.registryFailure
            return { versions: this.versions, subnetPolicy: ZERO_DIGEST, gracePeriod: 60, timestamp: this.now }
          }),
      },
      consensus: {
        lastSettled: () => read(() => (this.lastSettled === undefined ? undefined : { epoch: this.lastSettled })),
        voters: () => read(() => this.#voters().map(({ uid }) => uid)),
        lastSnapshot: () => read(() => this.lastSnapshot),
      },
      vault: { stakesAt: (nodeIds) => read(() => nodeIds.map(() => this.stake)) },
      settleInputs: (_, epoch) =>
        read(() => ({
          voters: this.#voters().map(({ uid }) => uid),
          snapshot: NO_SNAPSHOT,
          votes: {
            committedAt: this.#voters().map(({ operator }) => (this.rows.has(`${epoch}:${operator}`) ? 1n : 0n)),
            rowWords: 1,
            rows: this.#voters().map(({ operator }) => this.rows.get(`${epoch}:${operator}`)?.[0] ?? 0n),
            bonds: [],
            claim: [],
          },
        })),
      intents: {
        commit: (_, epoch, commitment) => intentOf('commit', { epoch, commitment }),
        reveal: (reveal) => intentOf('reveal', { ...reveal }),
        snapshot: (_, epoch) => intentOf('snapshot', { epoch }),
        settle: ({ epoch, votes }) => intentOf('settle', { epoch, rows: votes.rows }),
      },
    }
  }

  /** The sender of a key; it outlives restarts as its journal does. */
  sender(from: Address): Transactions {
    const outcomes = new Map<string, { readonly data: string; readonly result: Promise<unknown> }>()
    const submit = async ({ call }: Intent, { idempotenceKey }: SubmitOptions): Promise<unknown> => {
      if (this.failure !== undefined) throw this.failure
      const data = JSON.stringify(call, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
      const known = outcomes.get(idempotenceKey)
      if (known !== undefined) {
        if (known.data !== data) throw new Error(`${idempotenceKey} was used for two transactions`)
        return known.result
      }
      this.#execute(from, call)
      outcomes.set(idempotenceKey, { data, result: Promise.resolve() })
      return undefined
    }
    return { submit }
  }

  /** Weights by uid that an operator revealed. */
  weights(epoch: number, operator: Address): number[] | undefined {
    const row = this.rows.get(`${epoch}:${operator}`)
    return row && unpackRow(row, this.neurons.length)
  }

  #voters(): readonly Neuron[] {
    return this.neurons.filter(({ stake }) => stake > 0n)
  }

  #execute(from: Address, { method, args }: Call): void {
    const { epoch } = args as { epoch: number }
    const refusal = this.refuse?.(method, epoch)
    if (refusal !== undefined) throw revert(refusal)
    const neuron = this.neurons.find(({ operator }) => operator === from)
    if (neuron === undefined) throw revert('UNREGISTERED_OPERATOR')
    if (method === 'commit') this.#commit(from, epoch, args as never)
    if (method === 'reveal') this.#reveal(neuron, epoch, args as never)
    if (method === 'snapshot') this.#snapshot(epoch)
    if (method === 'settle') this.#settle(epoch)
    this.mined.push({ from, method, epoch })
  }

  #commit(from: Address, epoch: number, { commitment }: { commitment: Hex }): void {
    if (epochAt(this.schedule, this.now) !== epoch) throw revert('NOT_CURRENT_EPOCH')
    this.commitments.set(`${epoch}:${from}`, commitment)
  }

  #reveal(
    { operator, nodeId, registeredAt }: Neuron,
    epoch: number,
    reveal: { version: bigint; packedRow: bigint[]; evidenceRoot: Hex; salt: Hex },
  ): void {
    const { endsAt, revealEndsAt } = epochWindow(this.schedule, epoch)
    if (this.now < endsAt) throw revert('TOO_EARLY')
    if (this.now >= revealEndsAt) throw revert('REVEAL_CLOSED')
    const key = `${epoch}:${operator}`
    const committed = this.commitments.get(key)
    if (committed === undefined) throw revert('COMMITMENT_MISSING')
    if (this.rows.has(key)) throw revert('ALREADY_REVEALED')
    const bound = { chainId: CHAIN_ID, consensus: CONSENSUS, netuid: NETUID, epoch, nodeId, registeredAt, ...reveal }
    if (commitmentHash(bound) !== committed) throw revert('COMMITMENT_MISMATCH')
    this.rows.set(key, reveal.packedRow)
  }

  #snapshot(epoch: number): void {
    const { endsAt, settleEndsAt } = epochWindow(this.schedule, epoch)
    if (this.lastSnapshot === epoch) throw revert('ALREADY_SNAPSHOTTED')
    if (this.now < endsAt) throw revert('TOO_EARLY')
    if (this.now >= settleEndsAt) throw revert('EPOCH_VOID')
    this.lastSnapshot = epoch
  }

  #settle(epoch: number): void {
    const { revealEndsAt, settleEndsAt } = epochWindow(this.schedule, epoch)
    if (this.lastSettled === epoch) throw revert('ALREADY_SETTLED')
    if (this.now < revealEndsAt) throw revert('TOO_EARLY')
    if (this.now >= settleEndsAt) throw revert('EPOCH_VOID')
    this.lastSettled = epoch
  }
}

function revert(code: ErrorCode): WitanError {
  return new WitanError(code, 'The contract refuses the call')
}

function intentOf(method: string, args: Readonly<Record<string, unknown>>): Intent {
  const call = { contract: 'Consensus', method, args }
  return { to: CONSENSUS, data: '0x', valueWei: 0n, description: method, call }
}

/** A version as the registry has it. */
export function versionOf(manifest: Hex, overrides: Partial<AcceptedVersion> = {}): AcceptedVersion {
  const plain = { modelId: 0n, number: 0, policy: ZERO_DIGEST, graceEndsAt: undefined, replaced: undefined }
  return { ...plain, manifest, ...overrides }
}

export function neuronOf(uid: number, operator: Address, stake = 0n): Neuron {
  return {
    uid,
    nodeId: BigInt(uid + 1),
    registeredAt: START_SECONDS - 100 + uid,
    operator,
    owner: operator,
    takeBps: 0,
    stake,
    record: { digest: MODEL, seq: 1, expiry: START_SECONDS + 86_400 },
  }
}
