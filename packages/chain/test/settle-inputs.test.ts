// What a settlement is handed, rebuilt from the chain in the cases in which reading the present state would be wrong.
import { isWitanError } from '@witan/protocol'
import t, { type Test } from 'tap'
import { movedBonds } from '../src/client/moved-bonds.js'
import { hashWords } from '../src/client/packed-hash.js'
import { findSettlement } from '../src/client/settled-epoch.js'
import type { Rpc } from '../src/index.js'
import { startLocalChain } from './support/local-chain.js'
import { type Play, startPlay, TOKEN } from './support/play.js'

const VALIDATORS = ['validator 1', 'validator 2']
const ROWS = {
  'validator 1': { row: [0, 0, 65_535, 20_000], reveal: true },
  'validator 2': { row: [0, 0, 60_000, 25_000], reveal: true },
}

t.setTimeout(120_000)

async function startVoting(t: Test): Promise<Play> {
  const operators = [...VALIDATORS, 'miner 1', 'miner 2', 'late']
  const local = await startLocalChain(['deployer', 'owner', ...operators])
  t.teardown(() => local.stop())
  const play = await startPlay(local)
  await play.createSubnet({ epochLength: 600, revealWindow: 150, maxUids: 8 })
  for (const name of operators.slice(0, 4)) await play.register(name)
  await play.stake('owner', 1n, 3_000n * TOKEN)
  await play.stake('owner', 2n, 2_000n * TOKEN)
  await play.moveToEpoch((await play.epoch()) + 1)
  return play
}

async function playEpoch(play: Play): Promise<number> {
  const epoch = await play.epoch()
  await play.vote(epoch, ROWS)
  await play.settle('miner 1', epoch)
  return epoch
}

t.test('a validator that leaves between the end of an epoch and its settlement has voted', async (t) => {
  const play = await startVoting(t)
  const { chain } = play
  await playEpoch(play)
  await play.moveToEpoch((await play.epoch()) + 1)
  const epoch = await play.epoch()
  await play.vote(epoch, ROWS)
  await play.send('owner', chain.intents.deregister(1, 1))
  const inputs = await chain.settleInputs(1, epoch).catch((error) => error)
  t.notOk(isWitanError(inputs), 'its row is found')
  t.same(inputs.voters, [0, 1])
  t.not(inputs.votes.committedAt[1], 0n)
  await play.settle('miner 1', epoch)
  t.equal((await chain.consensus.lastSettled(1))?.epoch, epoch)
  t.same(await chain.consensus.permits(1), [0], 'and has no permit afterwards')

  await play.moveToEpoch(epoch + 2)
  await play.register('late')
  t.equal(await chain.subnets.uidOf(1, (await chain.subnets.neurons(1))[1]!.operator), 1, 'its slot is given again')
  const next = await play.epoch()
  await play.vote(next, { 'validator 1': ROWS['validator 1'] })
  await play.settle('miner 1', next)
  t.equal((await chain.consensus.lastSettled(1))?.epoch, next, 'the new holder has neither its row nor its bonds')
})

t.test('bonds follow from events alone when no transaction tells what a settlement was handed', async (t) => {
  const play = await startVoting(t)
  const { chain } = play
  const first = await playEpoch(play)
  await play.moveToEpoch(first + 1)
  await playEpoch(play)
  const { deployedAtBlock } = chain.network
  const last = (await chain.consensus.lastSettled(1))!
  const settlement = await findSettlement(chain.rpc, chain.contracts, 1, last.blockNumber)

  const told = await movedBonds(chain.rpc, chain.contracts, settlement, { deployedAtBlock })
  t.equal(hashWords(told), last.bondsHash)
  // As if every settlement had been called from another contract.
  const wrapped: Rpc = {
    ...chain.rpc,
    request: async <T>(method: string, params: readonly unknown[]): Promise<T> => {
      const answer = await chain.rpc.request<T>(method, params)
      return method === 'eth_getTransactionByHash' ? ({ ...answer, to: `0x${'11'.repeat(20)}` } as T) : answer
    },
  }
  t.same(await movedBonds(wrapped, chain.contracts, settlement, { deployedAtBlock }), told)
})
