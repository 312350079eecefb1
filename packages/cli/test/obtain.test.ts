import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jsonDigest, policyDigest, ZERO_DIGEST } from '@witan/protocol'
import { parsePolicy } from '@witan/runtime'
import t from 'tap'
import { evaluationBeside } from '../src/commands/model/evaluation.js'
import { openModels } from '../src/daemon/model-sources.js'
import { sourcesIn } from '../src/daemon/obtain.js'
import { writePolicy } from './support/digit-models.js'
import { recordedContext, run, runJson } from './support/run.js'

const SHIPPED = fileURLToPath(new URL('../../../../configs/models', import.meta.url))
const never = new AbortController().signal

t.test('policies by digest, from the first folder that has them', async (t) => {
  const directory = t.testdir({ empty: {} })
  const folders = ['none', 'empty', 'policies'].map((name) => join(directory, name))
  const digest = writePolicy(folders[2]!, { notice: 'hello' })
  const { obtainPolicy } = sourcesIn({ models: [], policies: folders })
  t.match(await obtainPolicy(digest, never), { notice: 'hello' })
  t.equal(policyDigest(parsePolicy(JSON.stringify(await obtainPolicy(digest, never)))), digest)
  const other = writePolicy(join(directory, 'elsewhere'), { notice: 'another' })
  await t.rejects(obtainPolicy(other, never), { code: 'POLICY_NOT_FOUND', facts: { policy: other } })
  cpSync(join(directory, 'elsewhere', `${other}.json`), join(folders[1]!, `${digest}.json`))
  await t.rejects(obtainPolicy(digest, never), { code: 'POLICY_DIGEST_MISMATCH', facts: { actual: other } })
  writeFileSync(join(folders[0]!, '..', 'policies', `${other}.json`), '{}')
  await t.rejects(obtainPolicy(other, never), { code: 'POLICY_INVALID' })
  writeFileSync(join(folders[2]!, `${other}.json`), ' '.repeat(70_000))
  await t.rejects(obtainPolicy(other, never), { code: 'POLICY_INVALID', facts: { bytes: 70_000 } })
  await t.rejects(obtainPolicy(digest, AbortSignal.abort(new Error('gone'))), /gone/)
  const nowhere = sourcesIn({ models: [], policies: [] })
  await t.rejects(nowhere.obtainPolicy(digest, never), { code: 'POLICY_NOT_FOUND', facts: { folders: 'none' } })
})

t.test('models by version; a node that keeps to its own has it verified first', async (t) => {
  const directory = t.testdir({})
  const { context } = recordedContext({ directory })
  const config = { dataDir: 'data', model: 'ppocr-v4-rec', modelId: 0, modelFolders: [SHIPPED], policyFolders: [] }
  const fixed = await openModels(config, (path) => path, context)
  t.match(fixed, { modelId: 0n, modelVersion: /^0x/ })
  const model = await fixed.obtainModel(fixed.modelVersion!, never)
  t.equal(model.version, fixed.modelVersion)
  t.equal(await fixed.obtainModel(fixed.modelVersion!, never), model, 'read once')
  await t.rejects(fixed.obtainModel(`0x${'ee'.repeat(32)}`, never), { code: 'MODEL_UNKNOWN' })
  await t.rejects(
    openModels({ ...config, model: 'none' }, (path) => path, context),
    { code: 'MODEL_UNKNOWN' },
  )
  const following = await openModels({ ...config, model: 'none', modelId: 3 }, (path) => path, context)
  t.match(following, { modelId: 3n, modelVersion: undefined }, 'a follower may have to get even the first')
  t.match(await openModels({ ...config, modelId: 3 }, (path) => path, context), { modelVersion: fixed.modelVersion })
})

t.test('an evaluation beside a model is registered as it is, or not at all', async (t) => {
  const folder = t.testdir({ training: { 'evaluation.json': '{"accuracy":0.9}' } })
  t.equal(await evaluationBeside(folder), jsonDigest({ accuracy: 0.9 }))
  t.equal(await evaluationBeside(join(folder, 'elsewhere')), ZERO_DIGEST)
  const file = join(folder, 'training', 'evaluation.json')
  writeFileSync(file, '{"accuracy":')
  await t.rejects(evaluationBeside(folder), { code: 'FILE_UNREADABLE', facts: { path: file, reason: 'not JSON' } })
  rmSync(file)
  mkdirSync(file)
  await t.rejects(evaluationBeside(folder), { code: 'FILE_UNREADABLE', facts: { reason: 'EISDIR' } })
})

t.test('a policy document is checked, named and put where nodes look for it', async (t) => {
  const document = {
    version: 1,
    tasks: ['digits'],
    input: { maxBytes: 784 },
    output: { maxBytes: 512 },
    retentionSeconds: 0,
  }
  const directory = t.testdir({ 'policy.json': JSON.stringify(document), 'wrong.json': '{"version":2}' })
  const { digest, written } = await runJson(['model', 'policy', '--file', 'policy.json', '--out', 'policies'], {
    directory,
  })
  t.equal(written, join(directory, 'policies', `${digest}.json`))
  const { obtainPolicy } = sourcesIn({ models: [], policies: [join(directory, 'policies')] })
  t.match(await obtainPolicy(digest, never), document)
  t.match((await run(['model', 'policy', '--file', 'policy.json'], { directory })).stdout, new RegExp(`^${digest}\n`))
  await t.rejects(run(['model', 'policy', '--file', 'wrong.json'], { directory }), { code: 'POLICY_INVALID' })
})
