import { type ErrorCode, type ErrorFact, isWitanError, WitanError } from '@witan/protocol'
import type { VerifiedModel } from '../model/verified-model.js'
import type { TaskAnswer, TaskDescription } from './task-runner.js'

/** What a pool tells its processes. One load, then one run at a time. */
export type ProcessRequest =
  | { readonly kind: 'load'; readonly model: VerifiedModel; readonly provider: string }
  | { readonly kind: 'run'; readonly input: Uint8Array }

export type ProcessReply =
  | { readonly kind: 'loaded'; readonly description: TaskDescription }
  | { readonly kind: 'answer'; readonly answer: TaskAnswer }
  | { readonly kind: 'failure'; readonly failure: TaskFailure }

/** An error without what cannot cross to another process. A bug has no code. */
export interface TaskFailure {
  readonly code: ErrorCode | undefined
  readonly message: string
  readonly facts: Readonly<Record<string, ErrorFact>>
  readonly stack: string | undefined
}

export function toFailure(error: unknown): TaskFailure {
  if (isWitanError(error)) return { code: error.code, message: error.message, facts: error.facts, stack: error.stack }
  const bug = error instanceof Error ? error : new Error(String(error))
  return { code: undefined, message: bug.message, facts: {}, stack: bug.stack }
}

export function fromFailure({ code, message, facts, stack }: TaskFailure): Error {
  const error = code === undefined ? new Error(message) : new WitanError(code, message, { facts })
  if (stack !== undefined) error.stack = stack
  return error
}
