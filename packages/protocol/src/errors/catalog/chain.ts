import type { CatalogEntry } from '../catalog-entry.js'

export const CHAIN_ERRORS = {
} as const satisfies Record<string, CatalogEntry>
