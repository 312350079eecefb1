import type { Address, Hex } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'
import type { Contracts } from '../../network/contracts.js'

type Datasets = Abis['DatasetRegistry']

/** A data set as the registry has it. */
export interface RegisteredDataset extends Output<Datasets, 'dataset'> {
  readonly setId: bigint
  readonly name: string
  readonly owner: Address
  readonly isListed: boolean
  readonly curators: readonly Address[]
  /** The number of the present roster. */
  readonly roster: number
}

export type DatasetVersion = Output<Datasets, 'version'>
/** A ballot of curators; `kind` 0 includes a version, 1 upholds a flag; `outcome` 0 is open. */
export type CuratorBallot = Output<Datasets, 'ballot'>
export type DatasetFlag = Output<Datasets, 'flagOf'>
export type RoyaltyPool = Output<Datasets, 'poolOf'>

export function readDatasets({ datasets }: Pick<Contracts, 'datasets'>) {
  return {
    count: async (options?: ReadOptions): Promise<number> => Number(await datasets.read('datasetCount', [], options)),

    /** Throws `DATASET_UNKNOWN`. */
    async dataset(setId: bigint, options?: ReadOptions): Promise<RegisteredDataset> {
      const [set, name, owner, isListed, [curators, roster]] = await Promise.all([
        datasets.read('dataset', [setId], options),
        datasets.read('nameOf', [setId], options),
        datasets.read('ownerOf', [setId], options),
        datasets.read('isListed', [setId], options),
        datasets.read('curatorsOf', [setId], options),
      ])
      return { setId, name, owner, isListed, curators, roster, ...set }
    },

    /** Throws `DATASET_VERSION_UNKNOWN`. */
    version: (setId: bigint, version: number, options?: ReadOptions): Promise<DatasetVersion> =>
      datasets.read('version', [setId, version], options),

    ballot: (ballotId: bigint, options?: ReadOptions): Promise<CuratorBallot> =>
      datasets.read('ballot', [ballotId], options),

    flag: (ballotId: bigint, options?: ReadOptions): Promise<DatasetFlag> =>
      datasets.read('flagOf', [ballotId], options),

    /** The last ballot that flagged a record, by its leaf; 0 when none did. */
    flagOfLeaf: (setId: bigint, leaf: Hex, options?: ReadOptions): Promise<bigint> =>
      datasets.read('flagOfLeaf', [setId, leaf], options),

    hasAccess: (setId: bigint, version: number, account: Address, options?: ReadOptions): Promise<boolean> =>
      datasets.read('hasAccess', [setId, version, account], options),

    pool: (setId: bigint, version: number, options?: ReadOptions): Promise<RoyaltyPool> =>
      datasets.read('poolOf', [setId, version], options),

    /** Wei that the account can withdraw from the registry. */
    creditOf: (account: Address, options?: ReadOptions): Promise<bigint> =>
      datasets.read('creditOf', [account], options),
  }
}
