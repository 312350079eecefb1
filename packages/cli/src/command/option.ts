import { WitanError } from '@witan/protocol'

/** One option of a command: how it is written, what it means, how its text becomes a value. */
export interface Option<T> {
  /** As commander reads it: `--netuid <uid>`, `--json`. */
  readonly flags: string
  readonly description: string
  /** Absent for a switch. */
  parse?(text: string, previous: T | undefined): T
  readonly required: boolean
  readonly initial?: T
}

export type Options = Readonly<Record<string, Option<unknown>>>

/** What the handler gets for its declared options. */
export type Values<O extends Options> = { readonly [Name in keyof O]: O[Name] extends Option<infer T> ? T : never }

export function usageError(message: string, facts: WitanError['facts'] = {}): WitanError {
  return new WitanError('USAGE', message, { facts })
}

type Parse<T> = (text: string) => T

const optional = <T>(flags: string, description: string, parse: Parse<T>): Option<T | undefined> => ({
  flags,
  description,
  parse,
  required: false,
})

const required = <T>(flags: string, description: string, parse: Parse<T>): Option<T> => ({
  flags,
  description,
  parse,
  required: true,
})

const withDefault = <T>(flags: string, description: string, parse: Parse<T>, initial: T): Option<T> => ({
  flags,
  description,
  parse,
  required: false,
  initial,
})

/** A switch: false when absent. */
export const toggle = (flags: string, description: string): Option<boolean> => ({
  flags,
  description,
  required: false,
  initial: false,
})

/** An option that may be given several times. */
export const repeated = <T>(flags: string, description: string, parse: Parse<T>): Option<readonly T[]> => ({
  flags,
  description,
  parse: (text, previous) => [...(previous ?? []), parse(text)],
  required: false,
  initial: [],
})

export const option = { optional, required, withDefault }
