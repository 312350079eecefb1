import type { CatalogEntry } from '../catalog-entry.js'

export const CLI_ERRORS = {
  USAGE: {
    exit: 64,
    title: 'The command line is not understood.',
    cure: 'Run the command with `--help` to see its options.',
  },
  CONFIRMATION_NEEDED: {
    exit: 64,
    title: 'The command would send a transaction and nobody is there to confirm it.',
    cure: 'Add `--yes` to send without asking, or `--dry-run` to see what would be sent.',
  },
  NOT_CONFIRMED: {
    exit: 77,
    title: 'The transaction was not confirmed.',
    cure: 'Nothing was sent; run the command again and answer yes.',
  },
  TERMINAL_NEEDED: {
    exit: 64,
    title: 'The command asks questions and its input or output is no terminal.',
    cure: 'Use the command named in the message, whose answers are options.',
  },
  PASSWORD_NEEDED: {
    exit: 78,
    title: 'A keystore must be opened and no password was given.',
    cure: 'Give `--password-file FILE` or set WITAN_PASSWORD_FILE.',
  },
  NETWORK_NOT_CHOSEN: {
    exit: 78,
    title: 'No network file was given and none was found.',
    cure: 'Start a local network with `witan up`, or give `--network FILE`.',
  },
  FILE_UNWRITABLE: {
    exit: 65,
    title: 'A file that the command was to write cannot be written.',
    cure: 'Name a file in a folder that exists and that you may write to.',
  },
  FILE_UNREADABLE: {
    exit: 65,
    title: 'A file named on the command line cannot be read.',
    cure: 'Check the path and its permissions.',
  },
  INSUFFICIENT_STAKE: {
    exit: 77,
    title: 'The account has less stake on the node than it wants to take out.',
    cure: 'Ask for at most what `witan stake list` shows for the account.',
  },
  AUDIT_MISMATCH: {
    exit: 1,
    title: 'What the contracts store is not what their events give.',
    cure: 'Repeat it against another endpoint (`--network FILE`): if the same values differ there, do not rely on them, and report it.',
  },
  KEEPER_WITHOUT_RULE: {
    exit: 64,
    title: 'The keeper cannot tell whether an epoch is worth its gas.',
    cure: "Give `--token-price COIN`, what a token is worth in the chain's coin, or `--always`.",
  },
  POLICY_NOT_FOUND: {
    exit: 69,
    title: 'No folder holds the policy document with this digest.',
    cure: 'Put the document as `<digest>.json` into one of the folders named, as it was voted for.',
  },
  POLICY_DIGEST_MISMATCH: {
    exit: 65,
    title: 'A policy document is not the one that its file name says.',
    cure: 'Restore the document that was voted for; a changed one is another policy.',
  },
  MINER_NOT_FOUND: {
    exit: 69,
    title: 'No miner that serves the model could be reached.',
    cure: 'Check that the network runs (`witan status`) and try again.',
  },
  LOCAL_NETWORK_FAILED: {
    exit: 69,
    title: 'A part of the local network did not start or ended by itself.',
    cure: 'Read the log file named in the message.',
  },
  LOCAL_NETWORK_MISSING: {
    exit: 78,
    title: 'There is no local network to resume.',
    cure: 'Run `witan up` without `--resume` once.',
  },
  SCENARIO_STALLED: {
    exit: 69,
    title: 'A scenario waited for something that did not happen in time.',
    cure: 'Look at the logs of the nodes in the folder of the network; a machine that is too busy needs another try.',
  },
  SCENARIO_COMMAND_FAILED: {
    exit: 69,
    title: 'A command that a scenario ran as a process of its own failed.',
    cure: 'Run the command by itself: it says why.',
  },
  SCENARIO_CLAIM_MISSED: {
    exit: 1,
    title: 'Not every claim of a scenario was observed.',
    cure: 'The report names each claim with what was seen instead; the logs of the nodes are in the folder of the network.',
  },
} as const satisfies Record<string, CatalogEntry>
