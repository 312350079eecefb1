// A consumer pays a miner by voucher, over the wire and to the chain: two nodes in this process, a real model, a real chain.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderSentence } from '@witan/inference'
import { createSeededRandom, systemClock } from '@witan/runtime'
import t from 'tap'
import { CREATE_READING, deployNetwork } from './support/deployed-network.js'
import { prepareNodes } from './support/local-nodes.js'

const TOKEN = 10n ** 18n
const SENTENCE = 'paid by voucher'
const PRICE = TOKEN / 10n
const SETTLED_WITHIN_MS = 30_000

t.setTimeout(240_000)

const { addresses, client, directory, witan, json, send } = await deployNetwork(t, ['miner', 'validator', 'consumer'])
const { miner, consumer } = addresses as Record<string, `0x${string}`>
const asOwner = ['--key', 'owner', '--yes']
const asConsumer = ['--key', 'consumer', '--yes']

await witan(...CREATE_READING, '--epoch', '1h', ...asOwner)
for (const key of ['miner', 'validator']) {
  await witan('register', '--operator-key', key, '--max-price', '1', ...asOwner)
}
await send(client.intents.transfer(consumer!, 100n * TOKEN))

const startNode = await prepareNodes(t, directory)
const image = join(directory, 'x.png')
writeFileSync(image, await renderSentence(SENTENCE, createSeededRandom('paid inference')))

await startNode('validator')
await startNode('miner', { payments: { price: '0.1', modelId: 7, settleMs: 1_000 } })

const ask = (...args: string[]) => json('infer', '--model', 'ppocr-v4-rec', '--image', image, ...args)
const RECORD_DEADLINE_MS = 30_000
let channelId = ''

t.test('an answer is refused without payment', async (t) => {
  // The miner hands its record to the validator once that has seen it on chain.
  const deadlineMs = performance.now() + RECORD_DEADLINE_MS
  let refusal: { code?: string }
  do refusal = await ask().catch((error) => error)
  while (refusal.code === 'MINER_NOT_FOUND' && performance.now() < deadlineMs)
  t.match(refusal, { code: 'REQUEST_PRICE_TOO_LOW' })
})

t.test('a voucher pays it, as long as the deposit lasts', async (t) => {
  const open = ['pay', 'open', '--node', miner!, '--model-id', '7', '--amount', '0.25']
  channelId = (await json(...open, ...asConsumer)).channelId
  const paid = ['--channel', channelId, '--max-price', '0.1']
  await t.rejects(ask('--channel', channelId, '--max-price', '0.09'), { code: 'REQUEST_PRICE_TOO_LOW' })
  await t.rejects(ask(...paid, '--key', 'owner'), { code: 'NOT_CHANNEL_CONSUMER' })
  const { text, receipt, miner: answered } = await ask(...paid)
  t.equal(text, SENTENCE)
  t.equal(answered, miner)
  t.match(receipt, { price: String(PRICE), channel: channelId })
  const people = await witan('infer', '--model', 'ppocr-v4-rec', '--image', image, ...paid)
  t.match(people.stdout, /price +0\.1 tokens, by voucher/)
  await t.rejects(ask(...paid), { code: 'VOUCHER_INVALID', facts: { owed: '0.2', deposit: '0.25' } })
  await witan('pay', 'top-up', '--channel', channelId, '--amount', '1', ...asConsumer)
  t.equal((await ask(...paid)).text, SENTENCE)
})

t.test('the miner settles what it was promised, and no more', async (t) => {
  const deadline = systemClock.nowMs() + SETTLED_WITHIN_MS
  const read = () => client.payments.channel(channelId as `0x${string}`)
  while ((await read()).paid < 3n * PRICE && systemClock.nowMs() < deadline) await new Promise(setImmediate)
  t.equal((await read()).paid, 3n * PRICE)
  const { nodeId } = await read()
  t.equal(await client.payments.pendingRevenue({ netuid: 1, nodeId, modelId: 7n }), 3n * PRICE)
})

t.test('a closing channel pays no more answers', async (t) => {
  await witan('pay', 'close', '--channel', channelId, ...asConsumer)
  await t.rejects(ask('--channel', channelId, '--max-price', '0.1'), { code: 'CHANNEL_CLOSING' })
})
