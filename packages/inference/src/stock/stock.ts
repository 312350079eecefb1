import type { Hex, Policy } from '@witan/protocol'
import type { Service } from '@witan/runtime'
import type { ModelManifest } from '../model/manifest.js'
import type { VerifiedModel } from '../model/verified-model.js'
import type { Rules } from '../policy/judge-input.js'
import type { TaskAnswer, TaskDescription } from '../task/task-runner.js'

/** A model that is loaded and runs. */
export interface StockedModel {
  readonly version: Hex
  readonly manifest: ModelManifest
  run(input: Uint8Array, signal?: AbortSignal): Promise<TaskAnswer>
  /** Keeps it loaded until the work has ended, wanted or not. */
  use<T>(work: () => Promise<T>): Promise<T>
  description(): TaskDescription
}

/** Gets the files of a version, by its digest, and checks them. Wherever models come from, they come through this. */
export type ObtainModel = (version: Hex, signal: AbortSignal) => Promise<VerifiedModel>

/** Gets a policy document by its digest and checks it. */
export type ObtainPolicy = (digest: Hex, signal: AbortSignal) => Promise<Policy>

/** What a node is to have at hand. */
export interface Wanted {
  readonly models: Iterable<Hex>
  /** Zero digests are left out: no policy, no document. */
  readonly policies: Iterable<Hex>
}

/** The models and policies that a node works with, obtained by digest and held while they are wanted. */
export interface Stock extends Service {
  want(wanted: Wanted): void
  /** Undefined while it is not loaded. */
  model(version: Hex): StockedModel | undefined
  /** Why a wanted model is not loaded: the last failure; undefined when there was none. */
  failure(version: Hex): unknown
  /** Undefined while the document, or the classifier that it names, is missing. */
  rules(policy: Hex): Rules | undefined
  /** Resolves when everything wanted was obtained or has failed at least once. */
  settled(): Promise<void>
}
