import { type ErrorFact, WitanError } from '../errors/witan-error.js'
import type { Policy } from './policy.js'
import { refusedBy } from './refused-by.js'

/** What a request asks for, as far as a policy looks at it. */
export interface PolicySubject {
  /** Of the model that is asked, for example `digits`. */
  readonly task: string
  readonly input: Uint8Array
  readonly inputMediaType: string
  readonly outputMediaType: string
}

/** The first rule of a policy that a request breaks. */
export interface PolicyRefusal {
  /** The field of the document: `input.maxBytes`. */
  readonly rule: string
  /** What the request has there. */
  readonly value: ErrorFact
}

const TEXT = /^text\//

/** Why a policy refuses a request, before any work is done; undefined when it does not. The gate is not asked here. */
export function policyRefusal(policy: Policy, subject: PolicySubject): PolicyRefusal | undefined {
  const { task, input, inputMediaType, outputMediaType } = subject
  if (!policy.tasks.includes(task)) return { rule: 'tasks', value: task }
  if (input.length > policy.input.maxBytes) return { rule: 'input.maxBytes', value: input.length }
  if (!allows(policy.input.mediaTypes, inputMediaType)) return { rule: 'input.mediaTypes', value: inputMediaType }
  if (!allows(policy.output.mediaTypes, outputMediaType)) return { rule: 'output.mediaTypes', value: outputMediaType }
  const pattern = TEXT.test(inputMediaType) ? refusedBy(policy, new TextDecoder().decode(input)) : undefined
  return pattern === undefined ? undefined : { rule: 'refuse', value: pattern }
}

/** Why a policy holds an output back; undefined when it does not. */
export function outputRefusal({ output }: Policy, bytes: number): PolicyRefusal | undefined {
  return bytes > output.maxBytes ? { rule: 'output.maxBytes', value: bytes } : undefined
}

/** `POLICY_REFUSED` with the rule; its text is all that travels to whoever asked. */
export function policyRefused({ rule, value }: PolicyRefusal): WitanError {
  return new WitanError('POLICY_REFUSED', `The policy refuses the request: ${rule} (${value})`, {
    facts: { rule, value },
  })
}

function allows(mediaTypes: readonly string[], mediaType: string): boolean {
  return mediaTypes.length === 0 || mediaTypes.includes(mediaType)
}
