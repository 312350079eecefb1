// The life of a subnet as its owner and its neurons see it, on a real chain.
import t from 'tap'
import { deployNetwork } from './support/deployed-network.js'

const HOUR = 3_600

t.setTimeout(180_000)

const { client, addresses, witan, json, advance, settle } = await deployNetwork(t, ['a', 'b', 'c', 'd', 'member'])
const { owner, a, b, c, d, member } = addresses as Record<string, `0x${string}`>
const asOwner = ['--key', 'owner', '--yes']
const register = (key: string) => ['register', '--operator-key', key, '--max-price', '1', ...asOwner]
const create = ['subnet', 'create', '--model', 'ppocr-v4-rec', '--preset', 'minimal', '--epoch', '1h']

await witan(...create, '--name', 'small', '--set', 'maxUids=2', '--set', 'immunity=2', ...asOwner)

t.test('a quote while there is room', async (t) => {
  await witan(...register('a'))
  const quote = await json('quote', 'register')
  t.match(quote, {
    slots: { taken: 1, max: 2, free: 1 },
    pruning: { isNeeded: false, next: null },
    recent: { count: 1, first: /^\d+$/ },
    newcomer: { prunable: 0, payToExceed: null },
    priceLater: [{ halfLives: 1, seconds: 5 * HOUR }, { halfLives: 2 }, { halfLives: 5 }],
    own: null,
  })
  t.ok(BigInt(quote.priceLater[0].price) < BigInt(quote.price))
  t.match((await witan('quote', 'register', '--uid', '0')).stdout, /^uid 0 +node 1 \(0x.*\) is immune until /m)
})

t.test('a full subnet of immune neurons takes nobody', async (t) => {
  await witan(...register('b'))
  t.match((await witan('quote', 'register')).stdout, /^pruning +not possible: everybody is immune/m)
  await t.rejects(witan(...register('c')), { message: 'The contract refuses the call', facts: { error: 'AllImmune' } })
})

t.test('a full subnet: the quote says who goes, and that one goes', async (t) => {
  await witan('stake', 'add', '--operator', a!, '--amount', '10', ...asOwner)
  await settle(1)
  await settle(1)
  await advance(3 * HOUR)
  const quote = await json('quote', 'register', '--operator', a!)
  t.match(quote, {
    slots: { free: 0 },
    pruning: { isNeeded: true, next: { uid: 1, operator: b, lastPay: 0 } },
    newcomer: { prunable: 2, payToExceed: 0 },
    own: { uid: 0, pruningRank: 1 },
  })
  const text = (await witan('quote', 'register', '--uid', '1')).stdout
  t.match(text, /^pruning +uid 1 \(0x.*\) would lose its slot: 0\.0000 % of the last pay, /m)
  t.match(text, /^uid 1 +node 2 \(0x.*\) is the next to be pruned$/m)
  t.match((await witan(...register('c'), '--dry-run')).stdout, /\nthe subnet is full: node 2 would lose uid 1\n$/)
  t.match(await json(...register('c')), { uid: 1, operator: c, pruned: { uid: 1, nodeId: '2' } })
})

t.test('an owner changes parameters', async (t) => {
  await t.rejects(witan('subnet', 'set', '--set', 'immunity=1', ...asOwner), { code: 'PARAMETER_INVALID' })
  await t.rejects(witan('subnet', 'set', ...asOwner), { code: 'USAGE' })
  t.equal((await witan('subnet', 'set', '--set', 'immunity=2', ...asOwner)).stdout, 'nothing changes\n')
  await witan('subnet', 'set', '--set', 'immunity=3', ...asOwner)
  const set = await json('subnet', 'set', '--set', 'kappa=40000', ...asOwner)
  t.match(set, {
    changes: [
      { name: 'kappa', to: '40000' },
      { name: 'immunity', from: '2', to: '3' },
    ],
    fromEpoch: Number,
  })
  const shown = await json('subnet', 'hyperparameters')
  t.equal(shown.pending.fromEpoch, set.fromEpoch)
  t.equal(shown.pending.fromTime, set.fromTime)
  const byName = new Map(shown.parameters.map((each: { name: string }) => [each.name, each]))
  t.match(byName.get('immunity'), { value: '2', pending: '3', min: '2', max: '1000', unit: 'epochs' })
  t.match(byName.get('kappa'), { value: '32767', pending: '40000' })
  t.match(byName.get('epochLength'), { pending: null, min: '2' })
  t.match((await witan('subnet', 'hyperparameters')).stdout, /NAME +NOW +PENDING +MIN +MAX +UNIT( +MEANING)?\n/)
  await advance(HOUR)
  t.equal((await json('subnet', 'hyperparameters')).pending, null)
  t.equal((await client.subnets.subnet(1)).parameters.immunity, 3)
})

t.test('an operator key is replaced and a slot given up', async (t) => {
  const replace = ['operator', 'replace', '--node', a!, '--operator-key', 'd']
  t.match(await json(...replace, ...asOwner), { nodeId: '1', before: a, operator: d })
  t.match((await json('metagraph')).neurons, [{ uid: 0, operator: d }])
  await t.rejects(witan('operator', 'replace', '--node', d!, '--operator-key', 'd', ...asOwner), { code: 'USAGE' })
  t.match((await witan('deregister', '--operator', d!, ...asOwner)).stdout, /uid 0 of subnet 1 is vacant\n$/)
  await t.rejects(witan('deregister', '--operator', d!, ...asOwner), { code: 'UNREGISTERED_OPERATOR' })
  t.match((await witan('metagraph', '--columns', 'uid,stake,operator')).stdout, /\n {2}0 +- +vacant$/m)
  t.match(await json('quote', 'register'), { slots: { taken: 1, free: 0, vacatedNow: 1 } })
  await advance(HOUR)
  t.match(await json('quote', 'register'), { slots: { taken: 1, free: 1, vacant: 1 }, pruning: { isNeeded: false } })
})

t.test('own slots are declared', async (t) => {
  t.match(await json('subnet', 'own-slots', '--uid', '1', ...asOwner), { declared: [], own: true, fromTime: Number })
  await advance(HOUR)
  t.match(await json('subnet', 'own-slots', '--uid', '1', '--undo', ...asOwner), { declared: [1], own: false })
})

t.test('a consortium takes members in by votes, and ends', async (t) => {
  await witan(...create, '--name', 'club', '--consortium', ...asOwner)
  t.match(await json('subnet', 'members', '--netuid', '2'), { isConsortium: true, members: [owner], proposals: [] })
  const admitted = await json('subnet', 'propose', '--netuid', '2', '--admit', member!, ...asOwner)
  t.match(admitted, { proposalId: '1', executed: true }, 'one of one is a majority')
  const removal = ['subnet', 'propose', '--netuid', '2', '--remove', member!, ...asOwner]
  t.match((await witan(...removal)).stdout, /\nproposal 2: 1 votes, open until /)
  const shown = (await witan('subnet', 'members', '--netuid', '2')).stdout
  t.match(shown, new RegExp(`^member {2}${owner}\nmember {2}${member}\n\nPROPOSAL .*\n +2 +remove +${member} +1 of 2 `))
  t.match(await json('subnet', 'vote', '--proposal', '2', '--key', 'member', '--yes'), { votes: 2, executed: true })
  t.match(await json('subnet', 'members', '--netuid', '2'), { members: [owner], proposals: [] })
  t.match((await witan('subnet', 'members')).stdout, /^subnet 1 is open/)

  t.match((await witan('subnet', 'dissolve', '--netuid', '2', ...asOwner)).stdout, /the lock of 100 tokens comes back/)
  await advance(2 * HOUR)
  t.match(await json('status'), { subnets: [{ netuid: 1 }, { netuid: 2, epoch: null }] }, 'the others are still shown')
  t.match((await json('subnet', 'list')).length, 2)
  t.match(await json('subnet', 'release-lock', '--netuid', '2', ...asOwner), {
    amountWei: `100${'0'.repeat(18)}`,
    owner,
  })
})
