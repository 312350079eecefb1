// A policy document as an operator gets it: read whole or refused with the field that is wrong.
import { policyDigest } from '@witan/protocol'
import t from 'tap'
import { parsePolicy } from '../src/policy/parse-policy.js'

const document = (change: object = {}) =>
  JSON.stringify({
    version: 1,
    tasks: ['classify-digit', 'recognize-text'],
    input: { maxBytes: 100_000, mediaTypes: ['image/jpeg', 'image/png'] },
    output: { maxBytes: 1_000 },
    refuse: [{ name: 'cards', contains: 'card number' }],
    gate: { modelVersion: `0x${'ab'.repeat(32)}`, label: 'unsafe', thresholdPpm: 800_000 },
    notice: 'Made by a machine.',
    retentionSeconds: 0,
    ...change,
  })

t.test('a document and its defaults', async (t) => {
  const policy = parsePolicy(document())
  t.match(policy, { output: { mediaTypes: [] }, gate: { thresholdPpm: 800_000 } })
  const bare = parsePolicy(document({ refuse: undefined, gate: undefined, notice: undefined }))
  t.match(bare, { refuse: [], gate: null, notice: null })
  t.equal(policyDigest(bare), policyDigest(parsePolicy(document({ refuse: [], gate: null, notice: null }))))
  t.not(policyDigest(bare), policyDigest(policy))
})

t.test('what is wrong is named', async (t) => {
  const wrong: [object, string][] = [
    [{ version: 2 }, 'version'],
    [{ tasks: [] }, 'tasks'],
    [{ tasks: ['b', 'a'] }, 'tasks'],
    [{ tasks: ['a', 'a'] }, 'tasks'],
    [{ tasks: ['Upper'] }, 'tasks.0'],
    [{ input: { maxBytes: 0 } }, 'input.maxBytes'],
    [{ input: { maxBytes: 65 * 1024 * 1024 } }, 'input.maxBytes'],
    [{ output: { maxBytes: 1, mediaTypes: ['text'] } }, 'output.mediaTypes.0'],
    [{ refuse: [{ name: 'a', contains: '' }] }, 'refuse.0.contains'],
    [{ refuse: [{ name: 'a', contains: 'é'.repeat(129) }] }, 'refuse.0.contains'],
    [{ gate: { modelVersion: '0xAB', label: 'x', thresholdPpm: 1 } }, 'gate.modelVersion'],
    [{ gate: { modelVersion: `0x${'ab'.repeat(32)}`, label: 'x', thresholdPpm: 0 } }, 'gate.thresholdPpm'],
    [{ notice: '\ud800' }, 'notice'],
    [{ retentionSeconds: -1 }, 'retentionSeconds'],
    [{ retentionSeconds: undefined }, 'retentionSeconds'],
    [{ colour: 'red' }, '(all)'],
  ]
  for (const [change, field] of wrong)
    t.throws(() => parsePolicy(document(change)), { code: 'POLICY_INVALID', facts: { field } }, field)
  t.throws(() => parsePolicy('{'), { code: 'POLICY_INVALID', message: /not JSON/ })
  t.throws(() => parsePolicy(document({ notice: 'x'.repeat(70_000) })), {
    code: 'POLICY_INVALID',
    message: /too large/,
  })
})
