import { WitanError } from '@witan/protocol'
import type { Assignment } from './assignment.js'
import { parseText } from './parse-text.js'
import { readTextFile } from './read-text-file.js'
import type { Setting } from './settings.js'

export type Environment = Readonly<Record<string, string | undefined>>

const FILE_SUFFIX = '_FILE'

/** What the variables set. An empty variable counts as unset: that is what compose files make of a missing one. */
export function readEnvironmentAssignments(settings: readonly Setting[], environment: Environment): Assignment[] {
  const names = new Set(settings.map((setting) => setting.environmentName))
  return settings.flatMap((setting) => {
    const name = setting.environmentName
    const twin = name + FILE_SUFFIX
    const text = environment[name] || undefined
    // An option whose own name ends in "file" is meant by that name, not as a twin of another.
    const file = names.has(twin) ? undefined : environment[twin] || undefined
    if (text !== undefined && file !== undefined) throw setTwice(setting, name, twin)
    if (file !== undefined) return [assign(setting, readTextFile(file, 'value').replace(/\r?\n$/, ''), twin)]
    return text === undefined ? [] : [assign(setting, text, name)]
  })
}

/** Variables with the prefix that no option reads: misspelt, or meant for something else. */
export function unknownVariables(settings: readonly Setting[], environment: Environment, prefix: string): string[] {
  const known = new Set(settings.flatMap(({ environmentName }) => [environmentName, environmentName + FILE_SUFFIX]))
  return Object.keys(environment).filter((name) => name.startsWith(prefix) && !known.has(name))
}

function assign(setting: Setting, text: string, name: string): Assignment {
  return { path: setting.path.split('.'), value: parseText(setting.schema, text), origin: `env ${name}` }
}

function setTwice(setting: Setting, name: string, twin: string): WitanError {
  return new WitanError('CONFIG_INVALID', 'The option is set by a variable and by its file twin', {
    facts: { key: setting.path, reason: `both ${name} and ${twin} are set` },
    next: 'Unset one of the two variables.',
  })
}
