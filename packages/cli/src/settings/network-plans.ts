import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandContext } from '../command/context.js'
import { usageError } from '../command/option.js'

/** The deploy file that was named: by its path, or by its name among those that come with the program. */
export function deployFilePath(
  { file, network }: { readonly file: string | undefined; readonly network: string | undefined },
  { directory }: CommandContext,
): string {
  if ((file === undefined) === (network === undefined)) throw usageError('give either --file or --network')
  if (file !== undefined) return resolve(directory, file)
  if (!/^[a-z0-9-]+$/.test(network!)) throw usageError(`${network} is not the name of a network`)
  const shipped = fileURLToPath(new URL('../../../configs/networks', import.meta.url))
  const checkout = fileURLToPath(new URL('../../../../../configs/networks', import.meta.url))
  const paths = [join(directory, 'configs/networks'), checkout, shipped].map((folder) =>
    join(folder, `${network}.yaml`),
  )
  return paths.find((path) => existsSync(path)) ?? paths[0]!
}
