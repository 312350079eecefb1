import type { CatalogEntry } from '../catalog-entry.js'

export const VALIDATOR_ERRORS = {
} as const satisfies Record<string, CatalogEntry>
