// A network whose members decide, as people type it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openChain, readNetworkFile } from '@witan/chain'
import { systemClock } from '@witan/runtime'
import t from 'tap'
import { freshHome } from './support/deployed-network.js'

t.setTimeout(120_000)

const EXAMPLE = fileURLToPath(new URL('../../../../configs/proposals/admit-member.yaml', import.meta.url))
const NEWCOMER = `0x1${'0'.repeat(38)}4`

const { directory, addresses, deploy, witan, json } = await freshHome(t, ['a', 'b', 'c'], 100_000)
const path = join(directory, 'deploy.yaml')
const plan = JSON.parse(readFileSync(path, 'utf8'))
const members = [addresses.a, addresses.b, addresses.c]
const consortium = { ...plan, votes: 'members', members, governance: { maxProposalThreshold: 1 } }

t.test('a plan without members is refused, and one with them is shown', async (t) => {
  writeFileSync(path, JSON.stringify({ ...consortium, members: [] }))
  await t.rejects(witan(...deploy, '--dry-run'), { code: 'PARAMETER_INVALID', facts: { parameter: 'members' } })
  writeFileSync(path, JSON.stringify({ ...consortium, genesis: [] }))
  await t.rejects(witan(...deploy, '--dry-run'), { code: 'PARAMETER_INVALID', facts: { parameter: 'genesis' } })
  writeFileSync(path, JSON.stringify(consortium))
  const { stdout } = await witan(...deploy, '--dry-run')
  t.match(stdout, /\n {2}votes +members\n/)
  t.match(stdout, new RegExp(`\\n {2}member +${addresses.b}\\n`))
  t.match(stdout, /\nMembershipToken +0x[0-9a-f]{40} +\d+ gas\n/)
})

t.test('members without stake admit another by a decision', async (t) => {
  const { membership } = await json(...deploy)
  t.match(membership, /^0x[0-9a-f]{40}$/)
  const client = await openChain(readNetworkFile(join(directory, 'home', 'network.yaml')), { clock: systemClock })
  const advance = async (seconds: number) => {
    await client.rpc.request('evm_increaseTime', [seconds])
    await client.rpc.request('evm_mine', [])
  }
  const proposal = ['--proposal', '1', '--yes', '--key']
  await advance(2)
  await t.rejects(witan('gov', 'propose', '--file', EXAMPLE, '--yes', '--key', 'owner'), { code: 'VOTES_TOO_FEW' })
  await witan('gov', 'propose', '--file', EXAMPLE, '--yes', '--key', 'a')
  const { votingDelay, votingPeriod, timelockDelay } = (await json('gov', 'list')).settings
  t.match((await witan('gov', 'list')).stdout, /needs 1 votes to propose, 4 % of all members as a quorum; 67 % for it/)
  await advance(votingDelay + 1)
  await witan('gov', 'vote', '--choice', 'for', ...proposal, 'a')
  await witan('gov', 'vote', '--choice', 'for', ...proposal, 'b')
  await advance(votingPeriod + 1)
  await witan('gov', 'queue', ...proposal, 'owner')
  await advance(timelockDelay + 1)
  await witan('gov', 'execute', ...proposal, 'owner')
  t.match(await json('gov', 'show', '--proposal', '1'), { state: 'executed' })
  const { votes } = await client.companions()
  t.equal(await votes.votesOf(NEWCOMER as never), 10n ** 18n, 'the newcomer has a vote')
})
