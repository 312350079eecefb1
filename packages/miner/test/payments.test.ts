import type { Channel } from '@witan/chain'
import { createSigner, type Hex, signVoucher, ZERO_DIGEST } from '@witan/protocol'
import { createManualClock, openDatabase } from '@witan/runtime'
import t from 'tap'
import { MINER_MIGRATIONS } from '../src/journal/migrations.js'
import { settleWhenWorthIt } from '../src/payments/settle-policy.js'
import { settleVouchers } from '../src/payments/settler.js'
import {
  CHANNEL,
  CONSUMER,
  callOf,
  channelDomain,
  channelOf,
  consumer,
  paymentsOf,
  START_MS,
  voucherOf,
} from './support/world.js'

const PRICE = 10n
const OTHER: Hex = `0x${'dd'.repeat(32)}`

function benchOf(channel: Partial<Channel> = {}) {
  const clock = createManualClock(START_MS)
  const database = openDatabase(':memory:', MINER_MIGRATIONS)
  const state = { channel: channelOf(channel), reads: 0 }
  const read = async () => {
    state.reads++
    return state.channel
  }
  const { book, journal } = paymentsOf(database, clock, { price: PRICE, channel: read })
  const charge = (cumulative: bigint, operator = consumer.address, voucher = voucherOf(cumulative)) =>
    book.charge(callOf(1, START_MS + 5_000, { operator, request: { voucher } }))
  return { book, journal, charge, state, clock, database }
}

t.test('what a channel must be', async (t) => {
  for (const [field, channel] of Object.entries({
    nodeId: { nodeId: 6n },
    netuid: { netuid: 2 },
    modelId: { modelId: 8n },
  })) {
    await t.rejects(benchOf(channel).charge(PRICE), { code: 'VOUCHER_INVALID', facts: { field } }, field)
  }
  await t.rejects(benchOf({ closesAt: 5 }).charge(PRICE), { code: 'CHANNEL_CLOSING' })
  await t.rejects(benchOf().charge(PRICE, `0x${'ee'.repeat(20)}`), {
    code: 'VOUCHER_INVALID',
    facts: { field: 'consumer' },
  })
  const stranger = createSigner(new Uint8Array(32).fill(3))
  const forged = signVoucher(
    { channelId: CHANNEL, cumulative: PRICE, receiptDigest: ZERO_DIGEST },
    stranger,
    channelDomain,
  )
  await t.rejects(benchOf().charge(PRICE, consumer.address, forged), {
    code: 'VOUCHER_INVALID',
    facts: { field: 'signature' },
  })
})

t.test('what the contract paid before this journal is owed no more', async (t) => {
  const { charge, journal } = benchOf({ paid: 50n })
  await t.rejects(charge(59n), { code: 'VOUCHER_INVALID', facts: { expected: 'at least 60' } })
  await charge(60n)
  t.match(journal.find(CHANNEL), { owed: 50n, settled: 50n })
})

t.test('answers in progress are not paid by one voucher', async (t) => {
  const { charge } = benchOf()
  const results = await Promise.allSettled([charge(10n), charge(10n), charge(20n)])
  t.same(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  const [first] = results
  if (first?.status === 'fulfilled') first.value.release()
  await charge(20n)
})

t.test('an older voucher never replaces a better one', async (t) => {
  const { charge, journal } = benchOf()
  ;(await charge(40n)).release()
  await charge(10n)
  t.equal(journal.find(CHANNEL)!.voucher.cumulative, 40n)
})

t.test('a channel is read again after a while and after a top-up', async (t) => {
  const { charge, state, clock } = benchOf()
  ;(await charge(10n)).release()
  ;(await charge(10n)).release()
  t.equal(state.reads, 1)
  state.channel = channelOf({ deposit: 200n })
  ;(await charge(150n)).release()
  t.equal(state.reads, 2, 'the voucher tells of the top-up')
  state.channel = channelOf({ deposit: 200n, closesAt: 9 })
  await clock.advance(10_000)
  await t.rejects(charge(160n), { code: 'CHANNEL_CLOSING' })
})

t.test('validators and a price of zero are free', async (t) => {
  const { book } = benchOf()
  t.equal(book.priceFor(CONSUMER), 0n)
  t.equal(book.priceFor(consumer.address), PRICE)
  t.match(await book.charge(callOf(1, START_MS, { operator: CONSUMER })), { price: 0n, channelId: ZERO_DIGEST })
})

t.test('the policy: closing first, worth its gas, several times over', async (t) => {
  const TOKEN = 10n ** 18n
  const facts = { gasPriceWei: 10n ** 9n }
  // A token is worth a coin: 28,000 gas cost 0.000028 tokens, a batch of one 0.000108.
  const policy = settleWhenWorthIt({ tokenPriceWei: TOKEN, times: 10 })
  const of = (channelId: Hex, worth: bigint, closesAt = 0) => ({ channelId, worth, closesAt })
  t.same(policy([], facts), [])
  t.same(policy([of(CHANNEL, TOKEN / 1000n)], facts), [], 'not ten times its gas')
  t.same(policy([of(CHANNEL, TOKEN / 500n)], facts), [CHANNEL])
  t.same(policy([of(CHANNEL, TOKEN / 1000n, 5)], facts), [CHANNEL], 'closing: its own gas is enough')
  t.same(policy([of(CHANNEL, TOKEN / 100_000n, 5)], facts), [], 'not even that')
  t.same(policy([of(CHANNEL, TOKEN), of(OTHER, TOKEN / 100n, 5)], facts), [OTHER, CHANNEL])
  t.same(policy([of(CHANNEL, TOKEN), of(OTHER, TOKEN / 100_000n)], facts), [CHANNEL], 'dust costs more than it pays')
  const many = Array.from({ length: 150 }, (_, index) => of(`0x${index.toString(16).padStart(64, '0')}`, TOKEN))
  t.equal(policy(many, facts).length, 100, 'a transaction has an end')
  t.same(settleWhenWorthIt({ tokenPriceWei: undefined, times: 10 })([of(CHANNEL, 1n)], facts), [CHANNEL])
})

t.test('settling hands in what the channel covers and notes what was paid', async (t) => {
  const { charge, journal, state } = benchOf()
  ;(await charge(90n)).deliver()
  state.channel = channelOf({ deposit: 80n })
  const offered: unknown[] = []
  const settle = (outcome: () => void) =>
    settleVouchers({
      journal,
      policy: (vouchers) => {
        offered.push(...vouchers)
        return vouchers.map(({ channelId }) => channelId)
      },
      channel: async () => state.channel,
      gasPrice: async () => 1n,
      settle: async (vouchers) => {
        t.same(vouchers, [voucherOf(90n)])
        outcome()
      },
    })
  await t.rejects(
    settle(() => {
      throw new Error('not mined')
    }),
    /not mined/,
  )
  t.equal(journal.unsettled().length, 1, 'tried again')
  t.equal(
    await settle(() => {
      state.channel = channelOf({ deposit: 80n, paid: 80n })
    }),
    1,
  )
  t.same(offered.at(-1), { channelId: CHANNEL, worth: 80n, closesAt: 0 })
  t.equal(journal.find(CHANNEL)!.settled, 80n)
  t.equal(await settle(() => t.fail('there is nothing more')), 0)
  state.channel = channelOf({ deposit: 100n, paid: 80n })
  t.equal(await settle(() => undefined), 1, 'the rest after a top-up')
})
