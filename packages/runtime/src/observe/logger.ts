import { isWitanError } from '@witan/protocol'
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers, stdTimeFunctions } from 'pino'
import pretty from 'pino-pretty'
import { LOG_REDACTION_PATHS } from './secret-names.js'

export type { Logger } from 'pino'
export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

export interface LogOptions {
  /** The program or daemon: `miner`, `validator`. */
  readonly name: string
  /** `info` when absent. */
  readonly level?: LogLevel
  /** Lines for people instead of JSON; when absent, where stderr is a terminal. */
  readonly pretty?: boolean
  /** Where lines go instead of stderr. */
  readonly destination?: DestinationStream
}

const STDERR = 2

/** JSON lines on stderr, written at once so that the last line before a crash is there. stdout is data and stays clean. */
export function createLogger({ name, level = 'info', destination, ...options }: LogOptions): Logger {
  const asText = options.pretty ?? (destination === undefined && process.stderr.isTTY === true)
  const settings: LoggerOptions = {
    level,
    base: { name, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError },
    redact: { paths: [...LOG_REDACTION_PATHS], censor: '[redacted]' },
  }
  const sink = destination ?? pino.destination({ dest: STDERR, sync: true })
  return pino(settings, asText ? pretty({ destination: sink, sync: true, ignore: 'pid' }) : sink)
}

/** What an operator can act on is one line; a bug keeps its stack. */
function serializeError(error: unknown): unknown {
  if (isWitanError(error)) return { code: error.code, message: error.message, facts: error.facts, next: error.next }
  return error instanceof Error ? stdSerializers.err(error) : error
}
