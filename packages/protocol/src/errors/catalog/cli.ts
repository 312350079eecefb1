import type { CatalogEntry } from '../catalog-entry.js'

export const CLI_ERRORS = {
} as const satisfies Record<string, CatalogEntry>
