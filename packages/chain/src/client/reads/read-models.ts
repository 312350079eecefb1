import type { Address, Hex } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'
import type { Contracts } from '../../network/contracts.js'
import type { Rpc } from '../../rpc/rpc.js'
import { readAccepted } from '../accepted.js'

type Models = Abis['ModelRegistry']

/** A model as the registry has it. */
export interface RegisteredModel extends Output<Models, 'model'> {
  readonly modelId: bigint
  readonly name: string
  readonly owner: Address
  /** Digest of the policy in force; zero without one. */
  readonly policy: Hex
}

export type RegisteredVersion = Output<Models, 'version'>

/** An AggregatorV3 feed, seconds, and the lowest answer that keeps a version, in the feed's decimals. */
export type ModelFloor = Output<Models, 'floorOf'>
export type TrainingSet = Output<Models, 'trainedOn'>[number]

export interface PaidPart {
  readonly account: Address
  readonly bps: number
}

export function readModels(contracts: Pick<Contracts, 'models' | 'subnets'>, rpc: Rpc) {
  const { models } = contracts
  const partsOf = ([accounts, bps]: readonly [readonly Address[], readonly number[]]): PaidPart[] =>
    accounts.map((account, index) => ({ account, bps: bps[index]! }))
  return {
    count: async (options?: ReadOptions): Promise<number> => Number(await models.read('modelCount', [], options)),

    /** Throws `REGISTERED_MODEL_UNKNOWN`. */
    async model(modelId: bigint, options?: ReadOptions): Promise<RegisteredModel> {
      const [model, name, owner, policy] = await Promise.all([
        models.read('model', [modelId], options),
        models.read('nameOf', [modelId], options),
        models.read('ownerOf', [modelId], options),
        models.read('policyOf', [modelId], options),
      ])
      return { modelId, name, owner, policy, ...model }
    },

    /** Digest of the policy of a subnet's models that have none of their own; zero without one. */
    subnetPolicy: (netuid: number, options?: ReadOptions): Promise<Hex> =>
      models.read('subnetPolicy', [netuid], options),

    /** Throws `MODEL_VERSION_UNKNOWN`. */
    version: (modelId: bigint, version: number, options?: ReadOptions): Promise<RegisteredVersion> =>
      models.read('version', [modelId, version], options),

    /** What keeps the live version; undefined without a floor. */
    async floorOf(modelId: bigint, options?: ReadOptions): Promise<ModelFloor | undefined> {
      const floor = await models.read('floorOf', [modelId], options)
      return floor.span === 0 ? undefined : floor
    },

    trainedOn: (modelId: bigint, version: number, options?: ReadOptions): Promise<readonly TrainingSet[]> =>
      models.read('trainedOn', [modelId, version], options),

    /** Whether answers of the version count now. */
    isAccepted: (modelId: bigint, version: number, options?: ReadOptions): Promise<boolean> =>
      models.read('isAccepted', [modelId, version], options),

    /**
     * The versions whose answers count in a subnet now, with their policies: live ones and those in grace of its models
     * in the registry, or what the subnet names itself while none of them is live.
     */
    acceptedOn: readAccepted(contracts, rpc),

    /** The model and version that a manifest was activated for; undefined without. */
    async ofManifest(manifest: Hex, options?: ReadOptions) {
      const [modelId, version] = await models.read('versionOfManifest', [manifest], options)
      return modelId === 0n ? undefined : { modelId, version }
    },

    /** Its owner and the owners of up to three ancestors. */
    creatorsOf: async (modelId: bigint, options?: ReadOptions): Promise<PaidPart[]> =>
      partsOf(await models.read('creatorsOf', [modelId], options)),

    /** The owners of the listed data sets that it was trained on. */
    dataSetsOf: async (modelId: bigint, options?: ReadOptions): Promise<PaidPart[]> =>
      partsOf(await models.read('dataSetsOf', [modelId], options)),
  }
}
