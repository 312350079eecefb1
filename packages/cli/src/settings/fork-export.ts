import { type ForkExport, parseExport } from '@witan/chain'
import type { CommandContext } from '../command/context.js'
import { option } from '../command/option.js'
import { asText } from '../command/parse.js'
import { readJsonFile } from './read-input.js'

/** A million holders take some 300 bytes each. */
const MAX_EXPORT_BYTES = 400_000_000

export const exportOption = option.required('--export <file>', 'what `fork export` wrote', asText)

/** Throws `FILE_UNREADABLE`, `INPUT_TOO_LARGE`, `FORK_EXPORT_INVALID` or `FORK_SUMS_DIFFER`. */
export const readExport = (path: string, context: CommandContext): ForkExport =>
  parseExport(readJsonFile(path, MAX_EXPORT_BYTES, context))
