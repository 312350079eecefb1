import { type Address, type Hex, ZERO_DIGEST } from '@witan/protocol'
import type { NamedCall } from '../abi/call-codec.js'
import type { Connection } from '../network/connect-chain.js'
import { numbersTo } from './export-deposits.js'
import type { ForkExport } from './export-file.js'

/**
 * What the stakers of a fork have still to decide so that what its owners made again is as it was: listings, policies and
 * live versions. An item is known again by its owner and name; of a model also the version to be live, and who shares its
 * income, must be those of the export, since anybody may give its owner another one of its name.
 */
export async function forkDecisions({ contracts, network }: Connection, body: ForkExport): Promise<NamedCall[]> {
  const excluded = new Set(network.fork?.excluded ?? [])
  const { subnets, models, datasets } = contracts
  const netuids = numbersTo(await subnets.read('subnetCount', []))
  const modelIds = numbersTo(await models.read('modelCount', []))
  const setIds = numbersTo(await datasets.read('datasetCount', []))
  const calls: NamedCall[] = []
  const manifests = new Set<Hex>()
  for (const netuid of netuids) calls.push(...(await subnetDecisions(contracts, body, excluded, Number(netuid))))
  for (const modelId of modelIds) calls.push(...(await modelDecisions(contracts, body, excluded, modelId, manifests)))
  for (const setId of setIds) calls.push(...(await dataSetDecisions(contracts, body, excluded, setId)))
  return calls
}

type Contracts = Connection['contracts']
type Excluded = ReadonlySet<Address>

interface Named {
  readonly owner: Address
  readonly name: string
}

const sameAs =
  ({ owner, name }: Named, excluded: Excluded) =>
  (item: Named) =>
    item.owner === owner && item.name === name && !excluded.has(owner)

async function subnetDecisions(contracts: Contracts, body: ForkExport, excluded: Excluded, netuid: number) {
  const { subnets, emission, models } = contracts
  const [subnet, listed, policy] = await Promise.all([
    subnets.read('subnet', [netuid]),
    emission.read('isActive', [netuid]),
    models.read('subnetPolicy', [netuid]),
  ])
  const before = body.subnets.find(sameAs(subnet, excluded))
  const calls: NamedCall[] = []
  if (before === undefined || subnet.closesAt !== 0) return calls
  if (before.listed && !listed) calls.push({ contract: 'Subnets', function: 'list', args: [netuid] })
  if (before.policy !== policy) {
    calls.push({ contract: 'ModelRegistry', function: 'setSubnetPolicy', args: [netuid, before.policy] })
  }
  return calls
}

type ExportedModel = ForkExport['models'][number]

/** @param manifests of the versions that are to be activated; each can be live once */
async function modelDecisions(
  { models }: Contracts,
  body: ForkExport,
  excluded: Excluded,
  modelId: bigint,
  manifests: Set<Hex>,
) {
  const [model, owner, name, policy] = await Promise.all([
    models.read('model', [modelId]),
    models.read('ownerOf', [modelId]),
    models.read('nameOf', [modelId]),
    models.read('policyOf', [modelId]),
  ])
  const before = body.models.find(sameAs({ owner, name }, excluded))
  const calls: NamedCall[] = []
  if (before === undefined || !(await hasParentOf(models, body, before, model))) return calls
  const { live, versions } = model
  if (before.live > 0 && before.live !== live && before.live <= versions) {
    const manifest = await manifestIfSame(models, before, modelId)
    if (manifest === undefined || manifests.has(manifest)) return calls
    manifests.add(manifest)
    calls.push({ contract: 'ModelRegistry', function: 'activate', args: [String(modelId), before.live] })
  }
  // A policy of the subnet comes with the subnet.
  const inherited = body.subnets.find(({ subnet }) => subnet === before.subnet)?.policy ?? ZERO_DIGEST
  if (before.policy !== inherited && before.policy !== policy) {
    calls.push({ contract: 'ModelRegistry', function: 'setModelPolicy', args: [String(modelId), before.policy] })
  }
  return calls
}

/** Whether a model passes as much of its income on as the exported one, to the same owner. */
async function hasParentOf(
  models: Contracts['models'],
  body: ForkExport,
  { parent }: ExportedModel,
  { parentModel, parentBps }: { readonly parentModel: bigint; readonly parentBps: number },
): Promise<boolean> {
  if (parentBps !== parent.bps) return false
  const exported = body.models.find(({ model }) => model === parent.model)
  return parentBps === 0 || exported?.owner === (await models.read('ownerOf', [parentModel]))
}

/** Of the version that was live, if the model's version of that number is the same and no other model has it live. */
async function manifestIfSame(models: Contracts['models'], { live, versions }: ExportedModel, modelId: bigint) {
  const exported = versions[live - 1]
  const version = await models.read('version', [modelId, live])
  const isSame = (['manifest', 'weights', 'evaluation', 'licence', 'parent'] as const).every(
    (field) => version[field] === exported?.[field],
  )
  const [holder] = await models.read('versionOfManifest', [version.manifest])
  return isSame && (holder === 0n || holder === modelId) ? version.manifest : undefined
}

async function dataSetDecisions({ datasets }: Contracts, body: ForkExport, excluded: Excluded, setId: bigint) {
  const [owner, name, listed] = await Promise.all([
    datasets.read('ownerOf', [setId]),
    datasets.read('nameOf', [setId]),
    datasets.read('isListed', [setId]),
  ])
  const before = body.dataSets.find(sameAs({ owner, name }, excluded))
  const calls: NamedCall[] = []
  if (before === undefined || before.listed || before.versions.length === 0 || !listed) return calls
  calls.push({ contract: 'DatasetRegistry', function: 'setListed', args: [String(setId), false] })
  return calls
}
