// A miner signs two answers to one request; a watcher proves it and the court slashes the node: two nodes in this process,
// a real model, a real chain.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderSentence } from '@witan/inference'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { CREATE_READING, deployNetwork } from './support/deployed-network.js'
import { prepareNodes } from './support/local-nodes.js'

const TOKEN = 10n ** 18n
const SENTENCE = 'signed twice'
const STAKE = 100n * TOKEN
const BOND = 10n * TOKEN
const RECORD_DEADLINE_MS = 30_000

t.setTimeout(240_000)

const KEYS = ['miner', 'validator', 'consumer', 'watcher', 'delegate']
const { addresses, client, directory, witan, json, send, advance } = await deployNetwork(t, KEYS)
const { miner, consumer, watcher, delegate } = addresses as Record<string, `0x${string}`>
const asOwner = ['--key', 'owner', '--yes']

await witan(...CREATE_READING, '--epoch', '1h', ...asOwner)
for (const key of ['miner', 'validator']) {
  await witan('register', '--operator-key', key, '--max-price', '1', ...asOwner)
}
await witan('stake', 'add', '--operator', miner!, '--amount', '100', ...asOwner)
await send(client.intents.transfer(watcher!, 2n * BOND))
await send(client.intents.transfer(delegate!, STAKE))
await witan('stake', 'add', '--operator', miner!, '--amount', '100', '--key', 'delegate', '--yes')

const startNode = await prepareNodes(t, directory)
const image = join(directory, 'x.png')
writeFileSync(image, await renderSentence(SENTENCE, createSeededRandom('two answers')))

await startNode('validator')
await startNode('miner', { behaviour: 'equivocator', admit: [consumer] })

const receipts = join(directory, 'receipts.jsonl')
const ask = (...args: string[]) => json('infer', '--model', 'ppocr-v4-rec', '--image', image, ...args)
const watch = (...args: string[]) => json('watch', 'faults', '--receipts', receipts, '--key', 'watcher', ...args)
const nodeId = await client.vault.nodeOf(miner!)
const stakeOf = async () => (await client.vault.pool(nodeId!)).assets

t.test('asked the same request again, the miner signs another answer', async (t) => {
  // The miner hands its record to the validator once that has seen it on chain.
  const deadlineMs = performance.now() + RECORD_DEADLINE_MS
  const keep = ['--keep', receipts]
  let first: Awaited<ReturnType<typeof ask>>
  do first = await ask(...keep).catch((error) => error)
  while (first.code === 'MINER_NOT_FOUND' && performance.now() < deadlineMs)
  t.equal(first.text, SENTENCE)
  t.match(await watch('--once', '--yes'), { receipts: 1, done: [], failed: [] }, 'one answer is no fault')
  await t.rejects(ask('--again', receipts, '--model', 'ppocr-v4-rec', '--key', 'watcher'), {
    code: 'REQUEST_NOT_THE_SAME',
    facts: { field: 'consumer' },
  })
  const second = await ask(...keep, '--again', receipts)
  t.equal(second.requestDigest, first.requestDigest, 'one request')
  t.not(second.receipt.responseDigest, first.receipt.responseDigest, 'two answers')
})

t.test('what a dry run shows is not sent', async (t) => {
  const { done } = await watch('--once', '--dry-run')
  t.match(done, [{ action: 'accuse', nodeId: String(nodeId), sent: { dryRun: true, calls: [{}, {}] } }])
  t.ok(done[0].sent.cost.gas > 0)
  t.equal(await client.court.count(), 0n)
  await t.rejects(watch('--once'), { code: 'CONFIRMATION_NEEDED' })
})

t.test('the watcher accuses with a bond, once, past damaged lines and forged receipts', async (t) => {
  const [line] = readFileSync(receipts, 'utf8').split('\n')
  const forged = JSON.parse(line!)
  forged.receipt.units += 1
  appendFileSync(receipts, `${JSON.stringify(forged)}\n{"request":\n{"request":{"netuid":-1}}\n`)
  const report = await watch('--once', '--yes')
  t.match(report, {
    receipts: 3,
    unreadable: 2,
    forged: 1,
    examples: [{ code: 'EVIDENCE_UNREADABLE' }, { code: 'EVIDENCE_UNREADABLE' }, { code: 'RECEIPT_PROOF_INVALID' }],
    done: [{ action: 'accuse', nodeId: String(nodeId), accusationId: '1' }],
    failed: [],
  })
  t.equal(await client.money.balance(watcher!), BOND, 'the bond is taken')
  t.ok((await client.court.heldSince(nodeId!)) > 0, 'exits are frozen')
  await t.rejects(witan('stake', 'remove', '--operator', miner!, '--amount', '1', ...asOwner), { code: 'STAKE_HELD' })
  t.match(
    await watch('--once', '--yes'),
    { known: 1, done: [], failed: [] },
    'a watcher that starts again asks the chain',
  )
})

t.test('exits are frozen, also of those who may leave the pool', async (t) => {
  await witan('stake', 'remove', '--operator', miner!, '--all', '--key', 'delegate', '--yes')
  t.equal(await stakeOf(), STAKE)
})

t.test('after the wait anybody executes: slashed once, more than half burned', async (t) => {
  const { wait } = await client.court.terms()
  const list = await json('watch', 'accusations')
  t.match(list, { bond: String(BOND), accusations: [{ accusationId: '1', state: 'open' }] })
  t.match((await witan('watch', 'accusations')).stdout, /open +10/)
  await advance(wait)
  const before = await client.money.totalSupply()
  const { done } = await watch('--once', '--yes')
  t.match(done, [{ action: 'execute', accusationId: '1' }])
  const { burned, reward } = done[0].sent.calls[0].events.find(({ name }: { name: string }) => name === 'Slashed').args
  t.equal(await stakeOf(), (STAKE * 9n) / 10n, 'a tenth of the pool')
  t.ok(BigInt(reward) < BigInt(burned), `${burned} burned, ${reward} for the watcher`)
  t.equal(await client.money.balance(watcher!), 2n * BOND + BigInt(reward), 'bond and reward')
  t.equal(before - (await client.money.totalSupply()), BigInt(burned))
  t.equal(await client.court.heldSince(nodeId!), 0, 'free again')
  const [request] = await client.vault.pendingRequests(delegate!)
  t.equal(request!.assets, (STAKE * 9n) / 10n, 'who left after the fault pays as well')
  t.match(await watch('--once', '--yes'), { known: 1, done: [], failed: [] }, 'and never again')
  t.match(await json('watch', 'accusations'), { accusations: [{ state: 'executed' }] })
  t.notMatch((await witan('watch', 'accusations')).stdout, / now /, 'what is closed is not executable')
})

t.test('a source that is not there is told', async (t) => {
  await t.rejects(json('watch', 'faults', '--receipts', 'nowhere', '--key', 'watcher', '--once', '--yes'), {
    code: 'EVIDENCE_SOURCE_UNKNOWN',
  })
  const journal = join(directory, 'data/validator/validator.sqlite')
  t.match(await watch('--journal', journal, '--once', '--yes'), { done: [], failed: [] }, "a validator's journal")
})
