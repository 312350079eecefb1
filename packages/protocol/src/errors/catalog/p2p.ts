import type { CatalogEntry } from '../catalog-entry.js'

export const P2P_ERRORS = {
} as const satisfies Record<string, CatalogEntry>
