import type { CatalogEntry } from '../catalog-entry.js'

export const VALIDATOR_ERRORS = {
  JOURNAL_FOREIGN: {
    exit: 78,
    title: 'The journal belongs to another network, subnet or operator.',
    cure: 'Give each operator and subnet a data folder of its own; a fresh local chain needs a fresh folder.',
  },
  CHALLENGE_UNREADABLE: {
    exit: 70,
    title: 'The registered model did not read any of the sentences rendered for a challenge.',
    cure: 'Check with `witan infer` that the model reads plain text on this machine; nobody is scored meanwhile.',
  },
  ANSWER_WRONG: {
    exit: 65,
    title: 'A miner signed an answer that differs from that of the registered model.',
    cure: 'Nothing is to be done: the miner is scored down; its receipt stays in the journal.',
  },
} as const satisfies Record<string, CatalogEntry>
