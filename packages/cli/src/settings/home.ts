import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CommandContext } from '../command/context.js'
import { option } from '../command/option.js'
import { asText } from '../command/parse.js'

/** Where `witan up` keeps the local network, below the directory it was started in. */
export const LOCAL_HOME = '.witan/local'

export const homeOption = option.optional(
  '--home <folder>',
  `folder with keys and the network file (default: WITAN_HOME, ${LOCAL_HOME} where a local network is, else ~/.witan)`,
  asText,
)

/** The folder that a command works on. */
export function homeFolder(home: string | undefined, { env, directory }: CommandContext): string {
  const chosen = home ?? env.WITAN_HOME
  if (chosen !== undefined && chosen !== '') return resolve(directory, chosen)
  const local = resolve(directory, LOCAL_HOME)
  return existsSync(networkFileIn(local)) ? local : join(homedir(), '.witan')
}

export const networkFileIn = (home: string): string => join(home, 'network.yaml')
export const keysFolderIn = (home: string): string => join(home, 'keys')
export const passwordFileIn = (home: string): string => join(home, 'password')
