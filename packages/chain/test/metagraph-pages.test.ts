import t from 'tap'
import { NEURON_PAGE, readFurtherPages, readNeuronPage } from '../src/client/neuron-pages.js'
import type { Contracts } from '../src/network/contracts.js'

const ZERO = `0x${'00'.repeat(32)}`
const HASH = `0x${'01'.repeat(32)}`

/** Contracts of a subnet of `count` slots that note what they are asked. */
function fakeContracts(count: number) {
  const asked: string[] = []
  const rows = (from: number, limit: number) =>
    Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, index) => from + index)
  const subnets = {
    async read(name: string, [, from, limit]: number[]) {
      asked.push(`${name} ${from}`)
      const record = { recordDigest: ZERO, recordSeq: 0n, recordExpiry: 0n }
      return rows(from!, limit!).map((uid) => ({ uid, registeredAt: 5, ...record }))
    },
  }
  const consensus = {
    async read(name: string, [, from, limit]: number[]) {
      asked.push(`${name} ${from}`)
      const none = { hash: ZERO, epoch: 0n, committedAt: 0, revealed: false }
      const made = { hash: HASH, epoch: 3n, committedAt: 9, revealed: true }
      return rows(from!, limit!).map((uid) => ({ uid, lastUpdate: 1_000 + uid, commitments: [none, made] }))
    },
  }
  return { contracts: { subnets, consensus } as unknown as Contracts, asked }
}

t.test('every slot is read once, whatever the size of the subnet', async (t) => {
  for (const count of [0, 1, NEURON_PAGE - 1, NEURON_PAGE, NEURON_PAGE + 1, 5 * NEURON_PAGE]) {
    const { contracts, asked } = fakeContracts(count)
    const first = await readNeuronPage(contracts, 1, 0, {})
    const all = [...first, ...(await readFurtherPages(contracts, 1, count, {}))]
    t.strictSame(
      all.map(({ neuron, lastUpdate }) => [neuron.uid, lastUpdate]),
      Array.from({ length: count }, (_, uid) => [uid, 1_000 + uid]),
    )
    t.equal(new Set(asked).size, asked.length, 'no page is asked for twice')
    t.equal(asked.length, 2 * Math.max(1, Math.ceil(count / NEURON_PAGE)))
  }
})

t.test('commitments that are none are left out', async (t) => {
  const [slot] = await readNeuronPage(fakeContracts(1).contracts, 1, 0, {})
  t.strictSame(slot?.commitments, [{ hash: HASH, epoch: 3, committedAt: 9, isRevealed: true }])
  t.equal(slot?.neuron.record, undefined)
})
