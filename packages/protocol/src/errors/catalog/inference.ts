import type { CatalogEntry } from '../catalog-entry.js'

export const INFERENCE_ERRORS = {
  MANIFEST_INVALID: {
    exit: 78,
    title: 'A model manifest is not readable or does not follow the manifest format.',
    cure: 'Correct the named field, or restore the manifest that came with the release.',
  },
  MODEL_UNKNOWN: {
    exit: 65,
    title: 'No manifest describes the model that was asked for.',
    cure: 'Use one of the known models, or add its manifest to the models folder.',
  },
  MODEL_FILE_MISSING: {
    exit: 69,
    title: 'A file of the model is not where its manifest says.',
    cure: 'Install the package named in the manifest, or put the file beside the manifest.',
  },
  MODEL_DIGEST_MISMATCH: {
    exit: 65,
    title: 'A file of the model is not the file that the manifest names.',
    cure: 'Fetch the file again from its source; a model with other bytes is another version and is never loaded.',
  },
  MODEL_TASK_UNKNOWN: {
    exit: 78,
    title: 'The manifest asks for a task that this release cannot run.',
    cure: 'Update the software, or choose a model with a supported task.',
  },
  POLICY_GATE_UNFIT: {
    exit: 78,
    title: 'The classifier that a policy names does not judge the class that the policy refuses.',
    cure: 'Propose a policy whose gate is a model of the task digits and whose label is one of its classes.',
  },
  ENGINE_PROVIDER_MISSING: {
    exit: 69,
    title: 'The execution provider asked for cannot be used on this machine.',
    cure: 'Choose one of the available providers, or install the driver and libraries it needs.',
  },
  ENGINE_LOAD_FAILED: {
    exit: 65,
    title: 'The inference engine could not load the model.',
    cure: 'Check that the model is meant for this engine and its version.',
  },
  ENGINE_RUN_FAILED: {
    exit: 70,
    title: 'The inference engine failed while running the model.',
    cure: 'Report the model version and the engine version; other requests are not affected.',
  },
  TASK_WORKER_LOST: {
    exit: 75,
    title: 'The process that ran the model ended before it answered.',
    cure: 'Try again: a new process is started for the next request.',
  },
  MODEL_FOLDER_UNUSABLE: {
    exit: 77,
    title: 'A model cannot be saved in the folder that was named.',
    cure: 'Name another folder, or one that you may write to.',
  },
  DATA_SET_MISSING: {
    exit: 69,
    title: 'A data set, or a file of it, is not installed.',
    cure: 'Install the package with the data set again.',
  },
  DATA_SET_INVALID: {
    exit: 65,
    title: 'The files of a data set are damaged or do not belong together.',
    cure: 'Install the package with the data set again.',
  },
  TRAINING_DATA_INVALID: {
    exit: 65,
    title: 'The records handed to a training or an evaluation are not what it takes.',
    cure: 'Correct or leave out the named record.',
  },
  TENSOR_INVALID: {
    exit: 65,
    title: 'A tensor does not have the type or shape that was expected.',
    cure: 'Send the inputs that the manifest of the model declares.',
  },
  ONNX_MALFORMED: {
    exit: 65,
    title: 'Bytes are not a readable ONNX model.',
    cure: 'Check that the file is a complete ONNX model.',
  },
  INPUT_TOO_LARGE: {
    exit: 65,
    title: 'The input has more bytes than the task accepts.',
    cure: 'Send a smaller input: compress or crop the image.',
  },
  IMAGE_FORMAT: {
    exit: 65,
    title: 'The input is not an image in a supported format.',
    cure: 'Send a PNG, or a JPEG with one or three components.',
  },
  IMAGE_TOO_MANY_PIXELS: {
    exit: 65,
    title: 'The image has more pixels than the task accepts.',
    cure: 'Scale the image down or crop it to the text.',
  },
  IMAGE_ASPECT_RATIO: {
    exit: 65,
    title: 'The image is too long and thin for the model.',
    cure: 'Crop the image to one line of text, or split the line in two.',
  },
  IMAGE_CORRUPT: {
    exit: 65,
    title: 'The image is damaged: its structure, checksums or pixel data are not consistent.',
    cure: 'Encode the image again and send the whole file.',
  },
} as const satisfies Record<string, CatalogEntry>
