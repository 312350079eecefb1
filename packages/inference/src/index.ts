// Running registered models: a manifest names a version by its digests, verified bytes go to an engine, a task turns
// bytes into an answer, a pool does that off the event loop. Sentences are rendered here too, for challenges with a
// known answer, and models are trained from records that are handed in. Native libraries are loaded on first use; importing this does nothing.

// Records to train on and to evaluate with, and pictures and answers of digits.
export { type MnistPart, mnistFiles, readMnist } from './data/mnist.js'
export type { DigitRecord } from './digits/digit-record.js'
export { type DrawnDigit, drawDigit } from './digits/draw-digit.js'
export { isSameDigitAnswer, surenessOf } from './digits/same-digit-answer.js'
// Engines: whatever runs a model, and on which device.
export type { DeviceDescription, Engine, LoadedModel, ProviderReport, Tensors } from './engine/engine.js'
export { createOnnxEngine, type OnnxEngineOptions, probeDevices } from './engine/onnx/onnx-engine.js'
// Limits on images from outside.
export { MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE, MAX_MANIFEST_BYTES } from './limits.js'
// Models: found by name or version, verified by digest.
export { findManifest, listManifests, loadManifest } from './model/load-manifest.js'
export type { Digest, LocatedManifest, ModelFile, ModelManifest } from './model/manifest.js'
export { modelVersion } from './model/model-version.js'
export { parseManifest } from './model/parse-manifest.js'
export { resolveSource } from './model/resolve-source.js'
export { prepareModelFolder, saveModel } from './model/save-model.js'
export { transformModel, type VerifiedModel, verifyModel } from './model/verified-model.js'
export { weightsDigest } from './model/weights-digest.js'
// Text: the form in which answers are compared and signed.
export { normalizeText } from './ocr/normalize-text.js'
// The wrong model of a local network.
export { zeroSmallestWeights } from './onnx-format/zero-smallest-weights.js'
// Policies: what a document and its classifier say of an input.
export { probabilitiesOf } from './policy/class-share.js'
export { askGate, type InputVerdict, judgeInput, type Rules, refusalBeforeGate } from './policy/judge-input.js'
// Challenges with a known answer.
export { type Chance, generateSentence } from './render/generate-sentence.js'
export { renderSentence } from './render/render-sentence.js'
// Models and policies at hand, obtained by digest.
export { createStock, type StockModules } from './stock/create-stock.js'
export type { ObtainModel, ObtainPolicy, Stock, StockedModel, Wanted } from './stock/stock.js'
// Tasks: bytes in, bytes out, on this thread or in a pool of processes.
export { createTaskPool, type TaskPool, type TaskPoolModules, type TaskPoolOptions } from './task/task-pool.js'
export { createTaskRunner, type TaskAnswer, type TaskDescription, type TaskRunner } from './task/task-runner.js'
// Tensors and how far two may differ.
export { createTensor, type DType, type Tensor, type TensorArrays } from './tensor/tensor.js'
export { compareTensors, type TensorComparison, type Tolerance, withinTolerance } from './tensor/tolerance.js'
// Training: from records and a seed to a model, and how good it is.
export { digitsRecipe } from './training/digits/digits-recipe.js'
export { type Accuracy, measureAccuracy } from './training/measure-accuracy.js'
export type {
  EpochReport,
  ModelFiles,
  TrainedWeights,
  TrainingRecipe,
  TrainingRequest,
  Weights,
} from './training/recipe.js'
export { withWrongLabels } from './training/wrong-labels.js'
