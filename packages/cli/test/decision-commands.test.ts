// What only owners and what only the stakers do to models, policies and data sets, by command, on a real chain.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keccak256Hex, ZERO_DIGEST } from '@witan/protocol'
import t from 'tap'
import { CREATE_READING, deployNetwork } from './support/deployed-network.js'

const YEAR = 365 * 86_400
const EXAMPLES = fileURLToPath(new URL('../../../../configs/proposals', import.meta.url))
t.setTimeout(240_000)

const { client, addresses, witan, json, send, advance } = await deployNetwork(t, ['a', 'friend', 'maker'])
const { owner, a, friend, maker } = addresses as Record<string, `0x${string}`>
const as = (key: string) => ['--key', key, '--yes']
// The home of the keys is the one `testdir`.
const folder = mkdtempSync(join(tmpdir(), 'witan-decisions-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string) => join(folder, name)

await witan(...CREATE_READING, ...as('owner'))
await witan('register', '--operator-key', 'a', '--max-price', '5', ...as('owner'))
await witan('stake', 'add', '--operator', a!, '--amount', '1000', ...as('owner'))
await send(client.intents.transfer(friend!, 100n * 10n ** 18n))
await witan('model', 'publish', '--manifest', 'ppocr-v4-rec', '--netuid', '1', ...as('maker'))
await witan('model', 'publish', '--manifest', 'ppocr-v4-rec', '--model', '1', ...as('maker'))
await advance(2)

/** Votes for a proposal with all stake, queues and executes it. */
async function decide(proposalId: string): Promise<void> {
  const named = ['--proposal', proposalId]
  await advance(3)
  await witan('gov', 'vote', ...named, '--choice', 'for', ...as('owner'))
  await witan('gov', 'queue', ...named, ...as('friend'))
  await advance(3)
  await witan('gov', 'execute', ...named, ...as('friend'))
}

t.test('a version is live once the stakers decided it, and retired by its owner', async (t) => {
  const activate = ['model', 'activate', '--model', '1', '--version', '1']
  t.match(await json(...activate, '--dry-run', ...as('owner')), {
    dryRun: true,
    live: 0,
    effects: [{ call: { method: 'activate' }, effect: { events: ['VersionActivated'] }, untried: null }],
    calls: [{ call: { contract: 'WitanGovernor', method: 'propose' } }],
  })
  await t.rejects(witan('model', 'activate', '--model', '1', '--version', '9', ...as('owner')), {
    code: 'MODEL_VERSION_UNKNOWN',
  })
  await t.rejects(witan(...activate, ...as('maker')), { code: 'VOTES_TOO_FEW' }, 'its owner alone does not')
  const proposed = await json(...activate, '--reason', 'It reads.', ...as('owner'))
  t.match(await json('gov', 'show', '--proposal', proposed.proposalId), {
    title: /^Activate version 1 of model 1 \(.*\): 0x[0-9a-f]{64}$/,
    description: /\n\nIt reads\.$/,
    calls: [{ call: { args: { modelId: '1', number: 1 } } }],
  })
  await decide(proposed.proposalId)
  t.equal((await client.models.model(1n)).live, 1)
  await t.rejects(witan(...activate, ...as('owner')), { code: 'MODEL_VERSION_LIVE' })
  const retire = ['model', 'retire', '--model', '1', '--version', '1']
  await t.rejects(witan(...retire, ...as('owner')), { code: 'NOT_MODEL_OWNER' })
  t.match((await witan(...retire, ...as('maker'))).stdout, /\nmodel 1: version 1 was live, so none is\n$/)
  await t.rejects(witan(...activate, ...as('owner')), { code: 'MODEL_VERSION_RETIRED' })
})

t.test('a version that the registry refuses leaves no empty model behind', async (t) => {
  const models = await client.models.count()
  const publish = ['model', 'publish', '--manifest', 'ppocr-v4-rec', '--netuid', '1', '--trained-on', '9=1']
  await t.rejects(witan(...publish, ...as('maker')), { code: 'DATASET_VERSION_UNKNOWN' })
  t.equal(await client.models.count(), models)
})

t.test('a proposal is written as a file that `gov propose` takes', async (t) => {
  const file = path('activate.json')
  const activate = ['model', 'activate', '--model', '1', '--version', '2', '--out', file, '--key', 'owner']
  t.match(await json(...activate), { file, version: 2 })
  t.match(await json('gov', 'propose', '--file', file, '--dry-run', ...as('owner')), {
    effects: [{ call: { args: { modelId: '1', number: 2 } }, effect: { events: ['VersionActivated'] } }],
  })
  const dry = ['--dry-run', ...as('owner')]
  t.match(await json('gov', 'propose', '--file', join(EXAMPLES, 'activate-model.yaml'), ...dry), {
    effects: [{ call: { method: 'activate' }, untried: null }],
  })
  t.match(await json('gov', 'propose', '--file', join(EXAMPLES, 'set-policy.yaml'), ...dry), {
    effects: [{ call: { method: 'setModelPolicy' } }, { call: { method: 'setSubnetPolicy' } }],
  })
})

t.test('a fork names what it starts from, and pays what was fixed then', async (t) => {
  await witan('model', 'fork-share', '--model', '1', '--percent', '20', ...as('maker'))
  const fork = ['model', 'fork', '--model', '1', '--version', '2', '--name', 'finer']
  t.match(await json(...fork, '--dry-run', ...as('friend')), { modelId: '2', dryRun: true })
  t.match(await json(...fork, ...as('friend')), { modelId: '2', parentModel: '1', parentVersion: 2, parentBps: 2_000 })
  t.match(await json('model', 'show', '--model', '2'), {
    netuid: 1,
    creators: [
      { account: friend, bps: 8_000 },
      { account: maker, bps: 2_000 },
    ],
  })
  await t.rejects(witan('model', 'fork-share', '--model', '1', '--percent', '51', ...as('maker')), {
    code: 'MODEL_TERMS_INVALID',
  })
})

t.test('a policy is checked, named by its digest, and set by the stakers alone', async (t) => {
  const file = path('policy.yaml')
  writeFileSync(file, 'version: 1\ntasks: [recognize-text]\ninput: {maxBytes: 100000}\noutput: {maxBytes: 1000}\n')
  await t.rejects(witan('model', 'policy', '--file', file), {
    code: 'POLICY_INVALID',
    facts: { field: 'retentionSeconds' },
  })
  writeFileSync(file, `${readFileSync(file, 'utf8')}retentionSeconds: 0\n`)
  const { digest, document, written } = await json('model', 'policy', '--file', file, '--out', path('policies'))
  t.equal(readFileSync(written, 'utf8'), document)
  t.equal(keccak256Hex(readFileSync(path(`policies/${digest}.json`))), digest, 'the name is the digest of the file')
  t.match((await witan('model', 'policy', '--file', written)).stdout, `${digest}\n${document}\n`, 'and it is a policy')

  const ofModel = ['model', 'set-policy', '--model', '1']
  await t.rejects(witan(...ofModel, ...as('owner')), { code: 'USAGE' })
  const tried = await witan(...ofModel, '--file', file, ...as('owner'), '--dry-run')
  t.match(tried.stdout, new RegExp(`\nmodel 1: no policy → policy ${digest}, once it is carried out\n$`))
  t.match((await witan('model', 'show', '--model', '1')).stdout, /\nno policy\n/)
  const set = await json(...ofModel, '--file', file, ...as('owner'))
  t.match(set, { before: ZERO_DIGEST, policy: digest })
  await decide(set.proposalId)
  t.equal((await client.models.model(1n)).policy, digest)
  t.equal((await client.models.model(2n)).policy, ZERO_DIGEST)

  const ofSubnet = ['subnet', 'set-policy', '--netuid', '1', '--file', written]
  await decide((await json(...ofSubnet, ...as('owner'))).proposalId)
  t.equal((await client.models.model(2n)).policy, digest, 'a model without its own has that of its subnet')
  await decide((await json(...ofModel, '--none', ...as('owner'))).proposalId)
  t.equal((await client.models.model(1n)).policy, digest, 'and so has one that has lost its own')
})

t.test('a proposer takes its proposal back before the vote, nobody else', async (t) => {
  const { proposalId } = await json('model', 'activate', '--model', '1', '--version', '2', ...as('owner'))
  const cancel = ['gov', 'cancel', '--proposal', proposalId]
  await t.rejects(witan(...cancel, ...as('friend')), { code: 'CANCEL_FORBIDDEN' })
  t.match((await witan(...cancel, ...as('owner'))).stdout, /\ncanceled proposal \d+: Activate version 2 of model 1 /)
  t.match(await json('gov', 'show', '--proposal', proposalId), { state: 'canceled', next: 'nothing more' })
  await t.rejects(witan(...cancel, ...as('owner')), { code: 'CANCEL_FORBIDDEN' }, 'once')
})

const record = (text: string) => JSON.stringify({ text })
writeFileSync(path('wrong.jsonl'), ['one', 'two'].map(record).join('\n'))
writeFileSync(path('right.jsonl'), ['three', 'four'].map(record).join('\n'))
async function build(name: string, sources: readonly string[]): Promise<void> {
  const description = {
    name: 'lines',
    licence: 'CC0-1.0',
    contributor: owner,
    sources: sources.map((file) => ({ path: file })),
  }
  writeFileSync(path(`${name}.yaml`), JSON.stringify(description))
  await witan('dataset', 'build', '--file', path(`${name}.yaml`), '--out', path(name))
}

t.test("a data set's price and curators are its owner's; the stakers' its listing", async (t) => {
  await build('first', ['wrong.jsonl', 'right.jsonl'])
  await witan('dataset', 'publish', '--dataset', path('first'), '--curator', friend!, '--price', '10', ...as('owner'))
  await witan('dataset', 'vote', '--ballot', '1', ...as('friend'))
  const price = ['dataset', 'set-price', '--set', '1', '--price', '12.5']
  await t.rejects(witan(...price, ...as('friend')), { code: 'NOT_DATASET_OWNER' })
  t.match((await witan(...price, ...as('owner'))).stdout, /\ndata set 1: 10 → 12\.5 tokens an order\n$/)
  const curators = ['dataset', 'set-curators', '--set', '1', '--curator', maker!]
  await t.rejects(witan(...curators, ...as('friend')), { code: 'STAKERS_DECIDE' })
  t.match(await json(...curators, ...as('owner')), { before: [friend], curators: [maker] })
  const replaced = ['dataset', 'set-curators', '--set', '1', '--curator', friend!, '--propose']
  await decide((await json(...replaced, ...as('owner'))).proposalId)
  t.match(await json('dataset', 'show', '--set', '1'), { price: `125${'0'.repeat(17)}`, curators: [friend], roster: 3 })
  const delist = await json('dataset', 'set-listed', '--set', '1', '--listed', 'no', ...as('owner'))
  await decide(delist.proposalId)
  t.match(await json('dataset', 'show', '--set', '1'), { isListed: false })
  await decide((await json('dataset', 'set-listed', '--set', '1', '--listed', 'yes', ...as('owner'))).proposalId)
  t.match(await json('dataset', 'show', '--set', '1'), { isListed: true })
})

t.test('a correction that kept a condemned record costs the set its listing', async (t) => {
  const prove = (dataset: string, index: string) => {
    return ['dataset', 'prove-uncorrected', '--dataset', path(dataset), '--set', '1', '--record', index]
  }
  await t.rejects(witan(...prove('first', '0'), ...as('friend')), { code: 'RECORD_NOT_CONDEMNED' })
  const flag = ['dataset', 'flag', '--dataset', path('first'), '--set', '1', '--records', '0', '--reason', 'wrong']
  await send(client.intents.transfer(maker!, 10n * 10n ** 18n))
  const { ballots } = await json(...flag, ...as('maker'))
  await witan('dataset', 'vote', '--ballot', ballots[0], ...as('friend'))
  await build('second', ['wrong.jsonl'])
  await witan('dataset', 'correct', '--dataset', path('second'), '--set', '1', ...as('owner'))
  await t.rejects(witan(...prove('first', '0'), ...as('friend')), { code: 'DATASET_MISMATCH' })
  await t.rejects(witan(...prove('second', '1'), ...as('friend')), { code: 'RECORD_NOT_CONDEMNED' })
  t.match(await json(...prove('second', '0'), ...as('friend')), { version: 2, record: 0, rewardWei: '0' })
  t.match(await json('dataset', 'show', '--set', '1'), { isListed: false })
})

t.test('royalties that nobody claims in a year are swept to the owner and withdrawn', async (t) => {
  const ten = 10n ** 19n
  for (const intent of await client.approvals({ owner: owner!, spender: 'datasets', amountWei: ten }))
    await send(intent)
  const { datasets } = client.contracts
  const royalty = { ...client.intents.withdrawCredit(owner!), data: datasets.encode('payRoyalty', [1n, 1, ten]) }
  await send(royalty)
  const sweep = ['dataset', 'sweep', '--set', '1', '--version', '1']
  await t.rejects(witan(...sweep, ...as('friend')), { code: 'TOO_EARLY' })
  await advance(YEAR)
  t.match(await json(...sweep, ...as('friend')), { owner, unclaimedWei: `7${'0'.repeat(18)}` })
  const before = await client.money.balance(owner!)
  const credit = await client.datasets.creditOf(owner!)
  t.match(await json('pay', 'withdraw', '--account', owner!, ...as('friend')), {
    creditWei: String(credit),
    revenueWei: '0',
  })
  t.equal((await client.money.balance(owner!)) - before, credit)
  t.match(
    (await witan('pay', 'withdraw', '--account', owner!, ...as('friend'))).stdout,
    `nothing is owed to ${owner}\n`,
  )
})

t.test('the timeline has every activation, policy and listing with its time', async (t) => {
  const { steps } = await json('gov', 'timeline')
  const events = steps.flatMap(({ effects }: { effects: { event: string; what: string }[] }) => effects)
  const told = (event: string) =>
    events.filter((effect: { event: string }) => effect.event === event).map(({ what }: { what: string }) => what)
  t.match(told('VersionActivated'), ['version 1 of model 1 is live'])
  t.match(told('VersionRetired'), ['version 1 of model 1 is retired'])
  t.match(told('ModelPolicySet'), [
    /^model 1 has policy 0x[0-9a-f]{64} of its own$/,
    'model 1 has no policy of its own',
  ])
  t.match(told('SubnetPolicySet'), [/^subnet 1 has policy 0x/])
  t.match(told('Listed'), ['data set 1 is delisted', 'data set 1 is listed', 'data set 1 is delisted'])
  const times = steps.map(({ at }: { at: number }) => at)
  t.same(
    times,
    [...times].sort((a, b) => a - b),
    'in the order of the chain',
  )
  t.match((await witan('gov', 'timeline')).stdout, /Z {2}version 1 of model 1 is retired\n/)
})

t.test('the books are right after all of it', async (t) => {
  const { sections } = await json('audit')
  t.ok(sections.every(({ differing }: { differing: number }) => differing === 0))
})

t.test('the stakers set a floor, and nobody demotes what its feed does not', async (t) => {
  const demote = ['model', 'demote', '--model', '1', ...as('friend')]
  const floor = ['model', 'set-floor', '--model', '1']
  await t.rejects(witan(...demote), { code: 'NOT_DEMOTABLE' }, 'no version, no floor')
  await t.rejects(witan(...floor, '--least', '5', ...as('owner')), { code: 'USAGE' })
  await t.rejects(witan(...floor, '--least', '5', '--none', ...as('owner')), { code: 'USAGE' })
  const nobody = ['--feed', friend!, '--least', '-5', '--span', '3d']
  await t.rejects(witan(...floor, ...nobody, ...as('owner')), { code: 'FLOOR_INVALID' }, 'no contract')
  // A contract, and no feed.
  const feed = ['--feed', client.network.contracts.token, '--least', '-5', '--span', '3d']
  const { proposalId } = await json(...floor, ...feed, ...as('owner'))
  await decide(proposalId)
  t.match(await json('model', 'show', '--model', '1'), { floor: { span: 259_200, least: '-5' } })
  const activate = ['model', 'activate', '--model', '1', '--version', '2', '--reason', 'Once more.']
  await decide((await json(...activate, ...as('owner'))).proposalId)
  await t.rejects(witan(...demote), { code: 'FEED_UNUSABLE' })
  t.equal((await client.models.model(1n)).live, 2)
  await decide((await json(...floor, '--none', ...as('owner'))).proposalId)
  t.match(await json('model', 'show', '--model', '1'), { floor: null })
})
