import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

export interface InstalledPackage {
  readonly folder: string
  readonly version: string
}

/** Looks for the folder itself: packages with an `exports` map hide their files from `require.resolve`. */
export function findPackage(name: string): InstalledPackage | undefined {
  const searched = createRequire(import.meta.url).resolve.paths(name) ?? []
  const folder = searched.map((root) => join(root, name)).find((path) => existsSync(join(path, 'package.json')))
  if (folder === undefined) return undefined
  return { folder, version: String(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version) }
}
