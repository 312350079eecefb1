import type { CatalogEntry } from '../catalog-entry.js'

export const RUNTIME_ERRORS = {
} as const satisfies Record<string, CatalogEntry>
