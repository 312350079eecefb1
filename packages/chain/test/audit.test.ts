// Epochs with everything that moves stake, slots and pay, on a real chain; then the audit rebuilds it all from events.
import { keccak256Hex } from '@witan/protocol'
import t from 'tap'
import { type AuditReport, auditNetwork } from '../src/index.js'
import { makeIntent } from '../src/client/intents/make-intent.js'
import { keyOf } from './support/keys.js'
import { startLocalChain } from './support/local-chain.js'
import { type Play, startPlay, TOKEN } from './support/play.js'

t.setTimeout(240_000)

const OPERATORS = ['validator 1', 'validator 2', 'miner 1', 'miner 2', 'miner 3', 'late']

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
  t.ok(report.sections.every(({ compared }) => compared > 0), 'every section compared something')
  t.ok(report.events > 80, `${report.events} events`)

  const earlier = await auditNetwork(chain, { block: report.block - 25 })
  t.strictSame(differing(earlier), [], 'the same at an earlier block')

  await tamper(play, chain.contracts.token.address, balanceSlot(keyOf('alice').address), 10n ** 18n)
  const tampered = await auditNetwork(chain)
  t.strictSame(
    differing(tampered).map(({ what }) => what),
    [`balance of ${keyOf('alice').address}`],
    'a balance that no event explains',
  )
})

/** Stake comes, moves and goes; neurons come, are pruned and give up; four epochs are settled and one is void. */
async function live(play: Play): Promise<void> {
  const { chain, send } = play
  const { intents, contracts } = chain
  const alice = keyOf('alice').address
  await play.createSubnet({ maxUids: 5, immunity: 2 })
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
  await play.vote(await play.epoch(), { 'validator 1': row(0, 0, 5) })
}

/** Writes a value into storage behind the contract's back. */
async function tamper({ local }: Play, address: string, slot: string, value: bigint): Promise<void> {
  const word = `0x${value.toString(16).padStart(64, '0')}`
  await local.rpc.request('anvil_setStorageAt', [address, slot, word])
  await local.rpc.request('evm_mine', [])
}

/** OpenZeppelin's ERC-20 keeps balances in slot 0. */
function balanceSlot(account: string): string {
  return keccak256Hex(Buffer.from(`${account.slice(2).padStart(64, '0')}${''.padStart(64, '0')}`, 'hex'))
}
