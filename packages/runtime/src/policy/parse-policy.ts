import { type Hex, isHex, POLICY_LIMITS, type Policy, WitanError } from '@witan/protocol'
import { z } from 'zod'
import { oneLine } from '../config/yaml-source.js'

const { maxDocumentBytes, maxTasks, maxMediaTypes, maxPatterns, maxPatternBytes, maxNoticeBytes, maxRetentionSeconds } =
  POLICY_LIMITS
/** The largest payload of the infer protocol. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024

const text = (maxBytes: number) =>
  z
    .string()
    .min(1)
    .refine((value) => value.isWellFormed(), 'half a surrogate pair')
    .refine((value) => Buffer.byteLength(value) <= maxBytes, `more than ${maxBytes} bytes`)

const isAscending = (values: readonly string[]) =>
  values.every((value, index) => index === 0 || values[index - 1]! < value)

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'not a name: lower-case letters, digits, points and hyphens')
const payload = z.strictObject({
  maxBytes: z.int().positive().max(MAX_PAYLOAD_BYTES),
  mediaTypes: z
    .array(z.string().regex(/^[a-z0-9.+-]{1,40}\/[a-z0-9.+-]{1,60}$/, 'not a media type'))
    .max(maxMediaTypes)
    .refine(isAscending, 'not ascending, or twice the same')
    .default([]),
})

/** The form of a policy document; lists are ascending, so that one policy has one digest. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  tasks: z.array(name).min(1).max(maxTasks).refine(isAscending, 'not ascending, or twice the same'),
  input: payload,
  output: payload,
  refuse: z
    .array(z.strictObject({ name, contains: text(maxPatternBytes) }))
    .max(maxPatterns)
    .refine(
      (patterns) => isAscending(patterns.map((pattern) => pattern.name)),
      'names not ascending, or twice the same',
    )
    .default([]),
  gate: z
    .strictObject({
      modelVersion: z.custom<Hex>((value) => isHex(value, 32), 'not 0x and 64 lower-case digits'),
      label: text(64),
      thresholdPpm: z.int().min(1).max(1_000_000),
    })
    .nullable()
    .default(null),
  notice: text(maxNoticeBytes).nullable().default(null),
  retentionSeconds: z.int().nonnegative().max(maxRetentionSeconds),
})

/** A policy from the JSON text of its document. Throws `POLICY_INVALID`. */
export function parsePolicy(document: string): Policy {
  const bytes = Buffer.byteLength(document)
  if (bytes > maxDocumentBytes) throw invalid('The policy is too large', { bytes, maxBytes: maxDocumentBytes })
  let value: unknown
  try {
    value = JSON.parse(document)
  } catch (cause) {
    throw invalid('The policy is not JSON', {}, cause)
  }
  const parsed = policySchema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw invalid('A field of the policy is missing or wrong', {
    field: path.map(String).join('.') || '(all)',
    reason: oneLine(message),
  })
}

function invalid(message: string, facts: Record<string, string | number>, cause?: unknown): WitanError {
  return new WitanError('POLICY_INVALID', message, { facts, ...(cause !== undefined && { cause }) })
}
