import { z } from 'zod'
import { membersOf, type Schema } from './schema-shape.js'

/** One option: a leaf of the schema. Lists, records and unions are one option each and are replaced as a whole. */
export interface Setting {
  /** Dotted: `p2p.port`. */
  readonly path: string
  /** `WITAN_P2P_PORT`; `WITAN_P2P_PORT_FILE` names a file that holds the value. */
  readonly environmentName: string
  readonly description: string | undefined
  readonly schema: z.core.$ZodType
}

/** Every option of a schema in the order of declaration. */
export function listSettings(schema: Schema, envPrefix: string): readonly Setting[] {
  const settings = collect(schema, [], envPrefix)
  const pathOfName = new Map<string, string>()
  for (const { environmentName, path } of settings) {
    const other = pathOfName.get(environmentName)
    if (other !== undefined) throw new Error(`options ${other} and ${path} share the variable ${environmentName}`)
    pathOfName.set(environmentName, path)
  }
  return settings
}

/** `['p2p', 'maxPeers']` → `P2P_MAX_PEERS`. */
export function environmentNameOf(path: readonly string[]): string {
  return path
    .map((key) => key.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]/g, '_'))
    .join('_')
    .toUpperCase()
}

function collect(schema: Schema, path: readonly string[], envPrefix: string): Setting[] {
  const members = membersOf(schema)
  if (members !== undefined) {
    return Object.entries(members).flatMap(([key, member]) => collect(member, [...path, key], envPrefix))
  }
  const description = z.globalRegistry.get(schema)?.description
  return [{ path: path.join('.'), environmentName: envPrefix + environmentNameOf(path), description, schema }]
}
