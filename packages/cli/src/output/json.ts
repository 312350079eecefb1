import { plainJson } from './plain-text.js'

/** JSON for programs: money and other bigints as decimal strings. */
export function toJson(value: unknown): string {
  return plainJson(JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner), 2))
}
