import type { CatalogEntry } from '../catalog-entry.js'

export const MINER_ERRORS = {
} as const satisfies Record<string, CatalogEntry>
