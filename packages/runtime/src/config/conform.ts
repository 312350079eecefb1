import { z } from 'zod'
import { acceptedDefinition, memberOf, type Schema } from './schema-shape.js'

const INTEGER = /^-?\d+$/

/**
 * Files are read with every integer as a bigint, so that no digit of an amount is lost. This turns each into a number
 * where the schema wants one, and decimal text into a bigint where the schema wants that (JSON has no other way).
 */
export function conform(schema: Schema | undefined, value: unknown): unknown {
  const def = schema && acceptedDefinition(schema)
  if (def?.type === 'bigint') return typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : value
  if (def?.type === 'union') return conformToUnion(def.options, value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      if (def?.type === 'array') return conform(def.element, item)
      return conform(def?.type === 'tuple' ? (def.items[index] ?? def.rest ?? undefined) : undefined, item)
    })
  }
  if (isPlainObject(value)) {
    const schemaOf = (key: string) => (def?.type === 'record' ? def.valueType : schema && memberOf(schema, key))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, conform(schemaOf(key), item)]))
  }
  return value
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function conformToUnion(options: readonly Schema[], value: unknown): unknown {
  for (const option of options) {
    const candidate = conform(option, value)
    if (z.safeParse(option, candidate).success) return candidate
  }
  return conform(undefined, value)
}
