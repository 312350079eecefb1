import type { CatalogEntry } from '../catalog-entry.js'

export const STORAGE_ERRORS = {
  DATASET_SOURCE_MISSING: {
    exit: 69,
    title: 'A source of a data set is not there or cannot be read.',
    cure: 'Check the path in the description of the data set; it is relative to the description.',
  },
  DATASET_SOURCE_MALFORMED: {
    exit: 65,
    title: 'A source of a data set does not follow its format.',
    cure: 'Correct the source where the error says, or name its format in the description.',
  },
  DATASET_SOURCE_CHANGED: {
    exit: 75,
    title: 'A source of a data set changed while it was read.',
    cure: 'Build again when nothing writes to the source.',
  },
  DATASET_RECORD_TOO_LARGE: {
    exit: 65,
    title: 'A record has more bytes than a data set takes.',
    cure: 'Put large content into a directory: its records name each file by digest.',
  },
  DATASET_RECORD_INVALID: {
    exit: 65,
    title: 'A record does not name its licence or contributor as the description says.',
    cure: 'Correct the field of the record, or leave licenceField and contributorField out.',
  },
  DATASET_SIZE: {
    exit: 65,
    title: 'A data set has no records, or more records or contributors than it may.',
    cure: 'Check skip and take of the sources, or divide the data set.',
  },
  DATASET_EXISTS: {
    exit: 65,
    title: 'There is something already where the data set would be written.',
    cure: 'Name a folder that does not exist: a version of a data set is never overwritten.',
  },
  DATASET_INVALID: {
    exit: 65,
    title: 'A folder is not a built data set, or its manifest is not canonical.',
    cure: 'Name the folder that witan dataset build wrote, or fetch the data set again.',
  },
  DATASET_MISMATCH: {
    exit: 1,
    title: 'A data set is not the one that its manifest names: something was altered.',
    cure: 'Fetch the data set again from its source; do not train on this copy.',
  },
  DATASET_RECORD_UNKNOWN: {
    exit: 65,
    title: 'The data set has no such record or contributor.',
    cure: 'Records are counted from 0; the manifest lists the contributors.',
  },
} as const satisfies Record<string, CatalogEntry>
