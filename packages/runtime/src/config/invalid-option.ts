import { type ErrorFact, WitanError } from '@witan/protocol'
import type { z } from 'zod'
import { isSecretName } from '../observe/secret-names.js'
import type { Assignment } from './assignment.js'
import type { Setting } from './settings.js'
import { oneLine } from './yaml-source.js'

const MAX_VALUE_LENGTH = 80

/** The first of the schema's complaints as one line; `further` counts the others. */
export function invalidOption(
  issues: readonly z.core.$ZodIssue[],
  assignments: ReadonlyMap<string, Assignment>,
  settings: readonly Setting[],
): WitanError {
  const issue = issues[0]!
  const path = issue.path.map(String)
  const key = path.join('.')
  const further = issues.length > 1 ? { further: issues.length - 1 } : {}
  const assignment = assignmentOf(path, assignments)
  if (assignment === undefined) {
    const setting = settings.find((candidate) => candidate.path === key)
    return new WitanError(
      'CONFIG_INVALID',
      setting ? 'A required option is not set' : 'The options do not fit together',
      {
        facts: { key: key || '(all)', ...(setting ? {} : { reason: oneLine(issue.message) }), ...further },
        ...(setting && { next: `Set ${key} in the configuration file, or the variable ${setting.environmentName}.` }),
      },
    )
  }
  const line = assignment.lineOf?.(issue.path.map((part) => (typeof part === 'number' ? part : String(part))))
  return new WitanError('CONFIG_INVALID', 'An option has a value it cannot take', {
    facts: {
      key,
      value: path.some(isSecretName) ? '[redacted]' : printable(valueAt(assignment, path)),
      reason: oneLine(issue.message),
      from: assignment.origin,
      ...(line && { line }),
      ...further,
    },
  })
}

function assignmentOf(path: readonly string[], assignments: ReadonlyMap<string, Assignment>): Assignment | undefined {
  for (let length = path.length; length > 0; length--) {
    const found = assignments.get(path.slice(0, length).join('.'))
    if (found !== undefined) return found
  }
  return undefined
}

function valueAt(assignment: Assignment, path: readonly string[]): unknown {
  return path
    .slice(assignment.path.length)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], assignment.value)
}

function printable(value: unknown): ErrorFact {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value
  const hidesSecrets = (key: string, item: unknown) => {
    if (isSecretName(key)) return '[redacted]'
    return typeof item === 'bigint' ? item.toString() : item
  }
  const text = oneLine(typeof value === 'string' ? value : (JSON.stringify(value, hidesSecrets) ?? 'nothing'))
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}
