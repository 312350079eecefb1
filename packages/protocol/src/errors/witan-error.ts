import { ERROR_CATALOG, type ErrorCode } from './catalog.js'

/** A value an error may carry: printable, never a secret. */
export type ErrorFact = string | number | bigint | boolean

export interface WitanErrorOptions {
  /** The values involved, in the order in which a person wants to read them. */
  facts?: Readonly<Record<string, ErrorFact>>
  /** What to do next; the catalogue's cure when absent. */
  next?: string
  cause?: unknown
}

/**
 * The one error of the product: a permanent code, what happened, with which values, what to do next.
 * `exitCode` follows sysexits.h (64 usage, 65 data, 69 unavailable, 75 try again, 77 not permitted, 78 configuration).
 */
export class WitanError extends Error {
  readonly code: ErrorCode
  readonly facts: Readonly<Record<string, ErrorFact>>
  readonly next: string

  constructor(code: ErrorCode, message: string, options: WitanErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'WitanError'
    this.code = code
    this.facts = options.facts ?? {}
    this.next = options.next ?? ERROR_CATALOG[code].cure
  }

  get exitCode(): number {
    return ERROR_CATALOG[this.code].exit
  }

  /** One line for an operator: `CODE: message (fact=value, …). Next step.` */
  toLine(): string {
    const facts = Object.entries(this.facts).map(([name, value]) => `${name}=${value}`)
    const suffix = facts.length === 0 ? '' : ` (${facts.join(', ')})`
    return `${this.code}: ${this.message}${suffix}. ${this.next}`
  }
}

export function isWitanError(error: unknown, code?: ErrorCode): error is WitanError {
  return error instanceof WitanError && (code === undefined || error.code === code)
}
