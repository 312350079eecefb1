import type { CatalogEntry } from '../catalog-entry.js'

export const MINER_ERRORS = {
  BEHAVIOUR_UNKNOWN: {
    exit: 78,
    title: 'The node has no behaviour of this name.',
    cure: 'Set `behaviour` to one of the names listed, or leave it out: honest is the default.',
  },
  BEHAVIOUR_LOCAL_ONLY: {
    exit: 78,
    title: 'A behaviour other than honest was configured outside a local chain.',
    cure: 'Set `behaviour: honest`; the others exist to show on a local chain that cheating does not pay.',
  },
  MODEL_NOT_REGISTERED: {
    exit: 78,
    title: 'Answers of the model version do not count in the subnet.',
    cure: 'Use one of the versions listed; `witan model show` tells which is live.',
  },
  MODEL_NOT_SERVED: {
    exit: 65,
    title: 'The miner does not serve the model version asked for.',
    cure: 'Ask a miner whose description lists the version.',
  },
  POLICY_REFUSED: {
    exit: 77,
    title: 'The policy of the model refuses the request.',
    cure: 'Ask for something that the policy allows; the stakers decide what that is.',
  },
  POLICY_UNKNOWN: {
    exit: 69,
    title: 'The node does not have the policy document that it must follow, or the classifier that the policy names.',
    cure: 'Try again or ask another miner; an operator puts the document, `<digest>.json`, into a folder of `policyFolders`.',
  },
  REQUEST_MISADDRESSED: {
    exit: 65,
    title: 'A request is for another subnet or under a policy that the miner does not serve.',
    cure: 'Send the number of the subnet that the miner serves and a policy from its description.',
  },
  REQUEST_DEADLINE_INVALID: {
    exit: 65,
    title: 'The deadline of a request has passed or lies more than ten minutes ahead.',
    cure: 'Set a deadline at most ten minutes ahead and compare the clocks of both machines.',
  },
  PAYMENT_REQUIRED: {
    exit: 65,
    title: 'The miner charges for answers and the request has no voucher.',
    cure: 'Open a payment channel to its node with `witan pay open` and ask with `--channel`.',
  },
  REQUEST_PRICE_TOO_LOW: {
    exit: 65,
    title: 'The request pays at most less than the miner charges.',
    cure: 'Raise the maximum price of the request or ask a cheaper miner.',
  },
  REQUEST_SAMPLING_UNSUPPORTED: {
    exit: 65,
    title: 'The request carries sampling parameters and the model does not sample.',
    cure: 'Leave the sampling parameters out.',
  },
  REQUEST_IN_PROGRESS: {
    exit: 75,
    title: 'The same request is being answered already.',
    cure: 'Wait for the first answer, or ask again after it: the same receipt is repeated.',
  },
  REQUEST_TOO_OLD: {
    exit: 65,
    title: 'The deadline of the request lies before the time from which the miner can tell whether it has answered.',
    cure: 'Send a new request with a later deadline; after a power loss, or without its journal, a miner takes none for up to ten minutes.',
  },
  ANSWER_NOT_KEPT: {
    exit: 65,
    title: 'The request was answered before and its output was not kept: too large, or the policy forbids it.',
    cure: 'Send a new request with a fresh nonce.',
  },
} as const satisfies Record<string, CatalogEntry>
