import type { z } from 'zod'

export type Schema = z.core.$ZodType
type Definition = z.core.$ZodTypes['_zod']['def']

/** What the schema accepts from outside, below wrappers such as optional, default and transform. */
export function accepted(schema: Schema): Schema {
  const def = definitionOf(schema)
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
      return accepted(def.innerType)
    case 'lazy':
      return accepted(def.getter())
    case 'pipe':
      return accepted(definitionOf(def.in).type === 'transform' ? def.out : def.in)
    default:
      return schema
  }
}

/** The definition of what the schema accepts, discriminated by `type`. */
export function acceptedDefinition(schema: Schema): Definition {
  return definitionOf(accepted(schema))
}

/** The members of a section, or undefined when the schema is not an object. */
export function membersOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const def = acceptedDefinition(schema)
  return def.type === 'object' ? def.shape : undefined
}

/** The schema of one key; undefined when the object does not know it. */
export function memberOf(schema: Schema, key: string): Schema | undefined {
  const def = acceptedDefinition(schema)
  if (def.type !== 'object') return undefined
  if (Object.hasOwn(def.shape, key)) return def.shape[key]
  return def.catchall !== undefined && definitionOf(def.catchall).type !== 'never' ? def.catchall : undefined
}

/** Whether an object must be there, so that an absent one stands for its members' defaults. */
export function isRequired(schema: Schema): boolean {
  return schema._zod.optin === undefined
}

function definitionOf(schema: Schema): Definition {
  return (schema as z.core.$ZodTypes)._zod.def
}
