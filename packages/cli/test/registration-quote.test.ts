import type { Neuron, Subnet } from '@witan/chain'
import { DEFAULT_PARAMETERS } from '@witan/protocol'
import t from 'tap'
import { type QuoteFacts, quoteRegistration } from '../src/commands/quote/registration-quote.js'
import { renderQuote } from '../src/commands/quote/render-quote.js'

const TOKEN = 10n ** 18n
const LENGTH = 100
const NOW = 2_050

const neuron = (uid: number, registeredAt: number, nodeId = BigInt(uid + 1)): Neuron => ({
  uid,
  nodeId,
  registeredAt,
  operator: `0x${String(uid).repeat(40)}`,
  owner: `0x${'cd'.repeat(20)}`,
  takeBps: 0,
  stake: 0n,
  record: undefined,
})

/** One word of eight shares of 2^31. */
function packed(...shares: number[]): `0x${string}` {
  const word = shares.reduceRight((sum, share) => (sum << 32n) | BigInt(Math.round(share * 2 ** 31)), 0n)
  return `0x${word.toString(16).padStart(64, '0')}`
}

function facts(fields: Partial<QuoteFacts> = {}, parameters = {}): QuoteFacts {
  const subnet = {
    netuid: 1,
    closesAt: undefined,
    schedule: { startedAt: 0, epochLength: LENGTH, revealWindow: 20 },
    parameters: { ...DEFAULT_PARAMETERS, epochLength: LENGTH, maxUids: 3, immunity: 5, ...parameters },
  } as unknown as Subnet
  return {
    subnet,
    neurons: [neuron(0, 100), neuron(1, 200), neuron(2, 1_999)],
    lastPay: { incentive: packed(0.25, 0.125), validatorPay: packed(0, 0) },
    lastSettled: { endsAt: 1_900 } as never,
    price: 8n * TOKEN,
    recent: { since: 50, registrations: [] },
    now: NOW,
    ...fields,
  }
}

t.test('a full subnet: the lowest last pay goes', async (t) => {
  const quote = quoteRegistration(facts())
  t.match(quote, {
    priceAfter: (1_008n * TOKEN) / 100n,
    priceLater: [
      { halfLives: 1, seconds: 500, price: 4n * TOKEN },
      { halfLives: 2, price: 2n * TOKEN },
      { halfLives: 5, price: TOKEN / 4n },
    ],
    slots: { taken: 3, max: 3, free: 0 },
    pruning: { isNeeded: true, next: { uid: 1, ageSeconds: 1_850, lastPay: 0.125 * 0.41 } },
    newcomer: { immuneUntil: 2_000 + 6 * LENGTH, prunable: 2, payToExceed: 0.125 * 0.41, medianPay: 0.25 * 0.41 },
  })
  const text = renderQuote({ ...quote, own: null }, 20)
  t.match(text, /^price now +8 tokens; 10\.08 right after the next registration$/m)
  t.match(text, /^in 8m 20s +4 tokens if nobody registers \(1 half-life\)$/m)
  t.match(text, /^last 20 epochs +nobody registered$/m)
  t.match(text, /would lose its slot: 5\.1250 % of the last pay, 30m 50s old$/m)
  t.match(text, /is immune until 1970-01-01T00:43:20Z \(9m 10s\); then it must earn more than 5\.1250 %/)
})

t.test('who came after the last paid epoch has no pay; ties go to the earlier, then to the lower uid', async (t) => {
  const order = (neurons: Neuron[], endsAt = 1_900) =>
    quoteRegistration(facts({ neurons, lastSettled: { endsAt } as never })).pruning.next?.uid
  t.equal(order([neuron(0, 300), neuron(1, 200)], 250), undefined, 'there is room')
  t.equal(order([neuron(0, 300), neuron(1, 200), neuron(2, 310)], 250), 0, 'neither 0 nor 2 was paid, 0 came first')
  const unpaid = facts({ lastSettled: undefined, neurons: [neuron(0, 300), neuron(1, 300), neuron(2, 300)] })
  t.equal(quoteRegistration(unpaid).pruning.next?.uid, 0)
})

t.test('vacant slots are room, in the epoch after', async (t) => {
  const vacated = (at: number) => facts({ neurons: [neuron(0, 100), neuron(1, at, 0n), neuron(2, 300)] })
  t.match(quoteRegistration(vacated(1_999)).slots, { taken: 2, free: 1, vacant: 1, vacatedNow: 0 })
  t.match(quoteRegistration(vacated(2_001)), {
    slots: { taken: 2, free: 0, vacatedNow: 1 },
    pruning: { isNeeded: true },
  })
})

t.test('prices keep their bounds, and their trend is told', async (t) => {
  const at = (price: bigint) => ({ blockNumber: 1, uid: 0, operator: `0x${'00'.repeat(20)}` as const, price })
  const recent = { since: 50, registrations: [at(4n * TOKEN), at(2n * TOKEN), at(6n * TOKEN)] }
  const quote = quoteRegistration(facts({ recent }, { minPrice: 3n * TOKEN, maxPrice: 9n * TOKEN }))
  t.equal(quote.priceAfter, 9n * TOKEN)
  t.strictSame(
    quote.priceLater.map(({ price }) => price),
    [4n * TOKEN, 3n * TOKEN, 3n * TOKEN],
  )
  t.match(quote.recent, { count: 3, first: 4n * TOKEN, last: 6n * TOKEN, lowest: 2n * TOKEN, mean: 4n * TOKEN })
  t.match(renderQuote({ ...quote, own: null }, 20), /3 registered for 2 … 6 tokens, rising: the last for 6$/m)
})

t.test('nobody can be pruned while all are immune', async (t) => {
  const quote = quoteRegistration(facts({ neurons: [neuron(0, 2_000), neuron(1, 2_001), neuron(2, 1_999)] }))
  t.match(quote, { pruning: { isNeeded: true, next: null }, newcomer: { prunable: 0, payToExceed: null } })
  t.match(renderQuote({ ...quote, own: null }, 20), /not possible: everybody is immune/)
})
