// The thread of a data set on a real chain: published with wrong labels, voted in, flagged, upheld, corrected, ordered,
// extended, and a model published that names the exact versions it was trained on.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { deployNetwork } from './support/deployed-network.js'

const RECORDS = 600
const WRONG_EACH = 10
t.setTimeout(240_000)

const { client, addresses, witan, json, advance } = await deployNetwork(t, ['curator', 'judge', 'friend', 'maker'])
const { owner, curator, judge, friend, maker } = addresses as Record<string, `0x${string}`>
const as = (key: string) => ['--key', key, '--yes']
// The home of the keys is the one `testdir`.
const folder = mkdtempSync(join(tmpdir(), 'witan-registry-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string) => join(folder, name)
const wrong = Array.from({ length: RECORDS / WRONG_EACH }, (_, index) => index * WRONG_EACH)

/** Texts with their length as label; a wrong one is too long. */
async function build(name: string, count: number, areWrong: boolean): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    const text = 'x'.repeat(index % 9)
    const label = text.length + (areWrong && index % WRONG_EACH === 0 ? 1 : 0)
    return JSON.stringify({ text, label, id: index, by: index % 3 === 0 ? friend : owner })
  })
  writeFileSync(path(`${name}.jsonl`), rows.join('\n'))
  const source = { path: `${name}.jsonl`, contributorField: 'by' }
  const description = { name: 'lengths', licence: 'CC0-1.0', contributor: owner, sources: [source] }
  writeFileSync(path(`${name}.yaml`), JSON.stringify(description))
  await witan('dataset', 'build', '--file', path(`${name}.yaml`), '--out', path(name))
}

await build('one', RECORDS, true)
await build('two', RECORDS, false)
await build('three', RECORDS + 100, false)
for (const to of [friend!, maker!]) {
  const [approval] = [client.intents.transfer(to, 1_000n * 10n ** 18n)]
  await client.rpc.request('anvil_impersonateAccount', [owner])
  await client.rpc.request('eth_sendTransaction', [{ from: owner, to: approval!.to, data: approval!.data }])
}

t.test('a data set is published and voted in', async (t) => {
  const publish = ['dataset', 'publish', '--dataset', path('one'), '--price', '10', '--flag-bond', '0.5']
  await t.rejects(witan(...publish, ...as('owner')), { code: 'USAGE' })
  publish.push('--curator', curator!, '--curator', judge!)
  const dry = await json(...publish, '--key', 'owner', '--dry-run')
  t.match(dry, {
    dryRun: true,
    setId: '1',
    calls: [{ call: { method: 'create' } }, { call: { method: 'proposeVersion' } }],
  })
  t.equal(await client.datasets.count(), 0, 'a dry run sends nothing')
  t.match(await json(...publish, ...as('owner')), { setId: '1', ballotId: '1', version: 1 })
  t.match(await json('dataset', 'show', '--set', '1'), { name: 'lengths', isListed: false, versions: [] })
  t.match(await json('dataset', 'vote', '--ballot', '1', ...as('curator')), {
    kind: 'inclusion',
    yes: 1,
    outcome: 'open',
  })
  await t.rejects(witan('dataset', 'vote', '--ballot', '1', ...as('friend')), { code: 'NOT_A_CURATOR' })
  await t.rejects(witan('dataset', 'vote', '--ballot', '1', ...as('curator')), { code: 'ALREADY_VOTED' })
  t.match((await witan('dataset', 'vote', '--ballot', '1', ...as('judge'))).stdout, /2 for, 0 against, accepted/)
  const shown = await json('dataset', 'show', '--set', '1')
  t.match(shown, { isListed: true, owner, versions: [{ number: 1, records: String(RECORDS) }] })
  const { root } = await json('dataset', 'verify', '--dataset', path('one'), '--manifest', shown.versions[0].manifest)
  t.equal(root, shown.versions[0].root, 'whoever has the folder verifies it against the chain')
})

t.test('wrong records are flagged, upheld and rewarded', async (t) => {
  const flag = (dataset: string, records: readonly number[]) => [
    'dataset',
    'flag',
    '--dataset',
    path(dataset),
    '--set',
    '1',
    '--records',
    records.join(','),
    '--reason',
    'wrong',
  ]
  await t.rejects(witan(...flag('two', [0]), ...as('friend')), { code: 'DATASET_MISMATCH' })
  await t.rejects(witan(...flag('one', [RECORDS]), ...as('friend')), { code: 'DATASET_RECORD_UNKNOWN' })
  await t.rejects(witan(...flag('one', [1]), '--min-reward', '1', ...as('friend')), { code: 'FLAG_REWARD_TOO_LOW' })
  const flagged = await json(...flag('one', wrong), ...as('friend'))
  t.match(flagged, { version: 1, ballots: ['2'], bondWei: String(wrong.length * 5 * 10 ** 17) })
  await t.rejects(witan(...flag('one', [0]), ...as('friend')), { code: 'ALREADY_FLAGGED' })
  await witan('dataset', 'vote', '--ballot', '2', ...as('curator'))
  t.match(
    (await witan('dataset', 'vote', '--ballot', '2', ...as('judge'))).stdout,
    /\(flag, data set 1\): 2 for, 0 against, accepted/,
  )
  t.equal(await client.datasets.creditOf(friend!), BigInt(wrong.length) * 5n * 10n ** 17n, 'the bond is back')
  t.match((await witan('dataset', 'show', '--set', '1')).stdout, /\n1 flags wait for a correction/)
})

t.test('the set is corrected, extended and ordered', async (t) => {
  await t.rejects(witan('dataset', 'correct', '--dataset', path('two'), '--set', '1', ...as('friend')), {
    code: 'NOT_DATASET_OWNER',
  })
  await t.rejects(witan('dataset', 'correct', '--dataset', path('three'), '--set', '1', ...as('owner')), {
    code: 'CORRECTION_INVALID',
  })
  t.match(
    (await witan('dataset', 'correct', '--dataset', path('two'), '--set', '1', ...as('owner'))).stdout,
    /version 2 answers 1 flags/,
  )
  await witan('dataset', 'order', '--set', '1', ...as('maker'))
  t.match(await json('dataset', 'publish', '--dataset', path('three'), '--set', '1', ...as('friend')), {
    ballotId: '3',
    version: 3,
  })
  for (const key of ['curator', 'judge']) await witan('dataset', 'vote', '--ballot', '3', ...as(key))
  await advance(30 * 86_400)
  const { isListed, unanswered, versions } = await json('dataset', 'show', '--set', '1')
  t.match({ isListed, unanswered }, { isListed: true, unanswered: '0' })
  t.match(
    versions.map(({ edition, records }: { edition: number; records: string }) => [edition, Number(records)]),
    [
      [1, 600],
      [1, 600],
      [2, 700],
    ],
  )
  const royalty = ['dataset', 'royalty', '--dataset', path('two'), '--set', '1', '--version', '2']
  const claimed = await json(...royalty, ...as('friend'))
  t.match(claimed, { records: 200, claimedWei: String((7n * 10n ** 18n * 200n) / 600n) }, 'a third of seven tokens')
  await t.rejects(witan(...royalty, ...as('judge')), { code: 'DATASET_RECORD_UNKNOWN' })
})

t.test('a model names the versions that it was trained on', async (t) => {
  const publish = ['model', 'publish', '--manifest', 'ppocr-v4-rec', '--trained-on']
  await t.rejects(witan(...publish, '1=2', ...as('maker')), { code: 'USAGE' })
  await t.rejects(witan(...publish, '1=2,3', '--netuid', '1', '--key', 'maker', '--dry-run'), {
    code: 'DATASET_NOT_ORDERED',
  })
  const dry = await json(...publish, '1=2', '--netuid', '1', '--key', 'maker', '--dry-run')
  t.match(dry, { modelId: '1', calls: [{ call: { method: 'create' } }, { call: { method: 'publish' } }] })
  const sent = await json(...publish, '1=2,1', '--netuid', '1', '--fork-share', '10', ...as('maker'))
  t.match(sent, { modelId: '1', version: 1, terms: { trainedOn: [{ setId: '1', versions: [1, 2] }] } })
  await witan('dataset', 'order', '--set', '1', ...as('maker'))
  t.match(await json(...publish, '1=3', '--model', '1', '--parent', '1', ...as('maker')), { version: 2 })
  await t.rejects(witan(...publish, '1=3', '--model', '1', ...as('friend')), { code: 'NOT_MODEL_OWNER' })
  const shown = await json('model', 'show', '--model', '1')
  t.match(shown, {
    owner: maker,
    live: 0,
    creators: [{ account: maker, bps: 10_000 }],
    dataSets: [{ account: owner, bps: 10_000 }],
    versions: [
      { number: 1, isAccepted: false, trainedOn: [{ versions: [1, 2] }] },
      { number: 2, parent: 1, trainedOn: [{ versions: [3] }] },
    ],
  })
  t.not(shown.versions[0].trainingRoot, shown.versions[1].trainingRoot)
  t.match((await witan('model', 'show', '--model', '1')).stdout, /VERSION {2}STATE +MANIFEST +TRAINED ON/)
  await t.rejects(witan('model', 'show', '--model', '2'), { code: 'REGISTERED_MODEL_UNKNOWN' })
})
