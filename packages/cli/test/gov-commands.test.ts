// A decision of the stakers from the file to its effect, on a real chain.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { callableFunctions } from '@witan/chain'
import t from 'tap'
import { CREATE_READING, deployNetwork } from './support/deployed-network.js'

t.setTimeout(180_000)

const EXAMPLE = fileURLToPath(new URL('../../../../configs/proposals/list-subnet.yaml', import.meta.url))

const { client, directory, addresses, witan, json, dialogue, advance } = await deployNetwork(t, ['a', 'holder'])
const { owner, a, holder } = addresses as Record<string, `0x${string}`>
const asOwner = ['--key', 'owner', '--yes']
const asHolder = ['--key', 'holder', '--yes']
const file = (name: string, value: unknown) => writeFileSync(join(directory, name), JSON.stringify(value))
const propose = (name: string) => ['gov', 'propose', '--file', name]

await witan(...CREATE_READING, ...asOwner)
await witan('register', '--operator-key', 'a', '--max-price', '5', ...asOwner)
await witan('stake', 'add', '--operator', a!, '--amount', '1000', ...asOwner)
await advance(2)

file('share.json', {
  description: '# A smaller largest share\n\nSo that no subnet takes all.',
  calls: [
    { contract: 'Emission', function: 'setMaxShare', args: [2_500] },
    { contract: 'Emission', function: 'setBountyCap', args: { bountyCap_: 2_000_000_000_000_000_000 } },
  ],
})

t.test('how decisions are made is told before there is one', async (t) => {
  const { settings, proposals } = await json('gov', 'list')
  t.match(settings, { cycle: 60, minCycle: 5, maxCycle: 60, quorumPercent: 4, superQuorumPercent: 67, guardian: null })
  t.same(proposals, [])
  const shown = (await witan('gov', 'list')).stdout
  t.match(shown, /^a proposal lives for 1m: 2s to the snapshot, 20s to vote \(5s more/)
  t.match(
    shown,
    /\nnobody but its proposer can cancel a proposal, and only before the vote begins\n\nno proposals yet\n$/,
  )
  await t.rejects(witan('gov', 'show', '--proposal', '1'), { code: 'PROPOSAL_UNKNOWN' })
  await t.rejects(witan('gov', 'show', '--proposal', 'first'), { code: 'USAGE' })
})

t.test('in a terminal a proposal is asked for, call by call', async (t) => {
  const { contractsByAddress } = await client.companions()
  const contracts = [...new Set(contractsByAddress.values())]
    .filter((name) => callableFunctions(name).length > 0)
    .sort()
  const placeOf = (contract: Parameters<typeof callableFunctions>[0], signature: string) => [
    `${contracts.indexOf(contract) + 1}`,
    `${callableFunctions(contract).findIndex((each) => each.signature === signature) + 1}`,
  ]
  const lines = [
    ...placeOf('Emission', 'setMaxShare(uint16)'),
    ...['many', '70000', '2500', '2'],
    ...placeOf('WitanGovernor', 'setVotingPeriod(uint32)'),
    ...['19', '1', 'A smaller share', 'So that no subnet takes all.'],
  ]
  const asked = await dialogue(lines, 'gov', 'propose', '--key', 'owner', '--dry-run')
  t.match(asked.stdout, /^ {2}Emission\.setMaxShare\(\{ "maxShareBps_": 2500 \}\)\n {4}if executed now: MaxShareSet, /)
  t.match(asked.stdout, /\n {2}WitanGovernor\.setVotingPeriod\(\{ "newVotingPeriod": 19 \}\)\n {4}if executed now: /)
  t.match(asked.stdout, /\nwould propose/)
  t.ok(asked.questions.includes('maxShareBps_ (uint16)?'))
  await t.rejects(witan('gov', 'propose', ...asOwner), { code: 'TERMINAL_NEEDED' })
})

t.test('a proposal is decoded and tried before it is made', async (t) => {
  const dry = await json(...propose('share.json'), ...asOwner, '--dry-run')
  t.match(dry, {
    proposalId: /^\d+$/,
    dryRun: true,
    effects: [
      {
        call: { contract: 'Emission', method: 'setMaxShare', args: { maxShareBps_: 2_500 } },
        effect: { events: ['MaxShareSet'], gasUsed: Number },
      },
      { call: { method: 'setBountyCap' }, effect: { events: ['BountyCapSet'] } },
    ],
  })
  t.same((await json('gov', 'list')).proposals, [], 'nothing was sent')
  const asked = await dialogue(['unused'], ...propose('share.json'), '--key', 'owner')
  t.match(
    asked.notes[0],
    /^ {2}Emission\.setMaxShare\(\{ "maxShareBps_": 2500 \}\)\n {4}if executed now: MaxShareSet, /,
  )
  t.match(asked.questions, [/^propose 2 calls: A smaller largest share\?$/])
  t.match((await json('gov', 'list')).proposals, [{ number: 1, state: 'pending', title: 'A smaller largest share' }])
  await t.rejects(witan(...propose('share.json'), ...asOwner), {
    code: 'PROPOSAL_STATE',
    message: 'The same calls were proposed with the same words before',
    next: /change the description/,
  })
})

t.test('a file that does not fit is refused with the reason', async (t) => {
  const refused = async (calls: unknown, expected: { code: string; facts?: object }) => {
    file('bad.json', { description: 'bad', calls })
    await t.rejects(witan(...propose('bad.json'), ...asOwner), { ...expected })
  }
  await refused([], { code: 'CONFIG_INVALID' })
  await refused([{ contract: 'Bank', function: 'pay' }], { code: 'PROPOSAL_INVALID', facts: { contract: 'Bank' } })
  await refused([{ contract: 'Subnets', function: 'pay' }], { code: 'PROPOSAL_INVALID' })
  await refused([{ contract: 'Subnets', function: 'ownerOf', args: [1] }], { code: 'PROPOSAL_INVALID' })
  await refused([{ contract: 'Emission', function: 'setMaxShare' }], { code: 'PROPOSAL_INVALID' })
  await refused([{ contract: 'Emission', function: 'setMaxShare', args: { share: 1 } }], {
    code: 'PROPOSAL_INVALID',
    facts: { unknown: 'share' },
  })
  await refused([{ contract: 'Emission', function: 'setMaxShare', args: [70_000] }], { code: 'PROPOSAL_INVALID' })
  await refused([{ contract: 'Emission', function: 'setBountyCap', args: [1.5] }], { code: 'PROPOSAL_INVALID' })
  await refused([{ contract: 'Emission', function: 'setMaxShare', args: [0] }], { code: 'EMISSION_TERMS_INVALID' })
  file('bad.json', { description: 'bad', calls: [{ contract: 'Emission', function: 'setMaxShare', args: [0] }] })
  const unchecked = await json(...propose('bad.json'), ...asOwner, '--unchecked', '--dry-run')
  t.match(unchecked.effects, [{ effect: null, untried: /^the calls would fail .*\(EMISSION_TERMS_INVALID\)$/ }])
  await t.rejects(witan(...propose('share.json'), ...asHolder), { code: 'VOTES_TOO_FEW' })
  await t.rejects(witan(...propose(EXAMPLE), ...asOwner), { code: 'SUBNET_ALREADY_ACTIVE' }, 'the example is read')
})

t.test('it changes something after vote, queue and wait only', async (t) => {
  const steps = (step: string) => ['gov', step, '--proposal', '1', ...asHolder]
  await t.rejects(witan(...steps('cancel')), { code: 'CANCEL_FORBIDDEN' }, 'it is somebody else’s')
  await t.rejects(witan(...steps('queue')), { code: 'PROPOSAL_STATE' })
  await advance(3)
  t.match(await json('gov', 'show', '--proposal', '1'), { state: 'active', next: /^vote until / })
  const vote = ['gov', 'vote', '--proposal', '1']
  await t.rejects(witan(...vote, '--choice', 'maybe', ...asOwner), { code: 'USAGE' })
  t.match(await json(...vote, '--choice', 'against', ...asHolder), { weightWei: '0' }, 'no stake, no votes')
  await t.rejects(witan(...vote, '--choice', 'for', ...asHolder), { code: 'ALREADY_VOTED' })
  const voted = await json(...vote, '--choice', 'for', '--reason', 'fair\nto all', ...asOwner)
  t.match(voted, { choice: 'for', weightWei: `1000${'0'.repeat(18)}` })

  const queued = await json(...steps('queue'))
  t.match(queued, { number: 1, executableAt: Number }, 'a majority of all stake ends the vote')
  await t.rejects(witan(...steps('execute'), '--dry-run'), { code: 'OPERATION_NOT_READY' })
  await advance(3)
  t.match((await witan(...steps('execute'))).stdout, /\ncarried out proposal 1: A smaller largest share\n$/)
  t.equal(await client.money.bountyCap(), 2n * 10n ** 18n)
  await advance(4_320)
  t.equal((await client.gauge.terms()).maxShareBps, 2_500)
})

t.test('the timeline tells all of it', async (t) => {
  const { steps, state, next } = await json('gov', 'timeline', '--proposal', '1')
  const executed = {
    what: 'executed',
    proposal: 1,
    effects: [
      {
        contract: 'Emission',
        event: 'MaxShareSet',
        args: { maxShareBps: 2_500 },
        what: /^no subnet earns more than 25 %/,
      },
      { event: 'BountyCapSet', what: /^a bounty is at most 2 tokens, from 20/ },
    ],
  }
  t.match(steps.at(-1), executed)
  t.ok(steps.every(({ at }: { at: number }) => at > 0))
  const all = await json('gov', 'timeline')
  t.match(all.steps, [
    { proposal: null, what: /^subnet 1 earns from /, effects: [{ event: 'SubnetActivated' }] },
    { proposal: 1, what: 'proposal 1: A smaller largest share: proposed by ' },
    { proposal: 1, what: /: queued, executable from / },
    { ...executed, what: 'proposal 1: A smaller largest share: executed' },
  ])
  const told = (await witan('gov', 'timeline')).stdout
  t.equal(told.match(/subnet 1 earns/g)?.length, 1, 'once, as no proposal says it')
  t.match(told, /: executed\n {2}→ no subnet earns more than 25 %, from .*\n {2}→ a bounty is/)
  t.match(state, 'executed')
  t.match(next, 'nothing more')
  t.match(
    steps.map(({ what }: { what: string }) => what),
    [
      `proposed by ${owner}`,
      `0 votes against by ${holder}`,
      `1000 votes for by ${owner}: fair to all`,
      /^queued, executable from /,
      'executed',
    ],
  )
  const text = (await witan('gov', 'timeline', '--proposal', '1')).stdout
  t.match(text, /^proposal 1: A smaller largest share {2}\(executed\)\n20.*Z {2}proposed by 0x/)
})

t.test('a list of subnets is the stakers’, and a delegate votes for them', async (t) => {
  file('delist.json', {
    description: 'Delist subnet 1',
    calls: [{ contract: 'Subnets', function: 'delist', args: [1] }],
  })
  await t.rejects(client.simulate([{ ...client.intents.dissolve(1), ...delistCall() }], owner!), {
    code: 'NOT_GOVERNANCE',
  })
  t.match(await json('gov', 'delegate', '--to', holder!, ...asOwner), { before: owner, delegate: holder })
  await advance(2)
  const { proposalId } = await json(...propose('delist.json'), ...asHolder)
  await advance(3)
  t.match(await json('gov', 'vote', '--proposal', '2', '--choice', 'for', ...asHolder), { weightWei: /^10000*$/ })
  await witan('gov', 'queue', '--proposal', proposalId, ...asHolder)
  await t.rejects(witan('gov', 'cancel', '--proposal', '2', ...asHolder), { code: 'CANCEL_FORBIDDEN' }, 'too late')
  const expired = await json('gov', 'show', '--proposal', '2')
  t.match(expired, { state: 'queued', next: /^execute it from / })
  await advance(3)
  t.match(await json('gov', 'show', '--proposal', '2'), { next: /^execute it; it expires after / })
  await advance(60)
  t.match(await json('gov', 'show', '--proposal', '2'), { state: 'expired', next: 'nothing more' })
  await t.rejects(witan('gov', 'execute', '--proposal', '2', ...asHolder), { code: 'PROPOSAL_STATE' })
  t.match((await witan('gov', 'list')).stdout, /\n +2 +expired +1000 +0 +Delist subnet 1\n$/)
})

t.test('settings of the governor are tried as it would decide them, with other calls between them', async (t) => {
  const call = (setting: string, value: number) => ({ contract: 'WitanGovernor', function: setting, args: [value] })
  const other = { contract: 'WitanTimelock', function: 'setExecutionWindow', args: [19] }
  file('faster.json', {
    description: 'Vote faster',
    calls: [call('setVotingPeriod', 15), other, call('setVotingDelay', 3), call('setVotingPeriod', 15)],
  })
  t.match(await json(...propose('faster.json'), ...asHolder, '--dry-run'), {
    effects: [
      { effect: { events: ['VotingPeriodSet'] }, untried: null },
      { effect: { events: ['ExecutionWindowSet'] } },
      { effect: { events: ['VotingDelaySet'] } },
      { effect: { events: ['VotingPeriodSet'] } },
    ],
  })
})

t.test('a setting of the governor keeps to its bounds when it is proposed and when it is carried out', async (t) => {
  file('slow.json', {
    description: 'Vote for longer',
    calls: [{ contract: 'WitanGovernor', function: 'setVotingPeriod', args: [21] }],
  })
  await t.rejects(witan(...propose('slow.json'), ...asHolder), { code: 'GOVERNANCE_BOUNDS' })
  t.match(await json(...propose('slow.json'), ...asHolder, '--unchecked'), {
    effects: [{ effect: null, untried: /\(GOVERNANCE_BOUNDS\)$/ }],
  })
  await advance(3)
  await witan('gov', 'vote', '--proposal', '3', '--choice', 'for', ...asHolder)
  await witan('gov', 'queue', '--proposal', '3', ...asHolder)
  await advance(3)
  await t.rejects(witan('gov', 'execute', '--proposal', '3', ...asHolder), { code: 'GOVERNANCE_BOUNDS' })
})

function delistCall() {
  const { subnets } = client.contracts
  return { data: subnets.encode('delist', [1]) }
}
