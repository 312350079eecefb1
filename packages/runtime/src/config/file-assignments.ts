import { WitanError } from '@witan/protocol'
import type { Assignment, PathKey } from './assignment.js'
import { conform, isPlainObject } from './conform.js'
import { nearestName } from './nearest-name.js'
import { acceptedDefinition, memberOf, membersOf, type Schema } from './schema-shape.js'
import { readYamlSource, type YamlSource } from './yaml-source.js'

export interface ConfigurationFile {
  readonly path: string
  /** `configuration` or `network`: what the file is, for errors and origins. */
  readonly role: 'configuration' | 'network'
  /** The section of the schema that the top of the file fills; the whole when empty. */
  readonly section: readonly string[]
}

/** What a file sets; throws on the first key that no option has, however deep. */
export function readFileAssignments(schema: Schema, { path, role, section }: ConfigurationFile): Assignment[] {
  const source = readYamlSource(path, role)
  const origin = role === 'network' ? `network file ${path}` : `file ${path}`
  const lineOf = (full: readonly PathKey[]) => source.lineOf(full.slice(section.length))

  const walk = (inner: Schema, value: unknown, at: readonly string[]): Assignment[] => {
    if (membersOf(inner) === undefined) {
      checkKeys(inner, value, at.slice(section.length), source)
      return [{ path: at, value: conform(inner, value), origin, lineOf }]
    }
    if (value === null) return []
    if (!isPlainObject(value)) throw notASection(source, at.slice(section.length), origin)
    return Object.entries(value).flatMap(([key, item]) => {
      const member = memberOf(inner, key)
      if (member === undefined) throw unknownKey(source, [...at.slice(section.length), key], keysOf(inner))
      return walk(member, item, [...at, key])
    })
  }
  return walk(sectionOf(schema, section), source.content, section)
}

function sectionOf(schema: Schema, path: readonly string[]): Schema {
  return path.reduce((section, key) => {
    const member = memberOf(section, key)
    if (member === undefined) throw new Error(`the schema has no section ${path.join('.')}`)
    return member
  }, schema)
}

/** Zod drops unknown keys silently; a misspelt one inside a list or a record must not pass either. */
function checkKeys(schema: Schema, value: unknown, path: readonly PathKey[], source: YamlSource): void {
  const def = acceptedDefinition(schema)
  if (Array.isArray(value) && def.type === 'array') {
    value.forEach((item, index) => {
      checkKeys(def.element, item, [...path, index], source)
    })
  }
  if (!isPlainObject(value)) return
  if (def.type === 'record') {
    for (const [key, item] of Object.entries(value)) checkKeys(def.valueType, item, [...path, key], source)
  }
  const shapes = def.type === 'union' ? def.options : [schema]
  if (!shapes.every((shape) => membersOf(shape) !== undefined)) return
  for (const [key, item] of Object.entries(value)) {
    const member = shapes.map((shape) => memberOf(shape, key)).find((found) => found !== undefined)
    if (member === undefined) throw unknownKey(source, [...path, key], shapes.flatMap(keysOf))
    checkKeys(member, item, [...path, key], source)
  }
}

function keysOf(schema: Schema): string[] {
  return Object.keys(membersOf(schema) ?? {})
}

function notASection(source: YamlSource, path: readonly string[], origin: string): WitanError {
  const line = source.lineOf(path)
  return new WitanError('CONFIG_INVALID', 'A section of the file is not a mapping of keys to values', {
    facts: { key: path.join('.'), from: origin, ...(line && { line }) },
  })
}

function unknownKey(source: YamlSource, path: readonly PathKey[], known: readonly string[]): WitanError {
  const nearest = nearestName(String(path.at(-1)), known)
  const line = source.lineOf(path)
  return new WitanError('CONFIG_UNKNOWN_KEY', 'The file holds a key that no option has', {
    facts: { file: source.file, ...(line && { line }), key: path.join('.'), ...(nearest && { didYouMean: nearest }) },
  })
}
