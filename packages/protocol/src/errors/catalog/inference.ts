import type { CatalogEntry } from '../catalog-entry.js'

export const INFERENCE_ERRORS = {
} as const satisfies Record<string, CatalogEntry>
