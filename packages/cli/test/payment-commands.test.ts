// Paying as a person does it, on a real chain: open, top up, settle, see, close, take out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openKeystore } from '@witan/chain'
import { channelIdOf, type Hex, type Signer, signVoucher, ZERO_DIGEST } from '@witan/protocol'
import t from 'tap'
import { CREATE_READING, deployNetwork } from './support/deployed-network.js'

const TOKEN = 10n ** 18n
const DAY = 24 * 3_600

t.setTimeout(180_000)

const { addresses, client, directory, witan, json, send, advance, settle } = await deployNetwork(t, [
  'miner',
  'consumer',
])
const { owner, miner, consumer } = addresses as Record<string, `0x${string}`>
const asOwner = ['--key', 'owner', '--yes']
const asConsumer = ['--key', 'consumer', '--yes']
const domain = client.payments.domain()
const signer: Signer = await openConsumer()

await witan(...CREATE_READING, '--epoch', '1h', ...asOwner)
await witan('register', '--operator-key', 'miner', '--max-price', '1', ...asOwner)
await witan('stake', 'add', '--operator', miner!, '--amount', '50', ...asOwner)
await send(client.intents.transfer(consumer!, 100n * TOKEN))
let channelId: Hex

async function openConsumer(): Promise<Signer> {
  const home = join(directory, 'home')
  const password = readFileSync(join(home, 'password'), 'utf8').trimEnd()
  return (await openKeystore({ path: join(home, 'keys', 'consumer.json'), password })).signer
}

const voucher = (tokens: bigint) =>
  signVoucher({ channelId, cumulative: tokens * TOKEN, receiptDigest: ZERO_DIGEST }, signer, domain)

t.test('a channel is opened, but not by a dry run', async (t) => {
  const open = ['pay', 'open', '--node', miner!, '--model-id', '7', '--amount', '10', '--key', 'consumer']
  const dry = await json(...open, '--dry-run')
  t.strictSame(
    dry.calls.map(({ call }: { call: { method: string } }) => call.method),
    ['approve', 'open'],
  )
  t.match(await json('pay', 'status', '--account', consumer!), { channels: [], owedWei: '0' })
  await t.rejects(witan(...open), { code: 'CONFIRMATION_NEEDED' })
  const opened = await json(...open, '--yes')
  channelId = opened.channelId
  const terms = { consumer: consumer!, nodeId: 1n, netuid: 1, modelId: 7n, openNonce: 0n }
  t.equal(channelId, channelIdOf(domain, terms), 'its id is as TypeScript computes it')
  t.equal(dry.channelId, channelId, 'as the dry run foretold')
  t.equal(await client.payments.openNonce(consumer!), 1n)
  await t.rejects(witan('pay', 'open', '--node', '9', '--amount', '1', ...asConsumer), { code: 'NODE_UNKNOWN' })
  await t.rejects(witan('pay', 'open', '--node', owner!, '--amount', '1', ...asConsumer), {
    code: 'UNREGISTERED_OPERATOR',
  })
})

t.test('it is topped up', async (t) => {
  const { stdout } = await witan('pay', 'top-up', '--channel', channelId, '--amount', '2.5', ...asConsumer)
  t.match(stdout, /add 2\.5 tokens to 0x.*\ndeposit 12\.5 tokens/s)
  await t.rejects(witan('pay', 'top-up', '--channel', ZERO_DIGEST, '--amount', '1', ...asConsumer), {
    code: 'CHANNEL_UNKNOWN',
  })
})

t.test('a channel can be opened by a permit', async (t) => {
  const channel = { nodeId: 1n, netuid: 1, modelId: 7n, amountWei: TOKEN }
  const deadline = (await client.latestBlock()).timestamp + DAY
  const permit = await client.channelPermit({ signer, amountWei: TOKEN, deadline })
  await send(client.intents.openChannelWithPermit(channel, permit), 'consumer')
  t.equal((await client.payments.channelsOf(consumer!)).length, 2)
})

t.test('vouchers settle, the revenue is split, and whoever is owed is paid', async (t) => {
  await send(client.intents.settleVoucher(voucher(3n)), 'miner')
  await send(client.intents.settleVouchers([voucher(3n), voucher(4n)]), 'miner')
  await t.rejects(send(client.intents.settleVoucher(voucher(4n)), 'miner'), { code: 'VOUCHER_PAID' })
  const { channels } = await json('pay', 'status', '--channel', channelId)
  t.match(channels, [
    {
      channelId,
      consumer,
      operator: miner,
      modelId: '7',
      depositWei: String((125n * TOKEN) / 10n),
      paidWei: String(4n * TOKEN),
      pendingWei: String(4n * TOKEN),
      state: 'open',
    },
  ])
  const key = { netuid: 1, nodeId: 1n, modelId: 7n }
  const before = await client.vault.pool(1n)
  const pending = [{ netuid: 1, nodeId: '1', modelId: '7', pendingWei: String(4n * TOKEN) }]
  t.match(await json('pay', 'revenue', '--account', owner!), { pending, pots: [], owed: { revenueWei: '0' } })
  const distribute = ['pay', 'distribute', '--netuid', '1', '--node', '1', '--model-id', '7']
  t.match(await json(...distribute, '--key', 'miner', '--dry-run'), {
    pending,
    calls: [{ call: { method: 'distribute' } }],
  })
  t.match(
    (await witan('pay', 'distribute', '--netuid', '2', '--key', 'miner', '--yes')).stdout,
    'nothing to distribute\n',
  )
  t.match(
    (await witan(...distribute, '--key', 'miner', '--yes')).stdout,
    /^4 tokens to distribute\n {2}node 1, model 7, subnet 1: 4\ndistribute the revenue /,
  )
  const after = await client.vault.pool(1n)
  // Without a registry the parts of creators and data sets are the stakers'.
  t.equal(after.locked + after.assets - before.locked - before.assets, (32n * TOKEN) / 10n)
  t.equal(await client.payments.pendingRevenue(key), 0n)
  t.equal(await client.payments.potOf(1), (4n * TOKEN) / 10n)
  t.match(await json('pay', 'status', '--account', owner!), { owedWei: String((4n * TOKEN) / 10n), channels: [] })
  t.match(
    (await witan('pay', 'revenue')).stdout,
    /^in pots: `witan pay validators`\n {2}validators of subnet 1: 0\.4\nfor the tre/,
  )
  const balance = await client.money.balance(owner!)
  t.match(await json('pay', 'withdraw', '--account', owner!, '--key', 'miner', '--yes'), {
    revenueWei: String((4n * TOKEN) / 10n),
    creditWei: '0',
    calls: [{ call: { method: 'withdraw' } }],
  })
  t.equal((await client.money.balance(owner!)) - balance, (4n * TOKEN) / 10n, 'the treasury of this network')
  await t.rejects(send(client.intents.withdrawRevenue(owner!), 'miner'), { code: 'NOTHING_DUE' })
  t.match(await client.payments.splitTable(1), { creators: 3000, pool: 4000 })
  await settle(1)
  await t.rejects(witan('pay', 'validators', '--key', 'owner', '--yes'), { code: 'NOTHING_DUE' }, 'nobody was paid')
  await t.rejects(witan('pay', 'validators', '--stale', '--key', 'owner', '--yes'), { code: 'POT_NOT_STALE' })
})

t.test('a reward is paid into a pool', async (t) => {
  for (const intent of await client.approvals({ owner: owner!, spender: 'vault', amountWei: TOKEN })) await send(intent)
  await send(client.intents.rewardPool(1n, TOKEN))
  t.ok((await client.vault.pool(1n)).locked > TOKEN)
})

t.test('it closes after the grace time, in which the node settles', async (t) => {
  const close = ['pay', 'close', '--channel', channelId]
  await t.rejects(witan(...close, ...asOwner), { code: 'NOT_CHANNEL_CONSUMER' })
  const { stdout } = await witan(...close, ...asConsumer)
  t.match(stdout, /begin to close 0x.*until \d{4}-.* the node can settle its last voucher/s)
  await t.rejects(witan('pay', 'top-up', '--channel', channelId, '--amount', '1', ...asConsumer), {
    code: 'CHANNEL_CLOSING',
  })
  await t.rejects(witan(...close, ...asConsumer), { code: 'CHANNEL_NOT_CLOSED' })
  await send(client.intents.settleVoucher(voucher(5n)), 'miner')
  await advance(DAY)
  t.match((await witan('pay', 'status', '--account', consumer!)).stdout, /CHANNEL .*closed .*open /s)
  t.match((await witan(...close, '--key', 'consumer', '--dry-run')).stdout, /would take out 7\.5 tokens/)
  const closed = await json(...close, ...asConsumer)
  t.equal(closed.withdrawnWei, String((75n * TOKEN) / 10n))
  t.match(await json('pay', 'status', '--channel', channelId), { channels: [{ leftWei: '0', state: 'closed' }] })
  await t.rejects(witan('pay', 'status'), { code: 'USAGE' })
  await t.rejects(witan('pay', 'status', '--account', owner!, '--channel', channelId), { code: 'USAGE' })
})

t.test('a pot that somebody else filled keeps no other one waiting', async (t) => {
  await witan(...CREATE_READING.map((word) => (word === 'reading' ? 'other' : word)), '--epoch', '1h', ...asOwner)
  await advance(91 * DAY)
  const { channelId: other } = await json(
    ...['pay', 'open', '--node', miner!, '--netuid', '2', '--amount', '1', ...asConsumer],
  )
  const paid = { channelId: other, cumulative: TOKEN, receiptDigest: ZERO_DIGEST }
  await send(client.intents.settleVoucher(signVoucher(paid, signer, domain)), 'miner')
  await witan('pay', 'distribute', '--netuid', '2', ...asOwner)
  await t.rejects(witan('pay', 'validators', '--netuid', '2', '--stale', ...asOwner), { code: 'POT_NOT_STALE' })
  const swept = await json('pay', 'validators', '--stale', ...asOwner)
  t.match(swept, { left: 1, pots: [{ netuid: 1 }, { netuid: 2 }], calls: [{ call: { args: { netuid: 1 } } }] })
  t.equal(swept.sweptWei, swept.pots[0].potWei)
})

t.test('the books are right after all of it', async (t) => {
  const { stdout } = await witan('audit')
  t.ok(stdout.length > 0)
})
