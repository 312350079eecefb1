import { ZERO_DIGEST } from '@witan/protocol'
import { forEachOf } from '@witan/runtime'
import { compareDeeds } from './compare-deeds.js'
import type { Comparison } from './compare-money.js'
import type { ModelState } from './models-ledger.js'
import type { Replay } from './replay.js'
import { stored } from './stored.js'

export async function compareModels({ models: ledger }: Replay, comparison: Comparison): Promise<void> {
  const { contracts, at, findings } = comparison
  const { models } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('models', what, rebuilt, told)
  compare('number of models', BigInt(ledger.models.size), await models.read('modelCount', [], at))
  await forEachOf(ledger.subnetPolicies, async ([netuid, policy]) => {
    compare(`subnet ${netuid} policy`, policy, await models.read('subnetPolicy', [netuid], at))
  })
  await forEachOf(ledger.activations, async ([manifest, activation]) => {
    compare(`manifest ${manifest}`, activation, await models.read('versionOfManifest', [manifest], at))
  })
  const netuids = new Set([...ledger.models.values()].map(({ terms }) => terms.netuid))
  await forEachOf(netuids, async (netuid) => {
    const activated = ledger.activatedIn.get(netuid) ?? []
    compare(`subnet ${netuid} activated models`, activated, await models.read('activatedIn', [netuid], at))
  })
  await forEachOf(ledger.models, async ([modelId, model]) => {
    const { name, terms, policy, floor } = model
    const [told, storedName, storedPolicy, storedFloor] = await Promise.all([
      stored(models.read('model', [modelId], at)),
      stored(models.read('nameOf', [modelId], at)),
      stored(models.read('policyOf', [modelId], at)),
      stored(models.read('floorOf', [modelId], at)),
    ])
    compare(`model ${modelId} name`, name, storedName)
    for (const [field, value] of Object.entries(terms)) {
      compare(`model ${modelId} ${field}`, value, told?.[field as keyof typeof terms])
    }
    compare(`model ${modelId} versions told`, model.versions.size, told?.versions)
    const inForce = policy === ZERO_DIGEST ? (ledger.subnetPolicies.get(terms.netuid) ?? ZERO_DIGEST) : policy
    compare(`model ${modelId} policy`, inForce, storedPolicy)
    compare(`model ${modelId} floor`, floor, storedFloor)
    await compareVersions(modelId, model, comparison)
  })
  const { deeds } = ledger
  await compareDeeds('model', ledger.models.keys(), deeds, deedReads(comparison), compare)
}

async function compareVersions(
  modelId: bigint,
  { terms, versions }: ModelState,
  { contracts, at, now, findings }: Comparison,
) {
  const { models } = contracts
  for (const [number, { version, trainedOn }] of versions) {
    const label = `model ${modelId} version ${number}`
    const compare = (what: string, rebuilt: unknown, told: unknown) =>
      findings.compare('models', `${label} ${what}`, rebuilt, told)
    const [told, storedSets, isAccepted] = await Promise.all([
      stored(models.read('version', [modelId, number], at)),
      stored(models.read('trainedOn', [modelId, number], at)),
      models.read('isAccepted', [modelId, number], at),
    ])
    for (const [field, value] of Object.entries(version)) {
      compare(field, value, told?.[field as keyof typeof version])
    }
    compare('trained on', trainedOn, storedSets)
    const isInGrace = number === terms.previous && now < terms.graceEndsAt
    compare('accepted', number === terms.live || isInGrace, isAccepted)
  }
}

function deedReads({ contracts: { models }, at }: Comparison): Parameters<typeof compareDeeds>[3] {
  return {
    ownerOf: (id) => models.read('ownerOf', [id], at),
    getApproved: (id) => models.read('getApproved', [id], at),
    isApprovedForAll: (owner, operator) => models.read('isApprovedForAll', [owner, operator], at),
    authority: () => models.read('authority', [], at),
  }
}
