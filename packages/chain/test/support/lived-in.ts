import { keccak256Hex, signVoucher, ZERO_DIGEST } from '@witan/protocol'
import { makeIntent } from '../../src/client/intents/make-intent.js'
import type { Intent } from '../../src/index.js'
import { keyOf } from './keys.js'
import { type Play, TOKEN } from './play.js'
import { until } from './until.js'

export const OPERATORS = ['validator 1', 'validator 2', 'miner 1', 'miner 2']
export const digestOf = (text: string) => keccak256Hex(Buffer.from(text))

/** What the owner's model and data set are made of: the same in every network. */
export const DATA_SET = { name: 'digits', price: 5n * TOKEN, flagBond: 2n * TOKEN, flagReward: TOKEN }
export const DATA_VERSION = {
  root: digestOf('root'),
  manifest: digestOf('data'),
  contributorsRoot: digestOf('contributors'),
  licence: digestOf('CC0-1.0'),
  records: 10,
}
export const MODEL_VERSION = {
  manifest: digestOf('manifest'),
  weights: digestOf('weights'),
  evaluation: ZERO_DIGEST,
  licence: digestOf('MIT'),
  parent: 0,
}

/** The owner's data set with one version, and a model trained on it with two. */
export async function publish({ chain, send }: Play): Promise<void> {
  const { intents } = chain
  const owner = keyOf('owner').address
  await send('owner', intents.createDataset({ ...DATA_SET, contributorsBps: 5_000, curators: [owner] }))
  await send('owner', intents.proposeVersion(1n, { ...DATA_VERSION, parent: 0 }), intents.voteOnBallot(1n, true))
  await send('owner', intents.createModel({ name: 'reader', netuid: 1, forkBps: 2_000 }))
  const trainedOn = [{ setId: 1n, versions: [1] }]
  await send('owner', intents.publishVersion(1n, { ...MODEL_VERSION, trainedOn }))
  await send('owner', intents.publishVersion(1n, { ...MODEL_VERSION, parent: 1, trainedOn: [] }))
}

/** A call as the stakers decide it, without waiting for their votes. */
export async function decide({ local, chain }: Play, { to, data, description }: Intent): Promise<void> {
  const from = chain.network.contracts.timelock
  await local.rpc.request('anvil_impersonateAccount', [from])
  await local.rpc.request('anvil_setBalance', [from, '0xde0b6b3a7640000'])
  const hash = await local.rpc.request('eth_sendTransaction', [{ from, to, data, gas: '0xf00000' }])
  let receipt: { readonly status: string } | null = null
  await until(async () => {
    receipt = await local.rpc.request('eth_getTransactionReceipt', [hash])
    return receipt !== null
  })
  if (receipt!.status !== '0x1') throw new Error(`what was decided failed: ${description}`)
}

/**
 * Tokens everywhere that they can be: free, staked, moved, on their way out, in a channel, in the splitter, at a data set,
 * in locks, earned and not claimed, sent to contracts by mistake, and with an attacker.
 */
export async function live(play: Play): Promise<void> {
  const { chain, send, local } = play
  const { intents, contracts } = chain
  const [alice, bob, attacker] = [keyOf('alice').address, keyOf('bob').address, keyOf('attacker').address]
  await play.createSubnet({ maxUids: 8, epochLength: 600, revealWindow: 300 })
  for (const name of OPERATORS) await play.register(name)
  await send('owner', intents.transfer(alice, 5_000n * TOKEN), intents.transfer(bob, 3_000n * TOKEN))
  await send('owner', intents.transfer(attacker, 100_000n * TOKEN))
  await play.stake('owner', 1n, 3_000n * TOKEN)
  await play.stake('alice', 1n, 700n * TOKEN)
  await play.stake('bob', 2n, 901n * TOKEN + 7n)
  await play.stake('attacker', 2n, 50_000n * TOKEN)
  await publish(play)
  await decide(play, makeIntent(contracts.models, 'activate', [1n, 1], 'activate'))
  await decide(play, makeIntent(contracts.models, 'setSubnetPolicy', [1, digestOf('policy')], 'policy'))

  const epoch = (await play.epoch()) + 1
  await play.moveToEpoch(epoch)
  const row = { row: [0, 0, 9, 3], reveal: true }
  await play.vote(epoch, { 'validator 1': row, 'validator 2': row })
  await play.settle('alice', epoch)
  await send('owner', intents.sync(1n))
  await send('owner', intents.claim(1, [3n]))

  const shares = await chain.vault.sharesOf(1n, alice)
  await send('alice', intents.redelegate(1n, 2n, shares / 3n), intents.requestUnstake(1n, shares / 5n))
  const approve = (name: string, spender: 'channels' | 'datasets', amountWei: bigint) =>
    chain.approvals({ owner: keyOf(name).address, spender, amountWei }).then((calls) => send(name, ...calls))
  await approve('alice', 'channels', 100n * TOKEN)
  await send('alice', intents.openChannel({ nodeId: 3n, netuid: 1, modelId: 1n, amountWei: 40n * TOKEN }))
  await send('alice', intents.openChannel({ nodeId: 4n, netuid: 1, modelId: 0n, amountWei: 9n * TOKEN }))
  const [channel, second] = await chain.payments.channelsOf(alice)
  const pay = (channelId: `0x${string}`, cumulative: bigint) =>
    intents.settleVoucher(
      signVoucher({ channelId, cumulative, receiptDigest: ZERO_DIGEST }, keyOf('alice'), chain.payments.domain()),
    )
  await send('bob', pay(channel!.channelId, 7n * TOKEN + 13n))
  await send('bob', intents.distributeRevenue({ netuid: 1, nodeId: 3n, modelId: 1n }))
  await send('bob', pay(channel!.channelId, 11n * TOKEN + 1n), pay(second!.channelId, TOKEN + 3n))

  await approve('owner', 'datasets', 50n * TOKEN)
  await approve('bob', 'datasets', 50n * TOKEN)
  await send('owner', intents.fundDataset(1n, 3n * TOKEN))
  await send('bob', intents.orderDataset(1n, 5n * TOKEN))
  // By mistake, and to the treasury.
  await send(
    'bob',
    intents.transfer(contracts.consensus.address, TOKEN),
    intents.transfer(contracts.channels.address, 5n),
  )
  await send('bob', intents.transfer(contracts.timelock.address, 20n * TOKEN))
  await send('owner', makeIntent(contracts.token, 'burn', [TOKEN], 'burn'))
  await local.moveTo((await chain.latestBlock()).timestamp + 5)
}
