import type { CatalogEntry } from '../catalog-entry.js'

export const PROTOCOL_ERRORS = {
  MESSAGE_MALFORMED: {
    exit: 65,
    title: 'Bytes from outside are not a valid message of the protocol.',
    cure: 'Check that both ends run the same network and a compatible version.',
  },
} as const satisfies Record<string, CatalogEntry>
