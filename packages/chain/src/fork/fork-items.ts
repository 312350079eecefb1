import { abis } from '@witan/contracts'
import { type Address, type Hex, jsonDigest, keccak256Hex, ZERO_ADDRESS } from '@witan/protocol'
import { AbiCoder, type ParamType } from 'ethers'
import { interfaceOf } from '../abi/interface-of.js'
import { type ForkExport, invalid } from './export-file.js'

/** The order of `IForkClaim.Kind`. */
export const FORK_KINDS = ['terms', 'subnet', 'model', 'dataset'] as const
export type ForkKind = (typeof FORK_KINDS)[number]

/** An item of the export as its tree of state has it. */
export interface ForkItem {
  readonly kind: ForkKind
  readonly id: number
  readonly owner: Address
  /** As `IForkClaim.digestOf` computes it; of the terms: of their canonical JSON. */
  readonly digest: Hex
}

const coder = AbiCoder.defaultAbiCoder()
const outputOf = (contract: 'Subnets' | 'DatasetRegistry', name: string): ParamType =>
  interfaceOf(abis[contract]).getFunction(name)!.outputs[0]!
const PARAMETERS = outputOf('Subnets', 'parameters')
const DATASET_TERMS = outputOf('DatasetRegistry', 'version').components![0]!

/** What a fork takes over, without what the excluded owned. */
export function itemsOf(body: ForkExport, excluded: ReadonlySet<Address>): ForkItem[] {
  const items: ForkItem[] = [
    { kind: 'terms', id: 0, owner: ZERO_ADDRESS, digest: jsonDigest(body.terms) },
    ...body.subnets.map((subnet) => ({ kind: 'subnet' as const, id: subnet.subnet, ...ownedBy(subnet, subnetDigest) })),
    ...body.models.map((model) => ({ kind: 'model' as const, id: model.model, ...ownedBy(model, modelDigest) })),
    ...body.dataSets.map((set) => ({ kind: 'dataset' as const, id: set.dataSet, ...ownedBy(set, dataSetDigest) })),
  ]
  return items.filter(({ owner }) => !excluded.has(owner))
}

function ownedBy<Item extends { readonly owner: Address }>(item: Item, digestOf: (item: Item) => Hex) {
  return { owner: item.owner, digest: digestOf(item) }
}

function subnetDigest(subnet: ForkExport['subnets'][number]): Hex {
  const { name, mechanism, membership, parameters, modelVersions } = subnet
  return digest(
    ['string', 'bytes32', 'uint8', PARAMETERS, 'bytes32[]'],
    [name, mechanism, membership, parameters, modelVersions],
  )
}

function modelDigest({ name, forkBps, live, policy, versions }: ForkExport['models'][number]): Hex {
  const head = digest(
    ['string', 'uint16', 'uint32', 'uint32', 'bytes32'],
    [name, forkBps, versions.length, live, policy],
  )
  return versions.reduce((before, { manifest, weights, evaluation, licence, parent, retired, trainedOn }) => {
    const roots = trainedOn.map(({ root }) => root).sort()
    const types = ['bytes32', 'bytes32', 'bytes32', 'bytes32', 'bytes32', 'uint32', 'bool', 'bytes32[]']
    return digest(types, [before, manifest, weights, evaluation, licence, parent, retired, roots])
  }, head)
}

function dataSetDigest({ name, versions }: ForkExport['dataSets'][number]): Hex {
  return versions.reduce(
    (before, { edition, ...terms }) => digest(['bytes32', DATASET_TERMS, 'uint32'], [before, terms, edition]),
    digest(['string', 'uint32'], [name, versions.length]),
  )
}

/** Throws `FORK_EXPORT_INVALID` for what no contract can hold. */
function digest(types: readonly (string | ParamType)[], values: readonly unknown[]): Hex {
  return keccak256Hex(Buffer.from(encode(types, values).slice(2), 'hex'))
}

function encode(types: readonly (string | ParamType)[], values: readonly unknown[]): string {
  try {
    return coder.encode(types, values)
  } catch (error) {
    const { shortMessage, argument } = error as { shortMessage?: string; argument?: string }
    throw invalid({ at: argument ?? 'item', reason: shortMessage ?? String(error) })
  }
}
