// Data sets: built from files with the provenance of every record, verified whole, and proven record by record by
// digests that contracts hold. Importing this does nothing.

export { type BuildOptions, buildDataset } from './dataset/build-dataset.js'
export {
  type DatasetDescription,
  type DatasetSource,
  datasetDescriptionSchema,
  readDatasetDescription,
} from './dataset/description.js'
export { type DatasetManifest, type OpenDataset, openDataset } from './dataset/manifest.js'
export {
  type ContributorProof,
  proveContributor,
  proveRecord,
  proveRecords,
  type RecordProof,
} from './dataset/prove.js'
export { readRecord, readRecords } from './dataset/read-records.js'
export { licenceDigest, type StoredRecord } from './dataset/record-line.js'
export { verifyDataset } from './dataset/verify-dataset.js'
export { DATASET_LIMITS } from './limits.js'
