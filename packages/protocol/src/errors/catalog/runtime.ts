import type { CatalogEntry } from '../catalog-entry.js'

export const RUNTIME_ERRORS = {
  CONFIG_NOT_FOUND: {
    exit: 78,
    title: 'A file that the configuration names does not exist.',
    cure: 'Check the path; the examples in configs/ are there to copy.',
  },
  CONFIG_UNREADABLE: {
    exit: 78,
    title: 'A file that the configuration names exists and cannot be read.',
    cure: 'Check that it is a regular file of a sensible size and that this user may read it.',
  },
  CONFIG_SYNTAX: {
    exit: 78,
    title: 'A configuration file is not valid YAML.',
    cure: 'Correct the file at the line and column given.',
  },
  CONFIG_UNKNOWN_KEY: {
    exit: 78,
    title: 'A configuration file holds a key that no option has.',
    cure: 'Correct the spelling or remove the key; `witan config show` lists every key.',
  },
  CONFIG_INVALID: {
    exit: 78,
    title: 'An option has a value of the wrong type or outside its bounds, or a required option is missing.',
    cure: 'Correct the value where it was set; `witan config show --origin` tells where each value comes from.',
  },
  DATABASE_NEWER: {
    exit: 78,
    title: 'The local database was written by a newer version of the program.',
    cure: 'Install the newer version again, or start with another data folder.',
  },
  DATABASE_CORRUPT: {
    exit: 65,
    title: 'The local database is damaged or is not a database.',
    cure: 'Restore the file from a copy, or move it away to start with an empty one.',
  },
  DATABASE_LOCKED: {
    exit: 75,
    title: 'Another process holds the local database.',
    cure: 'Wait for the other process to finish, or stop it, and try again.',
  },
  DATABASE_UNAVAILABLE: {
    exit: 69,
    title: 'The local database cannot be opened, read or written.',
    cure: 'Check that the folder exists, that this user may write to it and that the disk has room.',
  },
  ALREADY_RUNNING: {
    exit: 79,
    title: 'Another process already runs with the same data folder or key.',
    cure: 'Stop the other process first, or give this one a data folder and a key of its own.',
  },
  PORT_BUSY: {
    exit: 69,
    title: 'The port is taken by another process.',
    cure: 'Stop the process that holds the port, or choose another port.',
  },
  ADDRESS_UNAVAILABLE: {
    exit: 69,
    title: 'The host and port cannot be listened on.',
    cure: 'Use an address of this machine and a port this user may open (1024 or above).',
  },
  BUSY: {
    exit: 75,
    title: 'All workers are busy and the queue is full.',
    cure: 'Try again shortly, or raise the concurrency or the queue length.',
  },
  DEADLINE_EXCEEDED: {
    exit: 75,
    title: 'An operation did not finish in the time it was given.',
    cure: 'Try again; if it persists, check the load and the connection of the other side.',
  },
} as const satisfies Record<string, CatalogEntry>
