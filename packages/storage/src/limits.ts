const KIB = 1024
const MIB = 1024 * KIB

/** Bounds of a data set: what comes from files of other people is read within them. */
export const DATASET_LIMITS = {
  /** A picture in base64 with room; larger content belongs in a directory, whose records name it by digest. */
  maxRecordBytes: 4 * MIB,
  /** Leaves are held in memory while their tree is made, 64 bytes a record. */
  maxRecords: 16 * MIB,
  /** They are listed in the manifest. */
  maxContributors: 10_000,
  maxSources: 256,
  maxManifestBytes: 4 * MIB,
  /** A Parquet file is decoded one row group at a time. */
  maxRowGroupBytes: 512 * MIB,
  /** Four times what common writers put into one. A few bytes can stand for any number of equal rows. */
  maxRowGroupRows: 4 * MIB,
  maxColumns: 4_096,
} as const
