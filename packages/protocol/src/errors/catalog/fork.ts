import type { CatalogEntry } from '../catalog-entry.js'

/** Leaving with the network, and networks whose members decide. */
export const FORK_ERRORS = {
  FORK_EXPORT_INVALID: {
    exit: 65,
    title: 'The export of a network is not whole: form, digest or content is wrong.',
    cure: 'Export the network again at the same block with `witan fork export`, and compare the digests.',
  },
  FORK_SUMS_DIFFER: {
    exit: 70,
    title: 'The parts of an exported network are not its supply.',
    cure: 'Run `witan audit` at the same block, against another endpoint too, and report the facts.',
  },
  FORK_CLAIM_UNKNOWN: {
    exit: 65,
    title: 'The fork takes nothing over for this account or item.',
    cure: 'Look at what the export has, and who was left out, with `witan fork show`.',
  },
  FORK_EXPORT_OTHER: {
    exit: 65,
    title: 'The network is not a fork of this export.',
    cure: 'Use the export whose digest `witan fork show` names, and the network file that the deployment wrote.',
  },
  NOT_A_FORK: {
    exit: 65,
    title: 'The network is no fork: nothing can be claimed in it.',
    cure: 'Choose the network file of the fork with `--network`.',
  },
  FORK_CLAIMED: {
    exit: 65,
    title: 'The account has claimed already, or the item has been taken over already.',
    cure: 'Nothing is to be done.',
  },
  FORK_PROOF_INVALID: {
    exit: 65,
    title: 'The export does not say this of the account or of the item.',
    cure: 'Compare the item with the export: `witan fork show` lists both.',
  },
  NOT_ITEM_OWNER: {
    exit: 77,
    title: 'Only the owner of an item says which one of the exported network it goes on for.',
    cure: 'Send it from the key of its owner; `witan fork show` names the owner of each exported item.',
  },
  FORK_SWEEP_NOT_DUE: {
    exit: 75,
    title: "Claims can still be made; the rest is not the treasury's yet.",
    cure: 'Wait until the time given.',
  },
  FORK_CLAIMS_SWEPT: {
    exit: 77,
    title: 'What nobody claimed in a year went to the treasury.',
    cure: 'Ask the stakers: a proposal can pay it from the treasury.',
  },
  POSITION_UNASKED: {
    exit: 77,
    title: 'The account has stake elsewhere, and only it may begin to stake on another node.',
    cure: 'Claim first, then stake with `witan stake add`.',
  },
  MEMBERSHIP_FIXED: {
    exit: 77,
    title: 'A membership cannot be moved to another account.',
    cure: 'Propose to remove one account and to admit the other with `witan gov propose`.',
  },
} as const satisfies Record<string, CatalogEntry>
