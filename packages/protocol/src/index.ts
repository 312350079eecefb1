export type { CatalogEntry } from './errors/catalog-entry.js'
export { ERROR_CATALOG, type ErrorCode } from './errors/catalog.js'
export { type ErrorFact, isWitanError, WitanError, type WitanErrorOptions } from './errors/witan-error.js'
