import type { VerifiedModel } from '../model/verified-model.js'
import type { Tensor } from '../tensor/tensor.js'

export type Tensors = Readonly<Record<string, Tensor>>

/** What a model runs on, as `describe` reports it. */
export interface DeviceDescription {
  readonly engine: string
  readonly version: string
  readonly provider: string
  /** The processor or accelerator, in its maker's words. */
  readonly device: string
  /** Arithmetic of the weights as loaded. */
  readonly precision: string
}

/** One way of running models that this build of the engine knows. */
export interface ProviderReport {
  readonly provider: string
  /** True when a session has been opened with it on this machine. */
  readonly usable: boolean
  /** Why it is not usable; empty when it is. */
  readonly reason: string
}

export interface LoadedModel {
  readonly device: DeviceDescription
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /**
   * Runs the model once. Runs do not affect each other. A run cannot be interrupted: an abort is noticed before it.
   * @throws WitanError TENSOR_INVALID for inputs that the model refuses, ENGINE_RUN_FAILED
   */
  run(inputs: Tensors, signal?: AbortSignal): Promise<Tensors>
  dispose(): Promise<void>
}

export interface Engine {
  /** Class in which answers are bitwise equal: engine, version, provider, optimisation. */
  readonly runtime: string
  /** @throws WitanError ENGINE_LOAD_FAILED */
  load(model: VerifiedModel): Promise<LoadedModel>
  /** Tries every provider: may take a second and is meant for `doctor` and `describe`, not for each request. */
  devices(): Promise<readonly ProviderReport[]>
}
