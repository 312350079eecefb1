import { fromBitmap, type Hex, MAX_UIDS } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'
import type { Contracts } from '../../network/contracts.js'

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
  /** keccak256 of the packed words of the last revealed row; undefined when there is none. */
  readonly rowHash: Hex | undefined
  readonly bondHash: Hex | undefined
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
  /** Uids that hold a permit now, ascending. */
  readonly permits: readonly number[]
}

export interface Snapshot {
  readonly epoch: number
  /** Slots registered before T. */
  readonly uids: number
  readonly newPermits: readonly number[]
}

const PAGE = 128

export type ConsensusReads = ReturnType<typeof readConsensus>

export function readConsensus({ consensus }: Contracts) {
  return {
    currentEpoch: async (netuid: number, options?: ReadOptions): Promise<number> =>
      Number(await consensus.read('currentEpoch', [netuid], options)),

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

    /** Uids whose rows and bonds `settle` takes, ascending. */
    async voters(netuid: number, epoch: number, options?: ReadOptions): Promise<number[]> {
      return [...(await consensus.read('voters', [netuid, BigInt(epoch)], options))]
    },

    /** Uids that hold a permit since the last settled epoch. */
    async permits(netuid: number, options?: ReadOptions): Promise<number[]> {
      return uidsOf(await consensus.read('permits', [netuid], options))
    },

    async lastSettled(netuid: number, options?: ReadOptions): Promise<LastSettled | undefined> {
      const last = await consensus.read('lastSettled', [netuid], options)
      if (!last.settled) return undefined
      const { epoch, end, blockNumber, permits } = last
      return { epoch: Number(epoch), endsAt: end, blockNumber, permits: uidsOf(permits) }
    },

    /** The last snapshot taken, of whichever epoch. */
    async lastSnapshot(netuid: number, options?: ReadOptions): Promise<Snapshot | undefined> {
      const { taken, epoch, n, newPermit } = await consensus.read('lastSnapshot', [netuid], options)
      return taken ? { epoch: Number(epoch), uids: n, newPermits: uidsOf(newPermit) } : undefined
    },
  }
}

export function uidsOf(bitmap: bigint): number[] {
  return fromBitmap([bitmap], MAX_UIDS).flatMap((isSet, uid) => (isSet ? [uid] : []))
}

function toVoterState(state: Output<Abis['Consensus'], 'voterState'>): VoterState {
  const { rowHash, bondHash, commitments, ...rest } = state
  return {
    ...rest,
    rowHash: unlessZero(rowHash),
    bondHash: unlessZero(bondHash),
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
