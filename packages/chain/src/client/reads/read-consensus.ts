import { fromBitmap, type Hex, MAX_UIDS } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'
import type { Contracts } from '../../network/contracts.js'
import { unlessClosed } from './unless-closed.js'

export interface Commitment {
  readonly hash: Hex
  readonly epoch: number
  /** Unix seconds. */
  readonly committedAt: number
  readonly isRevealed: boolean
}

export interface VoterState {
  readonly uid: number
  readonly nodeId: bigint
  readonly registeredAt: number
  /** Of the last revealed row and the time at which it was committed (`rowHashOf`); undefined when there is none. */
  readonly rowHash: Hex | undefined
  /** Unix seconds: when the row that stands was committed, or the registration. */
  readonly lastUpdate: number
  /** At most two: of the running epoch and of the one being revealed or settled. */
  readonly commitments: readonly Commitment[]
}

export interface LastSettled {
  readonly epoch: number
  /** T of that epoch, unix seconds. */
  readonly endsAt: number
  readonly blockNumber: number
  /** Slots that it had. */
  readonly uids: number
  /** keccak256 of the bond rows that the next settlement takes. */
  readonly bondsHash: Hex
  /** Uids that hold a permit now, ascending. */
  readonly permits: readonly number[]
}

/** What an epoch's snapshot fixes, packed as the contract takes it: `IConsensus.Snapshot`. */
export type Snapshot = Output<Abis['Consensus'], 'snapshotOf'>

const PAGE = 128

export type ConsensusReads = ReturnType<typeof readConsensus>

export function readConsensus({ consensus, subnets }: Contracts) {
  return {
    currentEpoch: async (netuid: number, options?: ReadOptions): Promise<number> =>
      Number(await subnets.read('currentEpoch', [netuid], options)),

    /** As `currentEpoch`; undefined in a dissolved subnet whose last epoch is over. */
    async runningEpoch(netuid: number, options?: ReadOptions): Promise<number | undefined> {
      const epoch = await unlessClosed(subnets.read('currentEpoch', [netuid], options))
      return epoch === undefined ? undefined : Number(epoch)
    },

    async voterState(netuid: number, uid: number, options?: ReadOptions): Promise<VoterState> {
      return toVoterState(await consensus.read('voterState', [netuid, uid], options))
    },

    async voterStates(netuid: number, options?: ReadOptions): Promise<VoterState[]> {
      const found: VoterState[] = []
      for (;;) {
        const page = await consensus.read('voterStates', [netuid, found.length, PAGE], options)
        found.push(...page.map(toVoterState))
        if (page.length < PAGE) return found
      }
    },

    /**
     * Uids whose rows settle the epoch, ascending: holders of the permits in force, or of those that the epoch itself
     * grants when none was settled before.
     */
    async voters(netuid: number, epoch: number, options?: ReadOptions): Promise<number[]> {
      const { settled } = await consensus.read('lastSettled', [netuid], options)
      if (settled) return [...(await consensus.read('voters', [netuid], options))]
      return uidsOf((await consensus.read('snapshotOf', [netuid, BigInt(epoch)], options)).newPermits)
    },

    /** Uids that hold a permit since the last settled epoch. */
    async permits(netuid: number, options?: ReadOptions): Promise<number[]> {
      return [...(await consensus.read('voters', [netuid], options))]
    },

    async lastSettled(netuid: number, options?: ReadOptions): Promise<LastSettled | undefined> {
      const last = await consensus.read('lastSettled', [netuid], options)
      if (!last.settled) return undefined
      const { epoch, end, blockNumber, uids, bondsHash, permits } = last
      return { epoch: Number(epoch), endsAt: end, blockNumber, uids, bondsHash, permits: uidsOf(permits) }
    },

    /** The epoch of the last snapshot taken, or undefined before the first. */
    async lastSnapshot(netuid: number, options?: ReadOptions): Promise<number | undefined> {
      const [epoch, hash] = await consensus.read('lastSnapshot', [netuid], options)
      return unlessZero(hash) === undefined ? undefined : Number(epoch)
    },

    /** What the epoch's snapshot fixes; the same from the epoch's end until it is void, taken or not. */
    snapshotOf: (netuid: number, epoch: number, options?: ReadOptions): Promise<Snapshot> =>
      consensus.read('snapshotOf', [netuid, BigInt(epoch)], options),

    /** Uids that committed in the epoch and have not revealed. */
    async withheld(netuid: number, epoch: number, options?: ReadOptions): Promise<number[]> {
      return uidsOf(await consensus.read('withheld', [netuid, BigInt(epoch)], options))
    },
  }
}

export function uidsOf(bitmap: readonly bigint[]): number[] {
  return fromBitmap(bitmap, MAX_UIDS).flatMap((isSet, uid) => (isSet ? [uid] : []))
}

function toVoterState(state: Output<Abis['Consensus'], 'voterState'>): VoterState {
  const { rowHash, commitments, ...rest } = state
  return {
    ...rest,
    rowHash: unlessZero(rowHash),
    commitments: commitments
      .filter(({ hash }) => unlessZero(hash) !== undefined)
      .map(({ hash, epoch, committedAt, revealed }) => ({
        hash,
        epoch: Number(epoch),
        committedAt,
        isRevealed: revealed,
      })),
  }
}

function unlessZero(hash: Hex): Hex | undefined {
  return BigInt(hash) === 0n ? undefined : hash
}
