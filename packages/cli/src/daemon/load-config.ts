import { dirname, isAbsolute, resolve } from 'node:path'
import { loadConfiguration, type z } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { option, toggle } from '../command/option.js'
import { asText } from '../command/parse.js'

/** What every daemon command takes. */
export const daemonOptions = {
  config: option.required('--config <file>', 'YAML file with the options', asText),
  behaviour: option.optional(
    '--behaviour <name>',
    'how the node acts; anything but honest needs a local chain',
    asText,
  ),
  stopWithStdin: toggle('--stop-with-stdin', 'stop when standard input ends: the parent has gone'),
} as const

export interface DaemonValues {
  readonly config: string
  readonly behaviour: string | undefined
  readonly stopWithStdin: boolean
}

/** Options of a daemon, and how its relative paths are meant: from the folder of its file. */
export interface LoadedConfig<T> {
  readonly values: T
  path(relative: string): string
}

export function loadDaemonConfig<S extends z.ZodType>(
  schema: S,
  { config, behaviour }: DaemonValues,
  { env, directory }: CommandContext,
): LoadedConfig<z.output<S>> {
  const file = resolve(directory, config)
  const { values } = loadConfiguration({ schema, flags: { behaviour }, env, file })
  const folder = dirname(file)
  return { values, path: (relative) => (isAbsolute(relative) ? relative : resolve(folder, relative)) }
}
