// Whatever people do, an export holds every token once: its sums are the supply, and what it says that an account has is
// what the account gets when it takes everything out of the old network.
import { isWitanError, signVoucher, WitanError, ZERO_DIGEST } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t, { type Test } from 'tap'
import { makeIntent } from '../src/client/intents/make-intent.js'
import { claimOf, exportNetwork, type Intent } from '../src/index.js'
import { keyOf } from './support/keys.js'
import { decide, live, OPERATORS } from './support/lived-in.js'
import { startLocalChain } from './support/local-chain.js'
import { type Play, startPlay, TOKEN } from './support/play.js'
import { domainOf, twoAnswers } from './support/two-answers.js'

t.setTimeout(400_000)

const PEOPLE = ['alice', 'bob', 'attacker']
const MOVES = 63
const EVERY = 9
/** Of wei: what virtual shares and divisions leave in the pools when somebody takes all out. */
const DUST = 1_000_000n
const COURT_ROLE = 1n

for (const seed of ['first', 'second']) {
  t.test(`a life of ${MOVES} moves, ${seed}`, async (t) => {
    const local = await startLocalChain(['deployer', 'owner', ...PEOPLE, ...OPERATORS])
    t.teardown(() => local.stop())
    const play = await startPlay(local)
    await live(play)
    // Slashes of the stakers' own, beside those of the court.
    const { contracts, network } = play.chain
    const grant = [COURT_ROLE, network.contracts.timelock, 0] as const
    await decide(play, makeIntent(contracts.access, 'grantRole', grant, 'let the stakers slash'))
    const random = createSeededRandom(`fork ${seed}`)
    const below = (limit: number) => Number(BigInt(`0x${Buffer.from(random.bytes(6)).toString('hex')}`) % BigInt(limit))
    const made = new Map<string, number>()
    for (let move = 1; move <= MOVES; move++) {
      const names = Object.keys(MOVES_OF)
      const name = names[below(names.length)]!
      try {
        await MOVES_OF[name]!(play, PEOPLE[below(PEOPLE.length)]!, below)
        made.set(name, (made.get(name) ?? 0) + 1)
      } catch (error) {
        // Refused by a rule of the network, such as the lock of stake that has just moved.
        if (!isWitanError(error)) throw error
      }
      if (move % EVERY === 0) await checkSums(play, t)
    }
    t.comment([...made].map(([name, count]) => `${name} ${count}`).join(', '))
    const courts = ['slash', 'accuse', 'execute', 'veto']
    t.ok(courts.every((name) => made.has(name)) && made.size > 11, 'the moves are made, slashes among them')
    await MOVES_OF.accuse!(play, 'alice', below)
    await takeAllOut(play, t)
  })
}

type Move = (play: Play, name: string, below: (limit: number) => number) => Promise<unknown>

const MOVES_OF: Readonly<Record<string, Move>> = {
  stake: (play, name, below) => play.stake(name, BigInt(1 + below(4)), BigInt(1 + below(1_000_000)) * 10n ** 14n),
  async unstake(play, name, below) {
    const nodeId = BigInt(1 + below(2))
    const shares = await play.chain.vault.sharesOf(nodeId, keyOf(name).address)
    await play.send(name, play.chain.intents.requestUnstake(nodeId, shares / BigInt(2 + below(3))))
  },
  async redelegate(play, name, below) {
    const from = BigInt(1 + below(2))
    const shares = await play.chain.vault.sharesOf(from, keyOf(name).address)
    await play.send(name, play.chain.intents.redelegate(from, BigInt(3 + below(2)), shares / BigInt(2 + below(3))))
  },
  async slash(play, _, below) {
    const { vault } = play.chain.contracts
    const { timestamp } = await play.chain.latestBlock()
    const bps = below(12) === 0 ? 10_000 : 1 + below(2_000)
    const args = [BigInt(1 + below(3)), bps, timestamp - below(60), keyOf('bob').address, 1_000] as const
    await decide(play, makeIntent(vault, 'slash', args, 'slash'))
  },
  async accuse(play, name, below) {
    const { chain, send } = play
    const place = below(4)
    const nonce = new Uint8Array(32).map(() => below(256))
    const deadline = (await chain.latestBlock()).timestamp - below(30)
    const facts = { consumer: keyOf('owner').address, miner: keyOf(OPERATORS[place]!), nodeId: BigInt(place + 1) }
    const spending = { owner: keyOf(name).address, spender: 'court' as const, amountWei: 10n * TOKEN }
    const fault = twoAnswers({ ...facts, nonce, deadline, domain: domainOf(chain.network) })
    await send(name, ...(await chain.approvals(spending)), chain.intents.accuse(fault))
  },
  async execute(play, _, below) {
    const accusation = await openAccusation(play, below)
    await play.local.moveTo(accusation.executableAt)
    await play.send('bob', play.chain.intents.executeAccusation(accusation.accusationId))
  },
  async veto(play, _, below) {
    await decide(play, play.chain.intents.vetoAccusation((await openAccusation(play, below)).accusationId))
  },
  async open(play, name, below) {
    const { intents } = play.chain
    const amountWei = BigInt(1 + below(1_000)) * 10n ** 16n
    const spending = { owner: keyOf(name).address, spender: 'channels' as const, amountWei }
    const channel = { nodeId: BigInt(1 + below(4)), netuid: 1, modelId: BigInt(below(2)), amountWei }
    await play.send(name, ...(await play.chain.approvals(spending)), intents.openChannel(channel))
  },
  async pay(play, name, below) {
    const { payments, intents } = play.chain
    const channels = await payments.channelsOf(keyOf(name).address)
    const { channelId, deposit } = channels[below(Math.max(1, channels.length))] ?? {
      channelId: ZERO_DIGEST,
      deposit: 0n,
    }
    const voucher = { channelId, cumulative: (deposit * BigInt(1 + below(100))) / 100n, receiptDigest: ZERO_DIGEST }
    await play.send('bob', intents.settleVoucher(signVoucher(voucher, keyOf(name), payments.domain())))
  },
  distribute: (play, _, below) =>
    play.send(
      'bob',
      play.chain.intents.distributeRevenue({ netuid: 1, nodeId: BigInt(1 + below(4)), modelId: BigInt(below(2)) }),
    ),
  async order(play, name) {
    const spending = { owner: keyOf(name).address, spender: 'datasets' as const, amountWei: 5n * TOKEN }
    await play.send(name, ...(await play.chain.approvals(spending)), play.chain.intents.orderDataset(1n, 5n * TOKEN))
  },
  donate(play, name, below) {
    const { contracts } = play.chain.network
    const to = [contracts.vault, contracts.splitter, contracts.datasets, contracts.subnets, contracts.emission][
      below(5)
    ]!
    return play.send(name, play.chain.intents.transfer(to, BigInt(1 + below(1_000))))
  },
  async epoch(play) {
    const epoch = (await play.epoch()) + 1
    await play.moveToEpoch(epoch)
    await play.vote(epoch, { 'validator 1': { row: [0, 0, 9, 3], reveal: true } })
    await play.settle('alice', epoch)
  },
  sync: (play, _, below) => play.send('bob', play.chain.intents.sync(BigInt(1 + below(4)))),
  claim: (play, _, below) => play.send('bob', play.chain.intents.claim(1, [BigInt(1 + below(4))])),
  syncVotes: (play, name, below) =>
    play.send('bob', play.chain.intents.syncVotes(keyOf(name).address, BigInt(1 + below(4)))),
  wait: async ({ local, chain }, _, below) => local.moveTo((await chain.latestBlock()).timestamp + 1 + below(30)),
}

async function openAccusation({ chain }: Play, below: (limit: number) => number) {
  const open = (await chain.court.accusations()).filter(({ state }) => state === 'open')
  if (open.length === 0) throw new WitanError('ACCUSATION_UNKNOWN', 'Nobody is accused')
  return open[below(open.length)]!
}

async function checkSums({ chain }: Play, t: Test) {
  const { number: block } = await chain.latestBlock()
  const { holders, supply, source } = await exportNetwork(chain, { block })
  const held = holders.map(claimOf).reduce((sum, { liquid, staked }) => sum + liquid + staked, 0n)
  const total = (await chain.contracts.token.read('totalSupply', [], { block })) + supply.unclaimed
  t.equal(held + supply.treasury + supply.forfeited, total, `block ${block}: every token once`)
  t.ok(!holders.some(({ account }) => Object.values(source.contracts).includes(account)), 'none of them a contract')
  return holders
}

/** Everybody takes everything out of the old network and has what the export said, to some dust. */
async function takeAllOut(play: Play, t: Test): Promise<void> {
  const { chain, send, local } = play
  const { intents, payments, vault } = chain
  const holders = await checkSums(play, t)
  const attempt = (name: string, intent: Intent) =>
    send(name, intent).catch((error: unknown) => {
      if (!isWitanError(error)) throw error
    })
  // The court loses its role: bonds go back, and stake is held no longer than a hold lasts.
  const accused = (await chain.court.accusations()).filter(({ state }) => state === 'open')
  t.ok(accused.length > 0, 'somebody is accused')
  const { nodeId } = accused.at(-1)!
  t.ok((await chain.court.heldSince(nodeId)) > 0, `node ${nodeId} is held`)
  const bonds = accused.filter(({ challenger }) => challenger === keyOf('alice').address).length
  const { bond } = await chain.court.terms()
  const alice = holders.find(({ account }) => account === keyOf('alice').address)
  t.equal(alice?.liquid.bonds, BigInt(bonds) * bond, "the bonds are the accusers'")
  const revoke = [COURT_ROLE, chain.network.contracts.court] as const
  t.equal(await chain.court.maySlash(), true, 'in office')
  await decide(play, makeIntent(chain.contracts.access, 'revokeRole', revoke, 'no court any more'))
  t.equal(await chain.court.maySlash(), false, 'no longer')
  for (const { accusationId } of accused) await send('bob', intents.dismissAccusation(accusationId))
  const debts = new Map<string, bigint>()
  for (const name of PEOPLE) debts.set(name, await chain.contracts.vault.read('debtOf', [keyOf(name).address]))
  const later = async (seconds: number) => local.moveTo((await chain.latestBlock()).timestamp + seconds)
  for (const nodeId of [1n, 2n, 3n, 4n]) {
    for (const modelId of [0n, 1n]) await attempt('bob', intents.distributeRevenue({ netuid: 1, nodeId, modelId }))
    await attempt('bob', intents.sync(nodeId))
    for (const name of PEOPLE) await attempt('bob', intents.syncVotes(keyOf(name).address, nodeId))
  }
  // All rewards unlock.
  await later(20)
  for (const name of PEOPLE) {
    const account = keyOf(name).address
    for (const nodeId of [1n, 2n, 3n, 4n]) {
      await attempt('bob', intents.syncVotes(account, nodeId))
      await attempt(name, intents.requestUnstake(nodeId, await vault.sharesOf(nodeId, account)))
    }
    for (const { channelId } of await payments.channelsOf(account))
      await attempt(name, intents.requestChannelClose(channelId))
  }
  // Held stake is paid out two unbonding times after the last accusation.
  await later(121)
  for (const name of PEOPLE) {
    const account = keyOf(name).address
    const { requestCount } = { requestCount: Number(await chain.contracts.vault.read('requestCount', [])) }
    for (let id = 1n; id <= requestCount; id++) await attempt(name, intents.withdraw(id))
    for (const { channelId } of await payments.channelsOf(account))
      await attempt(name, intents.withdrawChannel(channelId))
    await attempt(name, intents.withdrawRevenue(account))
    await attempt(name, intents.withdrawCredit(account))
    await attempt(name, intents.claimBounty())
    const { liquid, staked } = claimOf(holders.find((holder) => holder.account === account)!)
    const has = await chain.contracts.token.read('balanceOf', [account])
    const off = liquid + staked - has
    // Shares that go for a debt go without the rewards that are still locked in their pool.
    const most = DUST + debts.get(name)! / 50n
    t.ok(off >= -DUST && off <= most, `${name} has ${has}, the export says ${liquid + staked}`)
  }
}
