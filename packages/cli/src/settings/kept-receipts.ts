import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Evidence, parseEvidence, printEvidence, type RequestIdentity, WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { readInputFile } from './read-input.js'

const MAX_FILE_BYTES = 64 * 1024 * 1024

/**
 * Before anything is asked: an answer must not be lost because its receipt has no place. A line that was cut short is ended,
 * so that it takes no other with it. Throws `FILE_UNWRITABLE`.
 */
export function prepareToKeep(file: string, context: CommandContext): void {
  append(file, '', context)
  if (!endsLine(resolve(context.directory, file))) append(file, '\n', context)
}

/** Adds a receipt to a file, with what it answers: together they are evidence. */
export function keepReceipt(file: string, evidence: Evidence, context: CommandContext): void {
  append(file, `${printEvidence(evidence)}\n`, context)
}

function append(file: string, text: string, { directory }: CommandContext): void {
  try {
    appendFileSync(resolve(directory, file), text)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new WitanError('FILE_UNWRITABLE', 'The receipt cannot be kept', { facts: { path: file, reason }, cause })
  }
}

function endsLine(path: string): boolean {
  const handle = openSync(path, 'r')
  try {
    const { size } = fstatSync(handle)
    const last = Buffer.alloc(1)
    return size === 0 || (readSync(handle, last, 0, 1, size - 1) === 1 && last.toString() === '\n')
  } finally {
    closeSync(handle)
  }
}

/** The request of the last receipt in a file. Throws `FILE_UNREADABLE` or `EVIDENCE_UNREADABLE`. */
export function lastRequest(file: string, context: CommandContext): RequestIdentity {
  const text = new TextDecoder().decode(readInputFile(file, MAX_FILE_BYTES, context))
  return parseEvidence(text.trimEnd().split('\n').at(-1)!).request
}
