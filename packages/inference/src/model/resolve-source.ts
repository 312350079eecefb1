import { dirname, join, resolve } from 'node:path'
import { WitanError } from '@witan/protocol'
import { findPackage } from './find-package.js'

const NPM_SOURCE = /^npm:(?<name>(?:@[^/@]+\/)?[^/@]+)@(?<version>[^/]+)\/(?<path>.+)$/

/**
 * Where on disk a file of a model is.
 * @throws WitanError MANIFEST_INVALID for a source of unknown form, MODEL_FILE_MISSING when its package is absent
 */
export function resolveSource(source: string, manifestPath: string): string {
  if (source.startsWith('file:')) return resolve(dirname(manifestPath), source.slice('file:'.length))
  const parts = NPM_SOURCE.exec(source)?.groups
  if (parts === undefined) {
    throw new WitanError('MANIFEST_INVALID', 'A file of the model has a source of unknown form', {
      facts: { manifest: manifestPath, source, expected: 'npm:package@version/path or file:path' },
    })
  }
  return join(packageFolder(parts.name!, parts.version!, source), parts.path!)
}

function packageFolder(name: string, version: string, source: string): string {
  const found = findPackage(name)
  if (found?.version === version) return found.folder
  throw new WitanError('MODEL_FILE_MISSING', 'The package that carries the model is not installed in this version', {
    facts: { source, installed: found?.version ?? 'none' },
  })
}
