// Leaving with the network, as people type it: export, deploy without the attacker, claim, take over.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CREATE_READING, deployNetwork } from './support/deployed-network.js'

t.setTimeout(180_000)

const TOKEN = 10n ** 18n
const keys = ['operator', 'holder', 'attacker', 'forker']
const { client, directory, addresses, witan, json, send, advance } = await deployNetwork(t, keys)
const { owner, operator, holder, attacker } = addresses as Record<string, `0x${string}`>
const asOwner = ['--key', 'owner', '--yes']
const inFork = ['--network', 'fork.yaml']
const ofExport = ['--export', 'export.json']

await witan(...CREATE_READING, ...asOwner)
await witan('register', '--operator-key', 'operator', '--max-price', '5', ...asOwner)
await send(client.intents.transfer(holder!, 500n * TOKEN))
await send(client.intents.transfer(operator!, 5n * TOKEN))
await send(client.intents.transfer(attacker!, 60_000n * TOKEN))
await witan('stake', 'add', '--operator', operator!, '--amount', '1000', ...asOwner)
await witan('stake', 'add', '--operator', operator!, '--amount', '200', '--key', 'holder', '--yes')
await witan('stake', 'add', '--operator', operator!, '--amount', '50000', '--key', 'attacker', '--yes')
const block = String((await client.latestBlock()).number)
const deploy = ['fork', 'deploy', ...ofExport, '--name', 'ours', '--exclude', attacker!, '--key', 'forker']
const at = ['--rpc', client.network.rpcUrls[0]!, '--out', 'fork.yaml', '--set', 'governance.quorumPercent=9']

t.test('the same block is the same file', async (t) => {
  const first = await json('fork', 'export', '--block', block, '--out', 'export.json')
  t.match(first, { block: Number(block), digest: /^0x[0-9a-f]{64}$/, holders: 4, nodes: 1, subnets: 1, models: 0 })
  await send(client.intents.transfer(holder!, TOKEN))
  await witan('fork', 'export', '--block', block, '--out', 'again.json')
  t.ok(bytesOf('again.json').equals(bytesOf('export.json')))
  await t.rejects(witan('fork', 'export', '--block', '99999999', '--out', 'never.json'), { code: 'RPC_REJECTED' })
  const text = bytesOf('export.json').toString().replace('"name":"reading"', '"name":"writing"')
  writeFileSync(join(directory, 'edited.json'), text)
  const edited = ['fork', 'deploy', '--export', 'edited.json', '--name', 'ours', '--key', 'forker', ...at]
  await t.rejects(witan(...edited), { code: 'FORK_EXPORT_INVALID' })
})

t.test('a fork is planned, refused where it cannot be, and deployed', async (t) => {
  const dry = await json(...deploy, ...at, '--dry-run')
  t.match(dry, { dryRun: true, plan: { name: 'ours', governance: { quorumPercent: 9 }, genesis: [] } })
  t.match((await witan(...deploy, ...at, '--dry-run')).stdout, /\n {2}fork\.supply +[\d,]+.* tokens\n/)
  await t.rejects(witan(...deploy, ...at, '--set', 'unknown=1'), { code: 'PARAMETER_INVALID' })
  await t.rejects(witan(...deploy, ...at, '--set', 'unbonding'), { code: 'USAGE' })
  await t.rejects(witan(...deploy, ...at, '--exclude', '12'), { code: 'NODE_UNKNOWN' })
  const mistyped = `0x${'ab'.repeat(20)}`
  await t.rejects(witan(...deploy, ...at, '--exclude', mistyped), {
    code: 'FORK_CLAIM_UNKNOWN',
    facts: { account: mistyped },
  })
  await t.rejects(witan(...deploy, ...at, '--set', 'fork.supply=1'), { code: 'PARAMETER_INVALID' })
  const overTheOld = [...deploy, '--rpc', client.network.rpcUrls[0]!]
  await t.rejects(witan(...overTheOld), { code: 'NETWORK_FILE_EXISTS', facts: { there: 'test', deploying: 'ours' } })
  const { path, contracts, fork } = await json(...deploy, ...at)
  t.equal(path, join(directory, 'fork.yaml'))
  t.equal(fork.claims, dry.contracts.claims, 'as foretold')
  t.strictSame(fork.excluded, [attacker])
  t.notSame(contracts, client.network.contracts)
})

t.test('everybody but the attacker claims, once', async (t) => {
  const shown = await json('fork', 'show', ...ofExport, ...inFork)
  t.match(shown, { network: 'ours', holders: Array(3).fill({ claimed: false }), excluded: [attacker] })
  t.same(
    shown.items.map(({ kind }: { kind: string }) => kind),
    ['terms', 'subnet'],
  )
  t.equal(shown.besides, '0', 'nobody got tokens besides')
  t.match((await witan('fork', 'show', ...ofExport, ...inFork)).stdout, /ours was forked from chain 31337 at block/)
  const claim = ['fork', 'claim', ...ofExport, ...inFork]
  await t.rejects(witan('fork', 'claim', ...ofExport, '--key', 'owner'), { code: 'NOT_A_FORK' })
  await t.rejects(witan(...claim, '--key', 'attacker', '--yes'), { code: 'FORK_CLAIM_UNKNOWN' })
  t.match(await json(...claim, ...asOwner, '--dry-run'), { dryRun: true, staked: String(1_000n * TOKEN) })
  const dry = await witan(...claim, ...asOwner, '--dry-run')
  t.match(dry.stdout, /^0x[0-9a-f]{40} had [\d,.]+ free tokens and 1000 in stake\nwould claim /)
  await t.rejects(witan(...claim, '--key', 'owner'), { code: 'CONFIRMATION_NEEDED' })
  const forFriend = [...claim, '--account', owner!, '--key', 'forker', '--yes']
  await t.rejects(witan(...forFriend, '--stake', operator!), { code: 'USAGE' })
  const alone = { code: 'USAGE', message: /--amount/ }
  await t.rejects(witan(...claim, ...asOwner, '--amount', '7'), alone, 'how much of no stake')
  await witan(...forFriend)
  await t.rejects(witan(...claim, ...asOwner), { code: 'FORK_CLAIMED' })

  await witan(...CREATE_READING, ...inFork, ...asOwner)
  await witan('register', '--operator-key', 'operator', '--max-price', '5', ...inFork, ...asOwner)
  const unstaked = [...claim, '--stake', operator!, '--key', 'operator', '--yes']
  await t.rejects(witan(...unstaked), { code: 'USAGE', message: /had no stake/ }, 'it would be claimed and not staked')
  await witan(...unstaked, '--amount', '2')
  const staked = await json(...claim, '--stake', operator!, '--key', 'holder', '--yes')
  t.match(staked, { stakeWei: String(200n * TOKEN) })
  const stake = await json('stake', 'list', '--account', holder!, ...inFork)
  t.match(JSON.stringify(stake), new RegExp(String(200n * TOKEN)), 'what was staked is staked')
  const after = await json('fork', 'show', ...ofExport, ...inFork)
  t.match(after, { holders: Array(3).fill({ claimed: true }) })
})

t.test('what there was goes on: the owner made its subnet again', async (t) => {
  const adopt = ['fork', 'adopt', ...ofExport, '--kind', 'subnet', '--id', '1', '--as', '1', ...inFork]
  await t.rejects(witan('fork', 'adopt', ...ofExport, '--kind', 'node', '--id', '1', '--as', '1', '--key', 'owner'), {
    code: 'USAGE',
  })
  await witan(...adopt, ...asOwner)
  await t.rejects(witan(...adopt, ...asOwner), { code: 'FORK_CLAIMED' })
  const { items } = await json('fork', 'show', ...ofExport, ...inFork)
  t.match(items, [{ kind: 'terms' }, { kind: 'subnet', id: 1, successor: '1' }])
  const nothing = await witan('fork', 'proposal', ...ofExport, '--out', 'proposal.json', ...inFork)
  t.equal(nothing.stdout, 'nothing to decide: all that was made again is as it was\n')
  await advance(1)
  await t.rejects(witan('fork', 'sweep', ...ofExport, ...inFork, ...asOwner), { code: 'FORK_SWEEP_NOT_DUE' })
})

const bytesOf = (name: string) => readFileSync(join(directory, name))
