import type { CatalogEntry } from '../catalog-entry.js'

/** Faults and the court that judges them. */
export const COURT_ERRORS = {
  EVIDENCE_INVALID: {
    exit: 65,
    title: 'The receipts do not prove a fault of the node that the request was made to.',
    cure: 'Submit receipts of one request that keys of its miner signed, with different answers or other terms.',
  },
  EVIDENCE_TOO_OLD: {
    exit: 65,
    title: 'The deadline of the request passed longer ago than stake is liable.',
    cure: 'Nothing to do; let `witan watch faults` run so that evidence is submitted in time.',
  },
  EVIDENCE_AHEAD: {
    exit: 75,
    title: 'The deadline of the request is further ahead than any miner accepts.',
    cure: 'Submit the evidence later.',
  },
  EVIDENCE_UNREADABLE: {
    exit: 65,
    title: 'A line or row of a source of receipts cannot be read.',
    cure: 'Nothing to do: it is counted and left out; repair or remove it if the receipt matters.',
  },
  EVIDENCE_SOURCE_UNKNOWN: {
    exit: 65,
    title: 'A source of receipts does not exist or is neither a file of receipts nor a journal.',
    cure: 'Name a file with what `witan infer --json` printed, or the journal of a validator.',
  },
  FAULT_NOT_HANDLED: {
    exit: 75,
    title: 'A fault was found or an accusation was due, and a transaction for it failed.',
    cure: 'See the reason in the facts; the next look tries again.',
  },
  ALREADY_ACCUSED: {
    exit: 65,
    title: 'The node was already accused for this request; each fault is judged once.',
    cure: 'See what became of it with `witan watch accusations`.',
  },
  TOO_MANY_ACCUSATIONS: {
    exit: 75,
    title: 'The court judges as many faults of the node as it does at a time.',
    cure: 'Accuse it when one of them is closed; `witan watch faults` does.',
  },
  ACCUSATION_UNKNOWN: {
    exit: 65,
    title: 'No accusation has this number.',
    cure: 'List the accusations with `witan watch accusations`.',
  },
  ACCUSATION_CLOSED: {
    exit: 65,
    title: 'The accusation was executed, vetoed or dismissed before.',
    cure: 'Nothing to do.',
  },
  ACCUSATION_NOT_DUE: {
    exit: 75,
    title: 'The stakers may still veto the accusation.',
    cure: 'Execute it from the time in the facts on.',
  },
  COURT_IN_OFFICE: {
    exit: 65,
    title: 'The court may slash, so the accusation is executed or vetoed, not dismissed.',
    cure: 'Wait for its execution.',
  },
  STAKE_HELD: {
    exit: 75,
    title: 'A court decides on a node that the stake is liable for, so it does not leave.',
    cure: 'Try again once the court has decided; at the latest at the time in the facts, unless the node is accused again.',
  },
  REQUEST_NOT_THE_SAME: {
    exit: 65,
    title: 'A request was to be sent again, but key, miner, model or input differ from the first time.',
    cure: 'Ask with the same key, model and input; the miner is the one that the file names.',
  },
} as const satisfies Record<string, CatalogEntry>
