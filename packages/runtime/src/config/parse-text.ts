import { parse } from 'yaml'
import { z } from 'zod'
import { conform } from './conform.js'
import { acceptedDefinition, type Schema } from './schema-shape.js'

/**
 * The value that a text from a variable or a flag stands for under the schema. Text that fits nothing is returned as it
 * is: the schema then says what it expected.
 */
export function parseText(schema: Schema, text: string): unknown {
  const def = acceptedDefinition(schema)
  switch (def.type) {
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    case 'bigint':
      return conform(schema, text.trim())
    case 'boolean':
      return parseBoolean(text)
    case 'literal':
      return def.values.find((value) => String(value) === text) ?? text
    case 'enum':
      return Object.values(def.entries).find((value) => String(value) === text) ?? text
    case 'array':
      return text.trimStart().startsWith('[') ? parseYaml(schema, text) : parseList(def.element, text)
    case 'union':
      return parseUnion(def.options, text)
    case 'object':
    case 'record':
    case 'tuple':
      return parseYaml(schema, text)
    default:
      return text
  }
}

function parseBoolean(text: string): boolean | string {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return text
}

function parseList(element: Schema, text: string): unknown[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => parseText(element, item))
}

function parseUnion(options: readonly Schema[], text: string): unknown {
  for (const option of options) {
    const value = parseText(option, text)
    if (z.safeParse(option, value).success) return value
  }
  return text
}

function parseYaml(schema: Schema, text: string): unknown {
  try {
    return conform(schema, parse(text, { intAsBigInt: true }))
  } catch {
    return text
  }
}
