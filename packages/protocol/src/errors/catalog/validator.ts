import type { CatalogEntry } from '../catalog-entry.js'

export const VALIDATOR_ERRORS = {
  JOURNAL_FOREIGN: {
    exit: 78,
    title: 'The journal belongs to another network, subnet or operator.',
    cure: 'Give each operator and subnet a data folder of its own; a fresh local chain needs a fresh folder.',
  },
  CHALLENGE_UNREADABLE: {
    exit: 70,
    title: 'The registered model did not answer any of the inputs drawn for a challenge as it should.',
    cure: 'Check with `witan infer` that the model works on this machine; nobody is scored meanwhile.',
  },
  MODEL_NOT_READY: {
    exit: 75,
    title:
      'The validator has no version that it could judge the miner by: not loaded, or what counts could not be read for longer than the grace period.',
    cure: 'Nothing if it is loading; else see the errors of the node: a version that cannot be obtained, and a registry that cannot be read, are tried again.',
  },
  MODEL_UNJUDGED: {
    exit: 78,
    title: 'This release has no challenges for the task of the model.',
    cure: 'Update the software, or validate a subnet whose model reads text or digits.',
  },
  POLICY_BROKEN: {
    exit: 65,
    title: 'A miner signed an answer that the policy forbids.',
    cure: 'Nothing is to be done: the miner is scored down; its receipt stays in the journal.',
  },
  ANSWER_WRONG: {
    exit: 65,
    title: 'A miner signed an answer that differs from that of the registered model.',
    cure: 'Nothing is to be done: the miner is scored down; its receipt stays in the journal.',
  },
} as const satisfies Record<string, CatalogEntry>
