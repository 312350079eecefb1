import type { Hex } from '../bytes/hex.js'
import { keccak256Hex } from '../crypto/keccak256.js'
import { WitanError } from '../errors/witan-error.js'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Deeper values are refused instead of exhausting the stack. */
const MAX_DEPTH = 64

/**
 * JSON with one spelling (RFC 8785): keys sorted by UTF-16 code units, no white space, numbers and strings as
 * `JSON.stringify` writes them. Throws `JSON_NOT_CANONICAL` for what has no such spelling: numbers that are not finite,
 * text with half a surrogate pair, values nested deeper than 64.
 */
export function canonicalJson(value: Json): string {
  return spell(value, 0)
}

/** keccak256 of the canonical JSON in UTF-8. */
export function jsonDigest(value: Json): Hex {
  return keccak256Hex(Buffer.from(canonicalJson(value)))
}

function spell(value: Json, depth: number): string {
  if (depth > MAX_DEPTH) throw refused('a value nested too deeply', MAX_DEPTH)
  if (typeof value === 'number' && !Number.isFinite(value)) throw refused('a number that is not finite', String(value))
  if (typeof value === 'string') return text(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item: Json) => spell(item, depth + 1)).join(',')}]`
  const members = Object.entries(value as Record<string, Json>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${text(key)}:${spell(member, depth + 1)}`)
  return `{${members.join(',')}}`
}

function text(value: string): string {
  if (!value.isWellFormed()) throw refused('text with half a surrogate pair', value.slice(0, 40).toWellFormed())
  return JSON.stringify(value)
}

function refused(found: string, value: string | number): WitanError {
  return new WitanError('JSON_NOT_CANONICAL', 'A value has no canonical spelling', { facts: { found, value } })
}
