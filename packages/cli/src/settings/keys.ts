import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { option } from '../command/option.js'
import { asText } from '../command/parse.js'
import { keysFolderIn, passwordFileIn } from './home.js'

export const passwordFileOption = option.optional(
  '--password-file <file>',
  'file that holds the password of the keystore (default: WITAN_PASSWORD_FILE)',
  asText,
)

export const keyOption = (purpose: string) =>
  option.required('--key <name>', `keystore ${purpose}: a name in the home folder or a path`, asText)

/** A path as it is; a plain name is a file of the home's key folder. */
export function keystorePath(key: string, home: string, { directory }: CommandContext): string {
  return /[/\\]|\.json$/.test(key) ? resolve(directory, key) : join(keysFolderIn(home), `${key}.json`)
}

/** The password from the file named by flag or environment, or the local network's own. Never asks, never echoes. */
export function readPassword(passwordFile: string | undefined, home: string, context: CommandContext): string {
  // An empty variable counts as unset, as everywhere.
  const named = passwordFile ?? (context.env.WITAN_PASSWORD_FILE || undefined)
  const path = named === undefined ? passwordFileIn(home) : resolve(context.directory, named)
  if (named === undefined && !existsSync(path)) {
    throw new WitanError('PASSWORD_NEEDED', 'The keystore cannot be opened without its password', { facts: { home } })
  }
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new WitanError('FILE_UNREADABLE', 'The password file cannot be read', { facts: { path, reason }, cause })
  }
}
