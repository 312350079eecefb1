// A keeper, as its own process, settles what nobody else settles and survives kill -9; then the audit of its network.
import { once } from 'node:events'
import { join } from 'node:path'
import { type NetworkFile, writeNetworkFile } from '@witan/chain'
import { keccak256Hex, type Signer, signVoucher, ZERO_DIGEST } from '@witan/protocol'
import t from 'tap'
import type { LocalChain } from '../packages/chain/test/support/local-chain.js'
import type { Play } from '../packages/chain/test/support/play.js'
import { eventually, startWitan, witan, within } from './support/witan.js'

const support = new URL('../../packages/chain/dist/test/support/', import.meta.url)
const { startLocalChain } = (await import(new URL('local-chain.js', support).href)) as {
  startLocalChain: (names: readonly string[]) => Promise<LocalChain>
}
const { startPlay, TOKEN } = (await import(new URL('play.js', support).href)) as {
  startPlay: (local: LocalChain) => Promise<Play>
  TOKEN: bigint
}

const { keyOf } = (await import(new URL('keys.js', support).href)) as { keyOf: (name: string) => Signer }

const OPERATORS = ['validator 1', 'validator 2', 'miner 1', 'miner 2']
/** Long enough that no window passes while a process starts: time moves by hand. */
const EPOCH_SECONDS = 600
const DEADLINE_MS = 60_000

t.setTimeout(240_000)

const home = t.testdir({ password: 'secret\n' })
const local = await startLocalChain(['deployer', 'owner', ...OPERATORS])
t.teardown(() => local.stop())
const play = await startPlay(local)
const { chain } = play
const network: NetworkFile = chain.network
await writeNetworkFile(join(home, 'network.yaml'), network)
const key = JSON.parse((await witan(['key', 'new', '--home', home, '--key', 'keeper', '--light-kdf', '--json'])).stdout)
const keeperAddress = key.address as `0x${string}`
await play.send('owner', chain.intents.sendCoin(keeperAddress, 10n ** 18n))

await play.createSubnet({ epochLength: EPOCH_SECONDS, revealWindow: EPOCH_SECONDS / 2 })
for (const name of OPERATORS) await play.register(name)
await play.stake('owner', 1n, 3_000n * TOKEN)
await play.stake('owner', 2n, 2_000n * TOKEN)

const startKeeper = (...args: string[]) =>
  startWitan(['keeper', '--home', home, '--key', 'keeper', '--health-port', '0', ...args], home)
const rows = {
  'validator 1': { row: [0, 0, 9, 3], reveal: true },
  'validator 2': { row: [0, 0, 8, 4], reveal: true },
}

const until = (what: string, isTrue: () => Promise<boolean>) =>
  eventually(what, DEADLINE_MS, async () => ((await isTrue()) ? true : undefined))

t.test('killed between snapshot and settlement, a keeper goes on where it was', async (t) => {
  const epoch = (await play.epoch()) + 1
  await play.moveToEpoch(epoch)
  await play.vote(epoch, rows)
  const first = startKeeper('--netuid', '1', '--always')
  await until('snapshot', async () => (await chain.consensus.lastSnapshot(1)) === epoch)
  first.child.kill('SIGKILL')
  await first.ended
  t.equal(await chain.consensus.lastSettled(1), undefined, 'the rows may still be revealed')

  await local.moveTo((await chain.subnets.epochContext(1, epoch)).revealEndsAt)
  const second = startKeeper('--always', '--sync')
  await until('settlement', async () => (await chain.consensus.lastSettled(1))?.epoch === epoch)
  await until('bounty', async () => (await chain.money.balance(keeperAddress)) > 0n)
  await until('rewards in the pool', async () => (await chain.money.poolAccrued(1n)) === 0n)
  await until('rewards in the pool', async () => (await chain.money.poolAccrued(2n)) === 0n)
  const last = (await chain.consensus.lastSettled(1))!
  t.equal((await chain.settledEpoch(1, last.blockNumber)).settler, keeperAddress)

  second.child.kill('SIGTERM')
  const { code, stdout, stderr } = await second.ended
  t.equal(code, 0, stderr)
  t.comment(stdout, stderr)
  t.match(JSON.parse(stdout), { account: keeperAddress, subnets: [], mined: {} })
  const transactions = await local.rpc.request<string>('eth_getTransactionCount', [keeperAddress, 'latest'])
  t.equal(Number(transactions), 5, 'snapshot, settle, claim and two syncs: nothing twice')
})

t.test('an epoch whose bounty does not cover the gas is left alone', async (t) => {
  const none = await witan(['keeper', '--home', home, '--key', 'keeper'])
  t.match(none, { code: 64, stderr: /^KEEPER_WITHOUT_RULE/ })
  const epoch = (await play.epoch()) + 1
  await play.moveToEpoch(epoch)
  await play.vote(epoch, rows)
  const poor = startKeeper('--token-price', '0.000000000000000001')
  await poor.saw(/does not cover the gas/, DEADLINE_MS)
  poor.child.kill('SIGTERM')
  await poor.ended
  t.not(await chain.consensus.lastSnapshot(1), epoch)
  const rich = startKeeper('--token-price', '1000')
  await until('snapshot', async () => (await chain.consensus.lastSnapshot(1)) === epoch)
  rich.child.kill('SIGTERM')
  await rich.ended
})

t.test('two keepers at once carry out decisions and hand out revenue once, and neither fails', async (t) => {
  const secondKey = ['--home', home, '--key', 'keeper2']
  const { address } = JSON.parse((await witan(['key', 'new', ...secondKey, '--light-kdf', '--json'])).stdout)
  await play.send('owner', chain.intents.sendCoin(address, 10n ** 18n))
  // Half of what comes in is for creators and data sets, of which model 7 has none: the pool gets it.
  const owner = keyOf('owner')
  const channel = { nodeId: 1n, netuid: 1, modelId: 7n, amountWei: 10n * TOKEN }
  const approvals = await chain.approvals({ owner: owner.address, spender: 'channels', amountWei: 10n * TOKEN })
  await play.send('owner', ...approvals, chain.intents.openChannel(channel))
  const { channelId } = (await chain.payments.channelsOf(owner.address))[0]!
  const voucher = { channelId, cumulative: 10n * TOKEN, receiptDigest: ZERO_DIGEST }
  const settle = chain.intents.settleVoucher(signVoucher(voucher, owner, chain.payments.domain()))

  const keepers = [
    startKeeper('--netuid', '1', '--always'),
    startWitan(['keeper', ...secondKey, '--health-port', '0', '--always'], home),
  ]
  const ready = keepers.map(({ child }) => within(DEADLINE_MS, 'start', once(child.stdout!, 'data')))
  const ports = (await Promise.all(ready)).map(([text]) => JSON.parse(text).health)
  const epoch = (await play.epoch()) + 1
  await play.moveToEpoch(epoch)
  await play.send('owner', settle)
  await play.vote(epoch, rows)
  await local.moveTo((await chain.subnets.epochContext(1, epoch)).revealEndsAt)
  await until('settlement', async () => (await chain.consensus.lastSettled(1))?.epoch === epoch)
  await until('distribution', async () => (await chain.payments.pendingRevenue(channel)) === 0n)
  await until('pay of validators', async () => (await chain.payments.potOf(1)) < 2n)
  t.ok((await chain.payments.owedTo(owner.address)) > TOKEN - 2n, 'a tenth for the validators of this owner')

  const data = chain.contracts.emission.encode('setBountyCap', [3n * TOKEN])
  const content = { calls: [{ to: network.contracts.emission, data, valueWei: 0n }], description: 'A larger bounty' }
  await play.send('owner', chain.intents.propose(content))
  const { proposalId, snapshotAt } = (await chain.governance.proposals())[0]!
  await local.moveTo(snapshotAt + 1)
  await play.send('owner', chain.intents.castVote(proposalId, 'for', ''))
  await until('execution', async () => {
    await local.rpc.request('evm_mine', [])
    return (await chain.money.bountyCap()) === 3n * TOKEN
  })
  for (const [index, keeper] of keepers.entries()) {
    const at = `http://127.0.0.1:${ports[index]}`
    const metrics = await (await fetch(`${at}/metrics`)).text()
    t.notMatch(metrics, /^witan_keeper_errand_failures_total\{.*\} [1-9]/m)
    t.match(await (await fetch(`${at}/status`)).json(), { lastErrors: [] })
    keeper.child.kill('SIGTERM')
    t.equal((await keeper.ended).code, 0)
  }
  const distributed = await chain.rpc.request<unknown[]>('eth_getLogs', [
    {
      fromBlock: '0x0',
      address: network.contracts.splitter,
      topics: [keccak256Hex(Buffer.from('Distributed(uint16,uint64,uint256,uint256,uint256,uint256,uint256,uint256)'))],
    },
  ])
  t.equal(distributed.length, 1, 'once')
})

t.test('the audit is green, and names what somebody changed', async (t) => {
  const { code, stdout, stderr } = await witan(['audit', '--home', home])
  t.comment(stdout)
  t.equal(code, 0, stderr)
  t.match(stdout, /^settlements +\d+ compared {2}0 different$/m)

  const slot = balanceSlot(keeperAddress)
  await local.rpc.request('anvil_setStorageAt', [network.contracts.token, slot, `0x${'0'.repeat(63)}1`])
  await local.rpc.request('evm_mine', [])
  const tampered = await witan(['audit', '--home', home, '--json'])
  t.comment(tampered.stderr)
  const named = new RegExp(`^AUDIT_MISMATCH.*balance of ${keeperAddress}: rebuilt \\d+, stored 1`)
  t.match(tampered, { code: 1, stderr: named })
  const { sections } = JSON.parse(tampered.stdout)
  t.match(sections[0], { section: 'tokens', differing: 1, differences: [{ stored: '1' }] })
})

/** OpenZeppelin's ERC-20 keeps balances in slot 0. */
function balanceSlot(account: string): string {
  return keccak256Hex(Buffer.from(`${account.slice(2).padStart(64, '0')}${''.padStart(64, '0')}`, 'hex'))
}
