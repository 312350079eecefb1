import type { CatalogEntry } from '../catalog-entry.js'

export const GOVERNANCE_ERRORS = {
  PROPOSAL_STATE: {
    exit: 75,
    title: 'The proposal is not in the state that this step needs.',
    cure: 'See where it stands and when the next step is due with `witan gov show`.',
  },
  PROPOSAL_INVALID: {
    exit: 65,
    title: 'The calls of the proposal are not what a proposal may hold.',
    cure: 'Give at least one call, by contract, function and arguments, as `witan gov propose --help` shows.',
  },
  CANCEL_FORBIDDEN: {
    exit: 77,
    title: 'Only its proposer takes a proposal back, before the vote begins, and the guardian during its term.',
    cure: 'Vote against it; `witan gov show` tells who proposed it, `witan gov list` who is guardian.',
  },
  VOTES_TOO_FEW: {
    exit: 77,
    title: 'The account had too few votes to propose when it proposed.',
    cure: 'Stake more, or let others delegate to the account; see the threshold with `witan gov list`.',
  },
  VOTE_INVALID: {
    exit: 65,
    title: 'The vote or its signature is none that is counted here.',
    cure: 'Vote for, against or abstain, with a signature over that proposal and the next nonce.',
  },
  NOT_GOVERNANCE: {
    exit: 77,
    title: 'Only a decision of the stakers, or who they gave the role to, may do this.',
    cure: 'Propose the call with `witan gov propose`.',
  },
  GOVERNANCE_BOUNDS: {
    exit: 65,
    title: 'The setting would leave the bounds that the deployment fixed for decisions.',
    cure: 'Choose a value within the bounds in the facts; `witan gov list` shows the settings in force.',
  },
  GOVERNANCE_ROLE_FIXED: {
    exit: 65,
    title: 'The role moves to a successor in one step and cannot be given or taken otherwise.',
    cure: 'Name a successor: WitanTimelock.replaceGovernor or WitanAccess.replaceAdmin.',
  },
  SUBNET_NOT_LISTED: {
    exit: 65,
    title: 'The subnet has no share of the emission: the stakers have not listed it, or it was dissolved.',
    cure: 'See which subnets earn with `witan subnet gauge`; propose to list one with `witan gov propose`.',
  },
  OPERATION_NOT_READY: {
    exit: 75,
    title: 'The operation is not scheduled, or its wait is not over, or it has expired.',
    cure: 'Schedule it and carry it out within its window; an expired one must be scheduled again.',
  },
  COMMITTEE_INVALID: {
    exit: 65,
    title: 'The members, the threshold or the term of the committee are out of bounds.',
    cure: 'Name each member once in ascending order, a threshold they can reach and a term of at most two years.',
  },
  COMMITTEE_NOT_READY: {
    exit: 75,
    title: 'The committee has not approved the call, has carried it out already, or its term is over.',
    cure: 'Collect the approvals that are missing; after its term the stakers decide on a new committee.',
  },
} as const satisfies Record<string, CatalogEntry>
