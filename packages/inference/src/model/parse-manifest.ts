import { WitanError } from '@witan/protocol'
import { MAX_MODEL_FILE_BYTES } from '../limits.js'
import type { Tolerance } from '../tensor/tolerance.js'
import { FieldReader } from './field-reader.js'
import type { Digest, ModelFile, ModelManifest } from './manifest.js'

const SHA256 = /^0x[0-9a-f]{64}$/
/** Plain relative names: no drive, no leading slash, no `..`. */
const FILE_PATH = /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$/
const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/
const SOURCE = /^(npm|file):./

/** @throws WitanError MANIFEST_INVALID naming the field */
export function parseManifest(text: string, path: string): ModelManifest {
  const root = FieldReader.parse(text, path)
  root.only('name', 'description', 'task', 'files', 'runtime', 'inputs', 'outputs', 'tolerance', 'licence')
  const files = root.list('files').map(parseFile)
  const names = new Set(files.map((file) => file.path))
  if (files.length === 0 || names.size !== files.length) {
    throw new WitanError('MANIFEST_INVALID', 'A model needs at least one file and every file its own path', {
      facts: { manifest: path, field: 'files' },
    })
  }
  return {
    name: root.string('name', NAME),
    description: root.string('description'),
    task: root.string('task'),
    files,
    runtime: root.string('runtime'),
    inputs: root.object('inputs').value,
    outputs: root.object('outputs').value,
    tolerance: parseTolerance(root.object('tolerance')),
    licence: root.string('licence'),
  }
}

function parseFile(file: FieldReader): ModelFile {
  file.only('path', 'sha256', 'bytes', 'source')
  return {
    path: file.string('path', FILE_PATH),
    sha256: file.string('sha256', SHA256) as Digest,
    bytes: file.integer('bytes', 1, MAX_MODEL_FILE_BYTES),
    source: file.string('source', SOURCE),
  }
}

function parseTolerance(tolerance: FieldReader): Tolerance {
  tolerance.only('absolute', 'relative')
  return { absolute: tolerance.number('absolute', 0, 1), relative: tolerance.number('relative', 0, 1) }
}
