import type { Address } from '@witan/protocol'
import { forEachOf } from '@witan/runtime'
import { numbersTo } from './export-deposits.js'
import type { ForkExport } from './export-file.js'
import type { Exporting } from './exporting.js'

/** Subnets, models and data sets, each in the order of their numbers. */
export async function exportRegistries(
  exporting: Exporting,
): Promise<Pick<ForkExport, 'subnets' | 'models' | 'dataSets'>> {
  const [subnets, models, dataSets] = await Promise.all([
    exportSubnets(exporting),
    exportModels(exporting),
    exportDataSets(exporting),
  ])
  return { subnets, models, dataSets }
}

async function exportSubnets({ contracts, at, trail }: Exporting): Promise<ForkExport['subnets']> {
  const { subnets, emission, models } = contracts
  return inOrder(await subnets.read('subnetCount', [], at), async (number) => {
    const netuid = Number(number)
    const [subnet, modelVersions, listed, policy] = await Promise.all([
      subnets.read('subnet', [netuid], at),
      subnets.read('modelVersions', [netuid], at),
      emission.read('isActive', [netuid], at),
      models.read('subnetPolicy', [netuid], at),
    ])
    const { owner, name, mechanism, membership, closesAt, parameters } = subnet
    return {
      ...{ subnet: netuid, owner, name, mechanism, membership, listed, closed: closesAt !== 0, policy },
      members: sortedAccounts(trail.subnetMembers.get(netuid) ?? []),
      modelVersions: [...modelVersions],
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([key, value]) => [key, typeof value === 'bigint' ? `${value}` : value]),
      ),
    }
  })
}

async function exportModels({ contracts, at }: Exporting): Promise<ForkExport['models']> {
  const { models, datasets } = contracts
  return inOrder(await models.read('modelCount', [], at), async (modelId) => {
    const [model, owner, name, policy] = await Promise.all([
      models.read('model', [modelId], at),
      models.read('ownerOf', [modelId], at),
      models.read('nameOf', [modelId], at),
      models.read('policyOf', [modelId], at),
    ])
    const { netuid, forkBps, parentModel, parentVersion, parentBps, live, previous } = model
    const versions = await inOrder(model.versions, async (number) => {
      const [{ publishedAt: _, ...version }, sets] = await Promise.all([
        models.read('version', [modelId, Number(number)], at),
        models.read('trainedOn', [modelId, Number(number)], at),
      ])
      const named = sets.flatMap(({ setId, versions }) => versions.map((of) => ({ setId, of })))
      const trainedOn = await inOrder(named.length, async (place) => {
        const { setId, of } = named[Number(place) - 1]!
        const { terms } = await datasets.read('version', [setId, of], at)
        return { dataSet: Number(setId), version: of, root: terms.root }
      })
      return { ...version, trainedOn }
    })
    return {
      ...{ model: Number(modelId), owner, name, subnet: netuid, forkBps, live, previous, policy, versions },
      parent: { model: Number(parentModel), version: parentVersion, bps: parentBps },
    }
  })
}

async function exportDataSets({ contracts: { datasets }, at }: Exporting): Promise<ForkExport['dataSets']> {
  return inOrder(await datasets.read('datasetCount', [], at), async (setId) => {
    const [set, owner, name, listed, [curators]] = await Promise.all([
      datasets.read('dataset', [setId], at),
      datasets.read('ownerOf', [setId], at),
      datasets.read('nameOf', [setId], at),
      datasets.read('isListed', [setId], at),
      datasets.read('curatorsOf', [setId], at),
    ])
    const versions = await inOrder(set.versions, async (number) => {
      const { terms, edition } = await datasets.read('version', [setId, Number(number)], at)
      return { ...terms, records: Number(terms.records), edition }
    })
    return {
      ...{ dataSet: Number(setId), owner, name, listed, terms: set.terms, versions },
      curators: sortedAccounts(curators),
    }
  })
}

/** Items 1 … count, read a few at a time. */
async function inOrder<Item>(count: number | bigint, read: (number: bigint) => Promise<Item>): Promise<Item[]> {
  const items: Item[] = []
  await forEachOf(numbersTo(count), async (number) => {
    items[Number(number) - 1] = await read(number)
  })
  return items
}

const sortedAccounts = (accounts: Iterable<Address>): Address[] => [...accounts].sort()
