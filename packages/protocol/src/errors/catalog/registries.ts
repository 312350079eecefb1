import type { CatalogEntry } from '../catalog-entry.js'

/** What the registries of data sets and models refuse. */
export const REGISTRY_ERRORS = {
  DATASET_UNKNOWN: {
    exit: 65,
    title: 'No data set has this number.',
    cure: 'List the data sets; they are counted from 1.',
  },
  DATASET_VERSION_UNKNOWN: {
    exit: 65,
    title: 'The data set has no such version.',
    cure: 'Use a version up to the newest; `witan dataset show` tells it.',
  },
  NOT_DATASET_OWNER: {
    exit: 77,
    title: 'The account does not own the data set.',
    cure: 'Use the key of its owner; `witan dataset show` names it.',
  },
  DATASET_TERMS_INVALID: {
    exit: 65,
    title: 'The terms of a data set, or of a version of it, are outside of their bounds.',
    cure: 'Correct the field that the error names.',
  },
  CURATORS_INVALID: {
    exit: 65,
    title: 'A data set has 1 to 15 curators, each once.',
    cure: 'Name each curator once.',
  },
  DATASET_VERSION_OUTDATED: {
    exit: 75,
    title: 'The data set has a newer version than the one named.',
    cure: 'Look at the newest version, then build or flag on top of it.',
  },
  CORRECTION_INVALID: {
    exit: 65,
    title:
      'A correction answers upheld flags in their order, and has no more records than the version that it corrects.',
    cure: 'Answer flags that were upheld and not answered; propose a version to add records.',
  },
  DATASET_NOT_LISTED: {
    exit: 65,
    title: 'The data set is not listed: it has no version, was delisted or did not answer a flag in time.',
    cure: 'Wait until it is corrected and listed again, or use another.',
  },
  DATASET_NOT_OVERDUE: {
    exit: 75,
    title: 'No upheld flag of the data set is past its time.',
    cure: 'Wait until the time of the oldest one that was not answered has passed.',
  },
  DATASET_STILL_FLAGGED: {
    exit: 65,
    title: 'The data set has upheld flags that no correction answered.',
    cure: 'Correct it first.',
  },
  RECORD_NOT_CONDEMNED: {
    exit: 65,
    title: 'No flag of the record was upheld and answered.',
    cure: 'Name a record that a correction should have removed.',
  },
  FLAG_INVALID: {
    exit: 65,
    title: 'A flag names 1 to 64 records with one proof each.',
    cure: 'Divide the flag.',
  },
  FLAG_REWARD_TOO_LOW: {
    exit: 75,
    title: 'The reserve of the data set promises less than the least reward asked for.',
    cure: 'Ask for less, or wait until somebody adds to the reserve.',
  },
  RECORD_NOT_PROVEN: {
    exit: 65,
    title: 'The record is not in the version, or its proof leads elsewhere.',
    cure: 'Prove it from the data set of that version: `witan dataset proof`.',
  },
  ALREADY_FLAGGED: {
    exit: 65,
    title: 'The record is flagged in a ballot that is open or was upheld.',
    cure: 'Leave it out.',
  },
  CURATORS_CHANGED: {
    exit: 75,
    title: 'The curators are not those that the flag was made for.',
    cure: 'Look at who judges now, then flag again.',
  },
  NOT_A_CURATOR: {
    exit: 77,
    title: 'The account is no curator of the ballot, or began it itself.',
    cure: 'Only the curators that there were when the ballot began vote, and not on an own flag.',
  },
  RESERVE_TOO_SMALL: {
    exit: 65,
    title: 'The reserve of the data set is smaller than what was asked for.',
    cure: 'Ask for at most what is free.',
  },
  NOTHING_TO_WITHDRAW: {
    exit: 65,
    title: 'The account has no credit.',
    cure: 'Claim first; a credit is paid out once.',
  },
  SHARE_NOT_PROVEN: {
    exit: 65,
    title: 'The contributor does not have this share of the records.',
    cure: 'Prove the share from the data set of that version: `witan dataset proof --contributor`.',
  },
  REGISTERED_MODEL_UNKNOWN: {
    exit: 65,
    title: 'No registered model has this number.',
    cure: 'Models are counted from 1.',
  },
  MODEL_VERSION_UNKNOWN: {
    exit: 65,
    title: 'The model has no such version.',
    cure: 'Use a version up to the newest; `witan model show` tells it.',
  },
  NOT_MODEL_OWNER: {
    exit: 77,
    title: 'The account does not own the model.',
    cure: 'Use the key of its owner; `witan model show` names it.',
  },
  MODEL_TERMS_INVALID: {
    exit: 65,
    title: 'A version lacks a digest, or forks would pay more than half.',
    cure: 'Correct the field that the error names.',
  },
  MODEL_VERSION_RETIRED: {
    exit: 65,
    title: 'The version was retired, which is final.',
    cure: 'Publish another version.',
  },
  MODEL_VERSION_LIVE: {
    exit: 65,
    title: 'The version is live already.',
    cure: 'Nothing to do.',
  },
  FLOOR_INVALID: {
    exit: 65,
    title: 'A floor needs a feed that is a contract and a span of up to 365 days; none has neither.',
    cure: 'Name the feed and the span, or neither to take the floor away.',
  },
  NOT_DEMOTABLE: {
    exit: 75,
    title: 'No version is live, or its feed was not under the floor for the whole span since it went live.',
    cure: 'Ask again once it was; `witan model show` tells the live version and the floor.',
  },
  FEED_UNUSABLE: {
    exit: 69,
    title: 'The feed of the floor misses a round, has none within the span, or more than 256.',
    cure: 'Wait for its next round, or propose another feed or span: `witan model set-floor`.',
  },
  MANIFEST_TAKEN: {
    exit: 65,
    title: 'The manifest belongs to a model that the stakers activated it for.',
    cure: 'Fork that model, or publish a version of its own.',
  },
  TRAINING_SETS_INVALID: {
    exit: 65,
    title: 'A version names at most 8 data sets with 1 to 8 versions each, all ascending.',
    cure: 'Name each set and version once, in ascending order.',
  },
  DATASET_NOT_ORDERED: {
    exit: 77,
    title: 'The account may not train on a version of a data set that it did not order.',
    cure: 'Order the data set first: `witan dataset order`.',
  },
  TOKEN_NOT_OWNED: {
    exit: 77,
    title: "The token of a data set or model is not the account's, or does not exist.",
    cure: 'Use the key of its owner.',
  },
  STAKERS_DECIDE: {
    exit: 77,
    title: 'Only a decision of the stakers does this.',
    cure: 'Propose it: `witan model activate`, `model set-policy`, `subnet set-policy`, `dataset set-listed`, or any call with `gov propose`.',
  },
} as const satisfies Record<string, CatalogEntry>
