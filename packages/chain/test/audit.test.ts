// Epochs with everything that moves stake, slots and pay, on a real chain; then the audit rebuilds it all from events.
import { keccak256Hex } from '@witan/protocol'
import t from 'tap'
import { makeIntent } from '../src/client/intents/make-intent.js'
import { type AuditReport, auditNetwork } from '../src/index.js'
import { keyOf } from './support/keys.js'
import { startLocalChain } from './support/local-chain.js'
import { type Play, startPlay, TOKEN } from './support/play.js'

t.setTimeout(240_000)

const OPERATORS = ['validator 1', 'validator 2', 'miner 1', 'miner 2', 'miner 3', 'late']

/** Subnet 1 with a weight of 3, as the contract packs it. */
const ALICE_POINTS = 0x3_0001n

const differing = ({ sections }: AuditReport) => sections.flatMap(({ differences }) => differences)

t.test('the state of a lived-in network is what its events give, and a changed slot is not', async (t) => {
  const local = await startLocalChain(['deployer', 'owner', 'alice', ...OPERATORS])
  t.teardown(() => local.stop())
  const play = await startPlay(local)
  await live(play)
  const { chain } = play

  const report = await auditNetwork(chain, { pageBlocks: 7 })
  for (const { section, compared, differing } of report.sections) t.comment(section, compared, differing)
  t.strictSame(differing(report), [])
  const untouched = report.sections.filter(({ compared }) => compared === 0).map(({ section }) => section)
  t.same(untouched, ['royalties', 'membership', 'claims'], 'every other section compared something')
  t.ok(report.events > 80, `${report.events} events`)

  const earlier = await auditNetwork(chain, { block: report.block - 25 })
  t.strictSame(differing(earlier), [], 'the same at an earlier block')

  const alice = keyOf('alice').address
  const { token, vault, emission } = chain.contracts
  // Node 1 in the vault's nodes: its assets are the lower half of the third word.
  const node = await mappingSlot(play, vault.address, 1n, (word) => word.endsWith(keyOf('owner').address.slice(2)))
  const pruned = await creditedSlot(play, emission.address)
  // Alice's list is one word, the stake it counts with the next.
  const points = await mappingSlot(play, emission.address, BigInt(alice), (word) => BigInt(word) === ALICE_POINTS)
  const line = await lastLineWord(play, emission.address, 1n)
  const tampered = [
    [token.address, hashSlot(BigInt(alice), 0n), 'tokens', `balance of ${alice}`],
    [vault.address, node + 2n, 'pools', 'node 1 assets and locked rewards'],
    [emission.address, pruned, 'emission', 'subnet 1 node 5 claimable'],
    [emission.address, points + 1n, 'gauge', `points of ${alice}`],
    [emission.address, line, 'gauge', 'subnet 1 votes at '],
  ] as const
  for (const [address, slot, section, what] of tampered) {
    const restore = await addOne(play, address, slot)
    const { sections } = await auditNetwork(chain)
    const found = sections.find((each) => each.section === section)!.differences
    t.ok(
      found.some((difference) => difference.what.startsWith(what)),
      what,
    )
    await restore()
  }
  t.strictSame(differing(await auditNetwork(chain)), [], 'put back, nothing differs')
})

/** Stake comes, moves and goes; neurons come, are pruned and give up; four epochs are settled and one is void. */
async function live(play: Play): Promise<void> {
  const { chain, send } = play
  const { intents, contracts } = chain
  const alice = keyOf('alice').address
  // Long epochs: time moves by hand, and none ends while a slow machine sends.
  await play.createSubnet({ maxUids: 5, immunity: 2, epochLength: 600, revealWindow: 300 })
  for (const name of OPERATORS.slice(0, 5)) await play.register(name)
  await send('owner', intents.transfer(alice, 5_000n * TOKEN))
  await play.stake('owner', 1n, 3_000n * TOKEN)
  await play.stake('owner', 2n, 2_000n * TOKEN)
  await play.stake('alice', 1n, 700n * TOKEN)
  await send('owner', intents.setTake(1n, 900))
  await play.announce('miner 1')

  const first = (await play.epoch()) + 1
  await play.moveToEpoch(first)
  const row = (...cells: number[]) => ({ row: cells, reveal: true })
  await play.vote(first, { 'validator 1': row(0, 0, 9, 3, 1), 'validator 2': { row: [0, 0, 1], reveal: false } })
  await play.settle('validator 1', first)
  await send('owner', intents.sync(1n), intents.sync(2n))

  // A second subnet takes a part of the schedule until it is dissolved, with votes for it in force and pending.
  await play.createSubnet()
  await send(
    'alice',
    intents.point([
      { netuid: 1, weight: 1 },
      { netuid: 2, weight: 2 },
    ]),
  )
  const { nextBoundary } = await chain.gauge.terms()
  await play.local.moveTo(nextBoundary)
  await send('owner', intents.point([{ netuid: 2, weight: 1 }]))
  await send('owner', makeIntent(contracts.subnets, 'dissolve', [2], 'dissolve'))
  await send('alice', intents.point([{ netuid: 1, weight: 3 }]))

  const second = first + 1
  await play.vote(second, { 'validator 1': row(0, 0, 9, 3, 1), 'validator 2': row(0, 0, 8, 4, 1) })
  await play.settle('validator 2', second)
  await send('owner', intents.claim(1, [3n]), intents.claimOwnerCut(1), intents.sync(1n))
  await send('validator 2', makeIntent(contracts.emission, 'claimBounty', [], 'claim the bounty'))

  const shares = await chain.vault.sharesOf(1n, alice)
  await send('alice', makeIntent(contracts.vault, 'redelegate', [1n, 2n, shares / 2n], 'redelegate'))
  await send('alice', intents.requestUnstake(1n, shares / 4n))
  const request = await chain.vault.unstakeRequest(1n)
  // A full subnet: the lowest paid that is not immune gives its slot to the newcomer.
  await play.register('late')
  const parameters = { ...(await chain.subnets.subnet(1)).parameters, kappa: 40_000, maxUids: 6 }
  await send('owner', makeIntent(contracts.subnets, 'setParameters', [1, parameters], 'set parameters'))

  // The last epoch before is not settled in time: it is void.
  const next = (await play.epoch()) + 2
  await play.moveToEpoch(next)
  const deregister = makeIntent(contracts.subnets, 'deregister', [1, 3], 'deregister')
  const declare = makeIntent(contracts.subnets, 'declareOwnSlots', [1, [2], true], 'declare own slots')
  await send('owner', declare)
  await play.vote(next, { 'validator 1': row(0, 0, 9, 3, 1), 'validator 2': row(0, 0, 8, 4, 1) })
  await send('owner', deregister)
  await play.settle('alice', next)
  await play.vote(next + 1, { 'validator 1': row(0, 0, 5), 'validator 2': row(0, 0, 8) })
  await play.settle('alice', next + 1)

  await play.local.moveTo(request.availableAt)
  await send('alice', intents.withdraw(1n))
  await send('owner', intents.sync(2n), makeIntent(contracts.vault, 'syncVotes', [alice, 2n], 'count votes'))
  const rest = await chain.vault.sharesOf(2n, keyOf('owner').address)
  await send('owner', intents.requestUnstake(2n, rest / 3n))
  await send('owner', makeIntent(contracts.subnets, 'transferOwnership', [1, alice], 'offer the subnet'))
  await play.moveToEpoch((await play.epoch()) + 2)
  const pending = { ...parameters, bondsAlpha: 200_000 }
  await play.vote(await play.epoch(), { 'validator 1': row(0, 0, 5) })
  await send('owner', makeIntent(contracts.subnets, 'setParameters', [1, pending], 'set parameters'))
  await send('owner', makeIntent(contracts.subnets, 'setParameters', [1, { ...pending, kappa: 36_000 }], 'again'))
}

/** Adds one to a word of storage behind the contract's back. */
async function addOne({ local }: Play, address: string, slot: bigint): Promise<() => Promise<void>> {
  const before = await local.rpc.request<string>('eth_getStorageAt', [address, wordOf(slot), 'latest'])
  const write = async (value: bigint) => {
    await local.rpc.request('anvil_setStorageAt', [address, wordOf(slot), wordOf(value)])
    await local.rpc.request('evm_mine', [])
  }
  await write(BigInt(before) + 1n)
  return () => write(BigInt(before))
}

/** Where a mapping has `key`, of all mappings of a contract the first whose word is as wanted. */
async function mappingSlot({ local }: Play, address: string, key: bigint, isWanted: (word: string) => boolean) {
  for (let place = 0n; place < 64n; place++) {
    const slot = hashSlot(key, place)
    const word = await local.rpc.request<string>('eth_getStorageAt', [address, wordOf(slot), 'latest'])
    if (isWanted(word)) return slot
  }
  throw new Error('no mapping holds the key')
}

/** The newest word of a subnet's line in the gauge: the list whose first word is an active subnet without votes. */
async function lastLineWord({ local }: Play, address: string, netuid: bigint): Promise<bigint> {
  const read = async (slot: bigint) =>
    BigInt(await local.rpc.request<string>('eth_getStorageAt', [address, wordOf(slot), 'latest']))
  for (let place = 0n; place < 64n; place++) {
    const list = hashSlot(netuid, place)
    const first = hashOf(list)
    if (BigInt.asUintN(208, await read(first)) === 1n << 128n) return first + (await read(list)) - 1n
  }
  throw new Error('the subnet has no line')
}

/** What the pruned node 5 earned in subnet 1: in the only mapping of netuid and node that has something for it. */
async function creditedSlot({ local }: Play, address: string): Promise<bigint> {
  for (let place = 0n; place < 64n; place++) {
    const slot = hashSlot(5n, hashSlot(1n, place))
    const word = await local.rpc.request<string>('eth_getStorageAt', [address, wordOf(slot), 'latest'])
    if (BigInt(word) !== 0n) return slot
  }
  throw new Error('the node has nothing')
}

function hashSlot(key: bigint, place: bigint): bigint {
  return hashOf(key, place)
}

function hashOf(...words: bigint[]): bigint {
  return BigInt(keccak256Hex(Buffer.from(words.map(wordOf).join('').replaceAll('0x', ''), 'hex')))
}

function wordOf(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`
}
