// Which epoch can be settled: one at a time, the last one of a dissolved subnet too.
import t from 'tap'
import { makeIntent } from '../src/client/intents/make-intent.js'
import { startLocalChain } from './support/local-chain.js'
import { startPlay } from './support/play.js'

t.test('the epoch that has ended is closing until it is void', async (t) => {
  const local = await startLocalChain(['deployer', 'owner'])
  t.teardown(() => local.stop())
  const play = await startPlay(local)
  const { chain } = play
  await play.createSubnet({ epochLength: 600, revealWindow: 300 })
  const closingAt = async (now: number) => {
    await local.moveTo(now)
    return chain.closingEpoch(1, now)
  }
  const { endsAt, settleEndsAt } = await chain.subnets.epochContext(1, 0)
  t.equal(await closingAt(endsAt - 300), undefined, 'none has ended')
  t.match(await closingAt(endsAt), { epoch: 0, endsAt, settleEndsAt })
  t.match(await closingAt(settleEndsAt - 200), { epoch: 0 })
  t.match(await closingAt(settleEndsAt + 1), { epoch: 1 })

  await play.send('owner', makeIntent(chain.contracts.subnets, 'dissolve', [1], 'dissolve the subnet'))
  const last = await play.epoch()
  const window = await chain.subnets.epochContext(1, last)
  t.match(await closingAt(window.endsAt + 1), { epoch: last }, 'no epoch runs any more')
  t.equal(await closingAt(window.settleEndsAt), undefined)
})
