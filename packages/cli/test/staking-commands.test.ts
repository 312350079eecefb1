// Staking as a person does it, on a real chain: earn, claim, move, take out, vote, answer the wizard.
import t from 'tap'
import { CREATE_READING, deployNetwork } from './support/deployed-network.js'

const TOKEN = 10n ** 18n
const HOUR = 3_600
const DAY = 24 * HOUR

t.setTimeout(180_000)

const { addresses, witan, json, dialogue, advance, settle } = await deployNetwork(t, ['first', 'second', 'friend'])
const { owner, first, second, friend } = addresses as Record<string, `0x${string}`>
const asOwner = ['--key', 'owner', '--yes']

await witan(...CREATE_READING, '--epoch', '1h', ...asOwner)
for (const key of ['first', 'second']) {
  await witan('register', '--operator-key', key, '--max-price', '1', ...asOwner)
}

t.test('the wizard adds stake: what, to whom, how much, and the effect before the question', async (t) => {
  await t.rejects(witan('stake', 'wizard', '--key', 'owner'), { code: 'TERMINAL_NEEDED', exitCode: 64 })
  await witan('stake', 'add', '--operator', first!, '--amount', '50', ...asOwner)
  const { stdout, questions, notes } = await dialogue(
    ['1', '1', '1e9', '200000', '50'],
    'stake',
    'wizard',
    '--key',
    'owner',
  )
  t.match(questions, [
    /What do you want to do\?/,
    /Which validator\?\n +UID +OPERATOR +STAKE +TAKE +PER EPOCH +PER YEAR/,
    /How many tokens\? \[up to 99[\d.]+, or all\]/,
    /How many tokens/,
    /How many tokens/,
    /^allow vault to take 50 tokens; stake 50 tokens on node 1\?$/,
  ])
  t.match(notes, [/^add stake/, /^move stake/, /^take stake out/, / 0 +0x[0-9a-f]{4}…[0-9a-f]{4} +50 +0 % /])
  t.match(
    notes.join('\n'),
    /1e9 is not an amount[\s\S]*that is more than[\s\S]*would stake[\s\S]*→ Staked[\s\S]*\n\d+ gas at /,
  )
  t.match(stdout, /^allow vault .*\nstake 50 tokens on node 1 \(block/)
  await t.rejects(
    dialogue([''], 'stake', 'wizard', '--key', 'owner'),
    { code: 'NOT_CONFIRMED' },
    'an empty line leaves',
  )
})

t.test('stake that earned is claimed at once: take, owner cut and bounty', async (t) => {
  t.match((await witan('stake', 'take', '--operator', first!, '--percent', '9', ...asOwner)).stdout, /0 % → 9 %\n$/)
  for (let epoch = 0; epoch < 3; epoch += 1) await settle(1)
  const quote = await json('stake', 'claim', '--key', 'owner', '--dry-run')
  t.match(quote, { nodes: [{ nodeId: '1', netuid: 1 }], ownerCuts: [{ netuid: 1 }], bountyWei: /^[1-9]/, dryRun: true })
  t.strictSame(
    quote.calls.map(({ call }: { call: { method: string } }) => call.method),
    ['claimAll', 'claimOwnerCut', 'claimBounty'],
  )
  const { stdout } = await witan('stake', 'claim', ...asOwner)
  t.match(stdout, /^\d+\.?\d* tokens to claim\n {2}node 1 in subnet 1: .*\n {2}owner of subnet 1: .*\n {2}bounties: /)
  t.match(await json('stake', 'claim', '--key', 'owner'), { claimableWei: '0', calls: [] })
})

t.test('the metagraph shows what an epoch paid', async (t) => {
  const { neurons } = await json('metagraph')
  t.ok(BigInt(neurons[0].emission) > BigInt(neurons[0].stakersEmission), 'a part of it is take')
  t.ok(BigInt(neurons[0].stakersEmission) > 0n)
  t.match(neurons, [
    { uid: 0, hasPermit: true },
    { uid: 1, emission: '0' },
  ])
  const csv = (await witan('metagraph', '--csv', '--columns', 'uid,operator,stake', '--sort', 'stake')).stdout
  t.match(csv, new RegExp(`^UID,OPERATOR,STAKE\\r\\n1,${second},0\\r\\n0,${first},\\d{21}\\r\\n$`))
  await t.rejects(witan('metagraph', '--sort', 'axon'), { code: 'USAGE', message: /--sort: axon is not a column/ })
})

t.test('stake moves at once, and then not for a while', async (t) => {
  const dry = await witan(
    'stake',
    'move',
    '--from',
    first!,
    '--to',
    second!,
    '--amount',
    '40',
    '--key',
    'owner',
    '--dry-run',
  )
  t.match(dry.stdout, /^would move [\d.]+ shares of node 1 to node 2/)
  t.match(
    dry.stdout,
    /(39\.9+|40) tokens on node 2.* cannot move on before about .* \(1d\)\nuntil about .* it stays liable/,
  )
  const moved = await json('stake', 'move', '--from', '1', '--to', second!, '--amount', '40', ...asOwner)
  t.match(moved, { fromNode: '1', toNode: '2', amountWei: /^39{19}|^40{19}/, calls: [{ hash: /^0x/ }] })
  const { positions } = await json('stake', 'list', '--account', owner!)
  t.match(positions, [
    { nodeId: '1', movableAt: null },
    { nodeId: '2', operator: second, movableAt: Number },
  ])
  await t.rejects(witan('stake', 'move', '--from', '2', '--to', '1', '--all', ...asOwner), {
    message: 'The contract refuses the call',
    facts: { error: 'MoveLocked' },
  })
  await t.rejects(witan('stake', 'move', '--from', '2', '--to', '1', '--amount', '41', ...asOwner), {
    code: 'INSUFFICIENT_STAKE',
  })
  await t.rejects(witan('stake', 'move', '--from', '2', '--to', '1', ...asOwner), { code: 'USAGE' })
  await advance(DAY)
  const { stdout } = await dialogue(['2', '2', 'all', '1'], 'stake', 'wizard', '--key', 'owner')
  t.match(stdout, /^move [\d.]+ shares of node 2 to node 1 /)
})

t.test('votes are lent and stake is counted again', async (t) => {
  const { stdout } = await witan('stake', 'delegate', '--to', friend!, ...asOwner)
  t.match(stdout, new RegExp(`votes: before ${owner}, now ${friend}\n$`))
  t.match(await json('stake', 'list', '--account', owner!), { votes: { delegate: friend, votesWei: '0' } })
  const { votes } = await json('stake', 'list', '--account', friend!)
  t.ok(BigInt(votes.votesWei) >= 99n * TOKEN)
  t.match(
    (await witan('stake', 'sync', '--operator', first!, ...asOwner)).stdout,
    /count the stake of .* on node 1 again/,
  )
})

t.test('stake points at subnets', async (t) => {
  const args = ['subnet', 'gauge', 'point', '--subnet', '1=3']
  const { stdout } = await witan(...args, ...asOwner)
  t.match(stdout, /^point stake at subnet 1 \(3\) .*\nbefore nowhere; from \S+Z on 100\.0 % at subnet 1 with \d+/)
  await t.rejects(witan(...args, '--none', ...asOwner), { code: 'USAGE' })
  await t.rejects(witan(...args, '--subnet', '1=2', ...asOwner), { code: 'USAGE', message: 'A subnet is named twice' })
  await advance(2 * HOUR)
  const gauge = await json('subnet', 'gauge', '--account', owner!)
  t.match(gauge, { own: { points: [{ netuid: 1, weight: 3 }] }, subnets: [{ netuid: 1, now: { share: 0.5 } }] })
  t.match((await witan('subnet', 'gauge')).stdout, /a subnet gets at most 50\.0 %; next change .*\nNETUID +NAME +SHARE/)
  t.match(
    (await witan('subnet', 'gauge', 'point', '--none', ...asOwner)).stdout,
    /before 100\.0 % at subnet 1; .* nowhere/,
  )
})

t.test('stake leaves in two steps', async (t) => {
  const { stdout } = await dialogue(['3', '1', '10'], 'stake', 'wizard', '--key', 'owner')
  t.match(stdout, /^begin to unbond [\d.]+ shares of node 1 /)
  t.match((await witan('stake', 'remove', '--operator', first!, '--all', ...asOwner)).stdout, /tokens unbond for 14d: /)
  t.match(await json('stake', 'list', '--account', owner!), { requests: [{ isDue: false }, { isDue: false }] })
  t.equal((await witan('stake', 'withdraw', ...asOwner)).stdout, 'no request is due\n')
  await advance(15 * DAY)
  t.match(await json('stake', 'withdraw', ...asOwner), { calls: [{ call: { method: 'withdrawAll' } }] })
  t.match(await json('stake', 'list', '--account', owner!), { requests: [] })
})
