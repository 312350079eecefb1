import { type Hex, ZERO_ADDRESS, ZERO_DIGEST } from '@witan/protocol'
import type { ModelFloor, RegisteredVersion, TrainingSet } from '../client/reads/read-models.js'
import type { AuditEvent } from './audit-event.js'
import { applyToDeeds, createDeedsLedger, type DeedsLedger } from './deeds-ledger.js'

/** The fields are those of `IModelRegistry.Model`. */
export interface ModelTerms {
  parentModel: bigint
  parentVersion: number
  parentBps: number
  readonly netuid: number
  forkBps: number
  versions: number
  live: number
  previous: number
  graceEndsAt: number
}

export interface ModelVersionState {
  version: RegisteredVersion
  readonly trainedOn: readonly TrainingSet[]
}

export interface ModelState {
  readonly name: string
  readonly terms: ModelTerms
  /** Zero without one of its own. */
  policy: Hex
  /** Zeros without one. */
  floor: ModelFloor
  readonly versions: Map<number, ModelVersionState>
}

export interface ModelsLedger {
  readonly models: Map<bigint, ModelState>
  readonly subnetPolicies: Map<number, Hex>
  /** The model and version that a manifest was activated for. */
  readonly activations: Map<Hex, readonly [modelId: bigint, version: number]>
  /** By subnet: models that were ever live, in the order of their first activation. */
  readonly activatedIn: Map<number, bigint[]>
  readonly deeds: DeedsLedger
}

export const createModelsLedger = (): ModelsLedger => ({
  models: new Map(),
  subnetPolicies: new Map(),
  activations: new Map(),
  activatedIn: new Map(),
  deeds: createDeedsLedger(),
})

export function applyToModels(ledger: ModelsLedger, event: AuditEvent<'ModelRegistry'>, time: number): void {
  if (event.name === 'ModelCreated') create(ledger, event)
  else if (event.name === 'SubnetPolicySet') ledger.subnetPolicies.set(event.args.netuid, event.args.policy)
  else if ('modelId' in event.args) {
    const model = ledger.models.get(event.args.modelId)
    if (model !== undefined) applyToModel(ledger, model, event, time)
  } else applyToDeeds(ledger.deeds, event)
}

function create({ models }: ModelsLedger, event: Extract<AuditEvent<'ModelRegistry'>, { name: 'ModelCreated' }>): void {
  const { modelId, name, netuid, forkBps } = event.args
  const parent = { parentModel: 0n, parentVersion: 0, parentBps: 0 }
  const terms = { ...parent, netuid, forkBps, versions: 0, live: 0, previous: 0, graceEndsAt: 0 }
  models.set(modelId, {
    name,
    terms,
    policy: ZERO_DIGEST,
    floor: { feed: ZERO_ADDRESS, span: 0, least: 0n },
    versions: new Map(),
  })
}

function applyToModel(ledger: ModelsLedger, model: ModelState, event: AuditEvent<'ModelRegistry'>, time: number): void {
  const { terms, versions } = model
  switch (event.name) {
    case 'ModelForked': {
      const { parentModel, parentVersion, parentBps } = event.args
      Object.assign(terms, { parentModel, parentVersion, parentBps })
      return
    }
    case 'ForkShareSet':
      terms.forkBps = event.args.forkBps
      return
    case 'VersionPublished': {
      const { version: number, trainingRoot } = event.args
      const { manifest, weights, evaluation, licence, parent, trainedOn } = event.args.terms
      terms.versions = number
      const digests = { manifest, weights, evaluation, licence, trainingRoot, parent }
      versions.set(number, { version: { ...digests, publishedAt: time, retired: false }, trainedOn })
      return
    }
    case 'VersionActivated': {
      const { modelId, version: live, previous, graceEndsAt } = event.args
      const { activatedIn } = ledger
      // Set by the first activation and never zero again.
      if (terms.graceEndsAt === 0) activatedIn.set(terms.netuid, [...(activatedIn.get(terms.netuid) ?? []), modelId])
      Object.assign(terms, { live, previous, graceEndsAt })
      const manifest = versions.get(live)?.version.manifest
      if (manifest !== undefined) ledger.activations.set(manifest, [modelId, live])
      return
    }
    case 'VersionRetired': {
      const { version: number } = event.args
      const retired = versions.get(number)
      if (retired !== undefined) retired.version = { ...retired.version, retired: true }
      if (terms.live === number) terms.live = 0
      if (terms.previous === number) terms.previous = 0
      return
    }
    case 'VersionDemoted':
      Object.assign(terms, { live: 0, previous: 0 })
      return
    case 'FloorSet': {
      const { feed, span, least } = event.args
      model.floor = { feed, span, least }
      return
    }
    case 'ModelPolicySet':
      model.policy = event.args.policy
  }
}
