// Commands against a real chain, in this process: what they send, what they say before and after.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CREATE_READING, freshHome } from './support/deployed-network.js'
import { run } from './support/run.js'

t.setTimeout(120_000)

const { directory, options, rpcUrl, addresses, deploy, witan, json } = await freshHome(t, ['operator', 'second'], 1_000)
const { owner, operator, second } = addresses as Record<'owner' | 'operator' | 'second', `0x${string}`>
const planned = await witan(...deploy, '--dry-run')
const deployed = await witan(...deploy)
const asOwner = ['--key', 'owner', '--yes']

t.test('a dry deployment tells the addresses and what they cost, and sends nothing', async (t) => {
  t.comment(planned.stdout)
  t.match(planned.stdout, /^would deploy network test on chain 31337 from 0x/)
  t.match(planned.stdout, /^\d+ gas at [\d.]+ gwei: [\d.]+ coin; the deployer has 100 coin$/m)
  const addresses = (text: string) => new Set(text.match(/0x[0-9a-f]{40}(?=\s)/g))
  const told = addresses(planned.stdout)
  for (const address of addresses(deployed.stdout)) t.ok(told.has(address), address)
  await t.rejects(witan(...deploy, '--network', 'example'), { code: 'USAGE' }, 'one or the other')
  const example = ['deploy', '--network', 'example', '--rpc', rpcUrl, '--key', 'owner']
  await t.rejects(witan(...example), { code: 'WRONG_CHAIN_ID' }, 'a plan by its name')
})

t.test('an audit of the fresh network is green', async (t) => {
  const { sections, events } = await json('audit')
  t.ok(events > 0)
  t.ok((sections as { differing: number }[]).every(({ differing }) => differing === 0))
})

t.test('a subnet is created, listed and shown', async (t) => {
  const { stdout } = await witan(...CREATE_READING, ...asOwner)
  t.match(stdout, /\nsubnet 1, 100 tokens burned, 100 locked\n$/)
  t.match(await json('subnet', 'list'), [{ netuid: 1, name: 'reading', owner, parameters: { epochLength: 15 } }])
  t.match((await witan('subnet', 'show')).stdout, /^price to register +0\.0\d+ tokens$/m)
})

t.test('an operator registers with a consent that its key signed elsewhere', async (t) => {
  const consent = await json('key', 'consent', '--key', 'operator', '--owner', owner, '--valid', '1h')
  t.match(consent, { operator, owner, nonce: '0', consent: /^0x[0-9a-f]{130}$/ })
  writeFileSync(join(directory, 'consent.json'), JSON.stringify(consent))
  const args = ['register', '--consent', 'consent.json', '--max-price', '1']
  const dry = await witan(...args, '--key', 'owner', '--dry-run')
  t.match(dry.stdout, /^would /m)
  t.match(dry.stdout, new RegExp(`^${operator} would be uid 0, node 1, of subnet 1; price `, 'm'))
  t.match(await json(...args, ...asOwner), {
    uid: 0,
    nodeId: '1',
    operator,
    dryRun: false,
    calls: [{}, { hash: /^0x/ }],
  })
  await t.rejects(witan(...args, ...asOwner), { code: /^(CONSENT_INVALID|ALREADY_REGISTERED)$/ }, 'it holds once')
  for (const [name, content] of Object.entries({ empty: {}, list: [], short: { ...consent, consent: '0x12' } })) {
    writeFileSync(join(directory, `${name}.json`), JSON.stringify(content))
    const bad = witan('register', '--consent', `${name}.json`, '--max-price', '1', ...asOwner)
    await t.rejects(bad, { code: 'USAGE' }, name)
  }
})

t.test('a person is asked, and no means no', async (t) => {
  const args = ['stake', 'add', '--operator', operator, '--amount', '5', '--key', 'owner']
  await t.rejects(run(args, { ...options, answer: false }), { code: 'NOT_CONFIRMED', exitCode: 77 })
  await t.rejects(run(args, options), { code: 'CONFIRMATION_NEEDED', next: /--yes/ })
  t.strictSame((await json('stake', 'list', '--account', owner)).positions, [], 'nothing was sent')
  const { questions, notes, stdout } = await run(args, { ...options, answer: true })
  t.match(questions, [/^allow .*; stake .*\?$/])
  t.match(notes, [/^\d+ gas at [\d.]+ gwei: 0\.\d+ coin; the account has 99\.\d+ coin$/], 'what it costs, before')
  t.match(stdout, /stake .* \(block \d+, \d+ gas for 0\.\d+ coin, 0x/)
  const delegate = ['stake', 'delegate', '--to', owner, '--key', 'owner']
  t.match((await run(delegate, { ...options, answer: true })).notes, [/ gas at /], 'of a single call too')
  const { cost, calls } = await json(...args, '--dry-run')
  t.equal(cost.gas, calls[0].gasUsed + calls[1].gasUsed)
  t.equal(BigInt(cost.costWei), BigInt(cost.gas) * BigInt(cost.gasPriceWei))
  t.match((await witan(...args, '--dry-run')).stdout, /\n\d+ gas at [\d.]+ gwei: 0\.\d+ coin; the account has /)
})

t.test('stake is listed, taken out in two steps, and not too early', async (t) => {
  t.match(await json('stake', 'list', '--account', owner), {
    positions: [{ nodeId: '1', operator, assetsWei: (5n * 10n ** 18n).toString(), movableAt: null }],
    requests: [],
    debtWei: '0',
    votes: { delegate: owner, votesWei: (5n * 10n ** 18n).toString() },
  })
  await t.rejects(witan('stake', 'remove', '--operator', operator, '--amount', '6', ...asOwner), {
    code: 'INSUFFICIENT_STAKE',
    facts: { requested: '6', held: '5' },
  })
  const { stdout } = await witan('stake', 'remove', '--operator', operator, '--amount', '2', ...asOwner)
  const [, request = ''] = /\nrequest (\d+), payable from \d{4}-/.exec(stdout) ?? []
  t.not(request, '')
  await t.rejects(witan('stake', 'withdraw', '--request', request, ...asOwner), {
    code: 'STILL_UNBONDING',
    exitCode: 75,
  })
  t.equal(
    (await witan('stake', 'claim', '--key', 'owner')).stdout,
    '0 tokens to claim\n',
    'nothing to send, nothing to ask',
  )
  await t.rejects(witan('stake', 'add', '--operator', second, '--amount', '1', ...asOwner), {
    code: 'UNREGISTERED_OPERATOR',
    exitCode: 77,
  })
})

t.test('reading commands show the same network', async (t) => {
  t.match(await json('status'), {
    network: 'test',
    chainId: 31_337,
    subnets: [{ netuid: 1, neurons: 1, lastSettled: null }],
  })
  const named = readFileSync(join(directory, 'home', 'network.yaml'), 'utf8')
  writeFileSync(join(directory, 'keyed.yaml'), named.replace(/(http:\/\/[\d.:]+)\/?/, '$1/?key=secret'))
  const keyed = await json('status', '--network', 'keyed.yaml')
  t.match(keyed.rpcUrls, [/^http:\/\/127\.0\.0\.1:\d+$/], 'what follows the host of an RPC URL often is a key')
  t.match((await witan('status')).stdout, /^network {2}test \(chain 31337\), block \d+/)
  const { neurons } = await json('metagraph')
  t.match(neurons, [{ uid: 0, operator, owner, stake: (3n * 10n ** 18n).toString() }])
  t.match((await witan('metagraph')).stdout, /^subnet 1 "reading", block .*\nUID +STAKE .*\n +0 +3 /)
  await t.rejects(witan('infer', '--model', 'ppocr-v4-rec', '--image', 'deploy.yaml'), { code: 'MINER_NOT_FOUND' })
})
