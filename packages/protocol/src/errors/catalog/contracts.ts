import type { CatalogEntry } from '../catalog-entry.js'

/** What the contracts refuse, beside what `CHAIN_ERRORS` has. */
export const CONTRACT_ERRORS = {
  CHANNEL_UNKNOWN: {
    exit: 65,
    title: 'No payment channel has this id.',
    cure: 'Take the id from `witan pay status --account`.',
  },
  NOT_CHANNEL_CONSUMER: {
    exit: 77,
    title: 'The account did not open the channel.',
    cure: 'Use the key that opened it.',
  },
  CHANNEL_CLOSING: {
    exit: 65,
    title: 'The channel is closing, or has closed: it takes no more deposits.',
    cure: 'Open another one; what is left in this one comes back with `witan pay close` once its grace time is over.',
  },
  CHANNEL_NOT_CLOSED: {
    exit: 75,
    title: 'The channel pays nothing back yet: closing was not requested, or its grace time is running.',
    cure: 'Wait for the time that the error names; `witan pay status` shows it.',
  },
  VOUCHER_PAID: {
    exit: 65,
    title: 'The voucher is worth nothing more than was paid already, or the channel is empty.',
    cure: 'Nothing to do; ask the consumer to top the channel up if the voucher is worth more than its deposit.',
  },
  NOTHING_DUE: {
    exit: 65,
    title: 'Nothing waits to be paid out.',
    cure: 'Nothing to do until more revenue comes in.',
  },
  POT_NOT_STALE: {
    exit: 75,
    title: "The validators' pot of the subnet paid somebody less than 90 days ago.",
    cure: 'Wait for the time that the error names, or pay the validators of its last settled epoch.',
  },
  DISTRIBUTION_GAS_TOO_LOW: {
    exit: 65,
    title: 'The transaction has too little gas for the model registry to answer.',
    cure: 'Send it with the gas limit that the endpoint estimates.',
  },
  SPLIT_TABLE_INVALID: {
    exit: 65,
    title: 'The split table does not make a whole, or more than half of the members of its consortium did not sign it.',
    cure: 'Collect the signatures again, in ascending order of the members, for the present nonce and a deadline to come.',
  },
  SLOT_VACANT: {
    exit: 65,
    title: 'The slot has no neuron.',
    cure: 'Choose another uid; `witan metagraph` shows who holds which.',
  },
  SLOT_CHANGED: {
    exit: 75,
    title: 'The slot changed its holder in this epoch and keeps it until the next one starts.',
    cure: 'Try again in the next epoch.',
  },
  SLOT_CHANGES_EXHAUSTED: {
    exit: 75,
    title: 'As many slots of the subnet changed their holders in this epoch as may.',
    cure: 'Try again in the next epoch, which starts at `nextStart` (unix seconds).',
  },
  TOO_MANY_VOTERS: {
    exit: 75,
    title: 'The permits that earlier parameters granted are too many for the slots that these allow.',
    cure: 'Lower maxValidators first; once an epoch is settled under it, raise maxUids or turn on liquidAlpha.',
  },
  LAST_PAY_OUTDATED: {
    exit: 75,
    title: 'An epoch was settled since the pay of the last one was read.',
    cure: 'Send it again; the newest pay is then read afresh.',
  },
  OPERATOR_RETIRED: {
    exit: 65,
    title: 'The operator key was replaced and can do nothing any more.',
    cure: 'Use the present operator key of the node, or register a new one.',
  },
  NOT_A_MEMBER: {
    exit: 77,
    title: 'The account is no member of the consortium.',
    cure: 'Ask a member to propose the account; the members vote on it.',
  },
  NOT_OWN_SLOT: {
    exit: 77,
    title: 'The slot belongs to a node that the subnet owner does not own.',
    cure: 'Declare slots of own nodes only.',
  },
  NOT_SUBNET_OWNER: {
    exit: 77,
    title: 'The account does not own the subnet, or was not offered it.',
    cure: 'Use the key of the subnet owner; `witan subnet show` names it.',
  },
  SUBNET_DISSOLVED: {
    exit: 65,
    title: 'The subnet was dissolved, or has no share of the emission.',
    cure: 'Choose a subnet that is running.',
  },
  LOCK_NOT_DUE: {
    exit: 75,
    title: 'The lock of the subnet is not due, or was paid already.',
    cure: 'Dissolve the subnet, wait until its last epoch is closed, then release the lock once.',
  },
  PARAMETERS_CHANGED_RECENTLY: {
    exit: 75,
    title: 'The parameters changed too recently: one change in two epochs.',
    cure: 'Wait for the epoch that the error names.',
  },
  MEMBERSHIP_UNCHANGED: {
    exit: 65,
    title: 'The account is a member already.',
    cure: 'Nothing to do.',
  },
  LAST_MEMBER: {
    exit: 65,
    title: 'The last member of a consortium cannot be removed.',
    cure: 'Admit another member first.',
  },
  ALREADY_VOTED: {
    exit: 65,
    title: 'The member voted on this proposal before.',
    cure: 'Nothing to do; a vote is final.',
  },
  PROPOSAL_UNKNOWN: {
    exit: 65,
    title: 'No proposal has this number.',
    cure: 'List them with `witan gov list`; of a consortium, see the proposals of its subnet, and of a data set its ballots.',
  },
  PROPOSAL_CLOSED: {
    exit: 75,
    title: 'The proposal was executed, has expired or lapsed when a member was removed.',
    cure: 'Propose again.',
  },
  SNAPSHOT_MISSING: {
    exit: 75,
    title: 'The snapshot of the epoch was not taken yet.',
    cure: 'Take the snapshot first; anybody may once the epoch has ended.',
  },
  SAME_NODE: {
    exit: 65,
    title: 'Stake cannot move from a node to itself.',
    cure: 'Name two different nodes.',
  },
  MOVE_LOCKED: {
    exit: 75,
    title: 'Stake that moved is locked at its new node for a while.',
    cure: 'Move it after the time that the error names, or unstake.',
  },
  TOO_MANY_POSITIONS: {
    exit: 65,
    title: 'The account has stake on as many nodes, or moves that still are liable, as it may.',
    cure: 'Leave a node or wait until earlier moves are no longer liable.',
  },
  SLASH_INVALID: {
    exit: 65,
    title: 'A slash is outside of its bounds.',
    cure: 'Use a part of at most all, a fault that happened, and a reward below what is burned.',
  },
  POINTS_INVALID: {
    exit: 65,
    title: 'Pointed stake names at most eight subnets, ascending, each with a weight.',
    cure: 'Name each subnet once, in ascending order, with a weight above zero.',
  },
  TOO_MANY_SUBNETS: {
    exit: 65,
    title: 'The node earns in as many subnets as it may.',
    cure: 'Deregister it somewhere and claim what it earned there.',
  },
  EMISSION_TERMS_INVALID: {
    exit: 65,
    title: 'The terms of the emission are outside of their bounds.',
    cure: 'Use a gauge period above zero and a largest share from 1 to 10,000 basis points.',
  },
} as const satisfies Record<string, CatalogEntry>
