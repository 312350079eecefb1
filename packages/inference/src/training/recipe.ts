import type { ModelManifest } from '../model/manifest.js'
import type { Tensor } from '../tensor/tensor.js'

/** What is handed to a training: the records themselves, in the order in which they count. */
export interface TrainingRequest<Record> {
  readonly records: readonly Record[]
  /** Decides every choice of the training that is left to chance: first weights and the order of each epoch. */
  readonly seed: number
  /** Passes over the records. */
  readonly epochs: number
  /** Records a step; the last step of an epoch takes what is left. */
  readonly batchSize: number
  /** Called after each epoch. */
  onEpoch?(report: EpochReport): void
  readonly signal?: AbortSignal
}

export interface EpochReport {
  /** From 1. */
  readonly epoch: number
  /** Mean cross-entropy of the epoch's steps, in nats. */
  readonly loss: number
  /** Share of the training records whose label the model gives after the epoch, wrong labels counted as they are. */
  readonly accuracy: number
}

export type Weights = Readonly<Record<string, Tensor<'float32'>>>

export interface TrainedWeights {
  readonly weights: Weights
  readonly epochs: readonly EpochReport[]
  /** What computed it, with its version: same backend, seed and records give the same weights. */
  readonly backend: string
}

/** A model as files: the graph with its weights, and the manifest of a version. */
export interface ModelFiles {
  readonly onnx: Uint8Array
  readonly manifest: ModelManifest
}

/**
 * A way from records to a model. Everything but the request is fixed, so the name stands for the architecture,
 * optimizer and rates; another rate is another recipe.
 */
export interface TrainingRecipe<Record> {
  readonly name: string
  readonly summary: string
  readonly defaults: Pick<TrainingRequest<Record>, 'epochs' | 'batchSize'>
  /**
   * Trains on the calling thread and lets it breathe after each step. An abort rejects with the signal's reason.
   * @throws WitanError TRAINING_DATA_INVALID, ENGINE_PROVIDER_MISSING
   */
  train(request: TrainingRequest<Record>): Promise<TrainedWeights>
  /** @param runtime class of the engine in which the model's answers are exact */
  exportModel(weights: Weights, runtime: string): ModelFiles
  /** SHA-256 of labels and contents in their order, in a form of the recipe's own. */
  digestRecords(records: readonly Record[]): `0x${string}`
}
