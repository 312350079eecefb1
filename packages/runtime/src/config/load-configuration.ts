import { z } from 'zod'
import type { Assignment } from './assignment.js'
import { type Environment, readEnvironmentAssignments, unknownVariables } from './environment-assignments.js'
import { readFileAssignments } from './file-assignments.js'
import { invalidOption } from './invalid-option.js'
import { parseText } from './parse-text.js'
import { isRequired, membersOf, type Schema } from './schema-shape.js'
import { listSettings, type Setting } from './settings.js'

export interface ConfigurationSources<S extends z.ZodType> {
  /** An object schema; nested objects are sections. */
  readonly schema: S
  /** Values by dotted path as the command line gave them; undefined ones are skipped, texts are parsed. */
  readonly flags?: Readonly<Record<string, unknown>>
  readonly env?: Environment
  /** The operator's YAML file. */
  readonly file?: string | undefined
  /** The description of the network, YAML or JSON. */
  readonly networkFile?: string | undefined
  /** The section of the schema that the network file fills: `network`. The whole when absent. */
  readonly networkSection?: string
  /** `WITAN_` when absent. */
  readonly envPrefix?: string
}

export interface Configuration<T> {
  readonly values: T
  /** Where each option's value comes from: `flag`, `env NAME`, `file PATH`, `network file PATH` or `default`. */
  readonly origins: Readonly<Record<string, string>>
  /** Variables that begin with the prefix and that no option reads. */
  readonly unknownVariables: readonly string[]
}

/**
 * Reads the options from all sources: flag over environment over file over network file over default. Throws
 * `CONFIG_NOT_FOUND`, `CONFIG_UNREADABLE`, `CONFIG_SYNTAX`, `CONFIG_UNKNOWN_KEY` or `CONFIG_INVALID`.
 */
export function loadConfiguration<S extends z.ZodType>(sources: ConfigurationSources<S>): Configuration<z.output<S>> {
  const { schema, flags = {}, env = {}, file, networkFile, networkSection, envPrefix = 'WITAN_' } = sources
  const settings = listSettings(schema, envPrefix)
  const section = networkSection?.split('.') ?? []

  const assignments = new Map<string, Assignment>()
  const assign = (list: readonly Assignment[]) => {
    for (const assignment of list) assignments.set(assignment.path.join('.'), assignment)
  }
  if (networkFile !== undefined) assign(readFileAssignments(schema, { path: networkFile, role: 'network', section }))
  if (file !== undefined) assign(readFileAssignments(schema, { path: file, role: 'configuration', section: [] }))
  assign(readEnvironmentAssignments(settings, env))
  assign(readFlagAssignments(settings, flags))

  const parsed = z.safeParse(schema, toInput(schema, assignments))
  if (!parsed.success) throw invalidOption(parsed.error.issues, assignments, settings)
  return {
    values: parsed.data,
    origins: originsOf(settings, assignments, parsed.data),
    unknownVariables: unknownVariables(settings, env, envPrefix),
  }
}

function readFlagAssignments(settings: readonly Setting[], flags: Readonly<Record<string, unknown>>): Assignment[] {
  return Object.entries(flags).flatMap(([path, value]) => {
    if (value === undefined) return []
    const setting = settings.find((candidate) => candidate.path === path)
    if (setting === undefined) throw new Error(`flag for ${path}, which is not an option`)
    const parsed = typeof value === 'string' ? parseText(setting.schema, value) : value
    return [{ path: path.split('.'), value: parsed, origin: 'flag' }]
  })
}

/** The nested object that the schema checks; required sections are there even when nothing in them is set. */
function toInput(schema: Schema, assignments: ReadonlyMap<string, Assignment>): Record<string, unknown> {
  const input = emptySections(schema)
  for (const { path, value } of assignments.values()) {
    let section = input
    for (const key of path.slice(0, -1)) {
      section[key] ??= {}
      section = section[key] as Record<string, unknown>
    }
    section[path.at(-1)!] = value
  }
  return input
}

function emptySections(schema: Schema): Record<string, unknown> {
  const sections = Object.entries(membersOf(schema) ?? {}).filter(
    ([, member]) => membersOf(member) && isRequired(member),
  )
  return Object.fromEntries(sections.map(([key, member]) => [key, emptySections(member)]))
}

function originsOf(
  settings: readonly Setting[],
  assignments: ReadonlyMap<string, Assignment>,
  values: unknown,
): Record<string, string> {
  const origins: Record<string, string> = {}
  for (const { path } of settings) {
    const value = path
      .split('.')
      .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values)
    const origin = assignments.get(path)?.origin
    if (origin !== undefined || value !== undefined) origins[path] = origin ?? 'default'
  }
  return origins
}
