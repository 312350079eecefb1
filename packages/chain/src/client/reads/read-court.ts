import { abis } from '@witan/contracts'
import type { Address, Hex } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'
import { interfaceOf } from '../../abi/interface-of.js'
import type { Contracts } from '../../network/contracts.js'

/** In the order of `IDisputeCourt.Status`. */
export const ACCUSATION_STATES = ['open', 'executed', 'vetoed', 'dismissed'] as const
export type AccusationState = (typeof ACCUSATION_STATES)[number]

/** An accusation; times in unix seconds. */
export interface Accusation extends Omit<Output<Abis['DisputeCourt'], 'accusation'>, 'status'> {
  readonly accusationId: bigint
  readonly state: AccusationState
  /** From when on anybody may execute it. */
  readonly executableAt: number
}

export interface CourtTerms {
  /** Wei. */
  readonly bond: bigint
  /** Of the pool, for accusations from now on. */
  readonly slashBps: number
  /** Seconds from an accusation to its execution. */
  readonly wait: number
}

/** How a key stands to nodes. */
export interface KeyRecord {
  /** That it serves or served; 0: none. */
  readonly nodeId: bigint
  /** Unix seconds; 0: it serves. */
  readonly retiredAt: number
}

/** Decoding long arrays of structs takes more than its share. */
const PAGE = 200

export function readCourt({ court, vault, access }: Pick<Contracts, 'court' | 'vault' | 'access'>) {
  const terms = async (options?: ReadOptions): Promise<CourtTerms> => {
    const [bond, slashBps, wait] = await Promise.all([
      court.read('bond', [], options),
      court.read('slashBps', [], options),
      court.read('wait', [], options),
    ])
    return { bond, slashBps, wait }
  }
  const count = (options?: ReadOptions): Promise<bigint> => court.read('accusationCount', [], options)
  return {
    terms,
    count,

    /** The accusation over a request; undefined without one. */
    async accusationOf(requestDigest: Hex, options?: ReadOptions): Promise<bigint | undefined> {
      const accusationId = await court.read('accusationOf', [requestDigest], options)
      return accusationId === 0n ? undefined : accusationId
    },

    /** All accusations from number `first` on. */
    async accusations(first = 1n, options?: ReadOptions): Promise<Accusation[]> {
      const [{ wait }, last] = await Promise.all([terms(options), count(options)])
      const found: Accusation[] = []
      for (let from = first; from <= last; from += BigInt(PAGE)) {
        const page = await court.read('accusations', [from, BigInt(PAGE)], options)
        for (const [index, { status, ...accusation }] of page.entries()) {
          const executableAt = accusation.accusedAt + wait
          const state = ACCUSATION_STATES[status]!
          found.push({ ...accusation, accusationId: from + BigInt(index), state, executableAt })
        }
      }
      return found
    },

    async keyRecord(operator: Address, options?: ReadOptions): Promise<KeyRecord> {
      const [nodeId, retiredAt] = await Promise.all([
        vault.read('everNodeOf', [operator], options),
        vault.read('retiredAt', [operator], options),
      ])
      return { nodeId, retiredAt }
    },

    /** How many more accusations of a node the court takes until one is closed. */
    async roomFor(nodeId: bigint, options?: ReadOptions): Promise<number> {
      return Number(await court.read('roomFor', [nodeId], options))
    },

    /** Whether the court may slash; when it lost its role, bonds can be taken back. */
    async maySlash(options?: ReadOptions): Promise<boolean> {
      const slash = interfaceOf(abis.StakeVault).getFunction('slash')!.selector as Hex
      const [immediate] = await access.read('canCall', [court.address, vault.address, slash], options)
      return immediate
    },

    /** Since when a node's stake is held, unix seconds; 0: it is not. */
    heldSince: (nodeId: bigint, options?: ReadOptions): Promise<number> => vault.read('heldSince', [nodeId], options),
  }
}
