// Export files of somebody who wishes ill, and choices of a deployer that would change more than terms.
import { MINIMAL_PARAMETERS, ZERO_DIGEST } from '@witan/protocol'
import t from 'tap'
import { EXPORT_FORMAT, type ForkExport } from '../src/fork/export-file.js'
import { growTrees } from '../src/fork/fork-trees.js'
import { excludedAccounts, exportDigest, exportText, parseExport, planFork } from '../src/index.js'
import { keyOf } from './support/keys.js'

const TOKEN = 10n ** 18n
const [alice, bob] = [keyOf('alice').address, keyOf('bob').address].sort() as [`0x${string}`, `0x${string}`]
const guardian = keyOf('guardian').address
const DIGEST = `0x${'11'.repeat(32)}` as const

const holder = (account: `0x${string}`) => ({ account, liquid: { balance: TOKEN }, unbonding: 0n, staked: [] })
const subnet = {
  ...{ subnet: 1, owner: alice, name: 'one', mechanism: DIGEST, membership: 0, members: [], listed: true },
  ...{ closed: false, policy: ZERO_DIGEST, modelVersions: [DIGEST], parameters: { ...MINIMAL_PARAMETERS } },
}
const version = {
  ...{ manifest: DIGEST, weights: DIGEST, evaluation: DIGEST, licence: DIGEST, trainingRoot: DIGEST },
  ...{ parent: 0, retired: false, trainedOn: [] },
}
const model = {
  ...{ model: 1, owner: bob, name: 'reader', subnet: 1, forkBps: 0, live: 1, previous: 0, policy: ZERO_DIGEST },
  ...{ parent: { model: 0, version: 0, bps: 0 }, versions: [version] },
}
const node = { node: 1, owner: alice, operator: bob, takeBps: 0, stake: 0n }
const terms = {
  ...{
    minEpochLength: 10,
    unbonding: 60,
    governance: { quorumPercent: 5, guardian },
    court: { bond: '10', margin: 5 },
  },
}

const BODY = {
  format: EXPORT_FORMAT,
  source: { chainId: 31_337, genesisHash: DIGEST, block: 9, blockHash: DIGEST, time: 1_000, contracts: {} },
  supply: { issued: 2n * TOKEN, unclaimed: 0n, forfeited: 0n, treasury: 0n },
  holders: [holder(alice), holder(bob)],
  nodes: [node],
  subnets: [subnet],
  models: [model],
  dataSets: [],
  terms,
} as unknown as ForkExport

/** A file that is whole but for its content: its digest, over what it is `read` as, and its sums are right. */
function read(change: object, readAs = change): ForkExport {
  const digest = exportDigest({ ...BODY, ...readAs } as ForkExport)
  return parseExport({ ...JSON.parse(exportText(BODY)), ...JSON.parse(textOf(change)), digest })
}

const textOf = (value: object) => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}` : item))
const CHOICES = {
  name: 'ours',
  chainId: 31_337,
  excluded: new Set<`0x${string}`>(),
  changes: new Map<string, string>(),
}

t.test('nobody and nothing is named twice, in whatever spelling', async (t) => {
  t.doesNotThrow(() => planFork(read({}), CHOICES))
  const shouted = `0x${alice.slice(2).toUpperCase()}`
  const twice: Record<string, object> = {
    account: { holders: [holder(alice), holder(alice)] },
    order: { holders: [holder(bob), holder(alice)] },
    node: { nodes: [node, node] },
    subnet: { subnets: [subnet, { ...subnet, name: 'two' }] },
    model: { models: [model, { ...model, owner: alice }] },
    stake: { holders: [{ ...holder(alice), staked: [1, 1].map((node) => ({ node, amount: 0n })) }, holder(bob)] },
  }
  for (const [what, change] of Object.entries(twice)) {
    const refusal = { code: 'FORK_EXPORT_INVALID', facts: { reason: 'not in ascending order, each once' } }
    t.throws(() => read(change), refusal, what)
  }
  const spelt = { holders: [holder(alice), { ...holder(alice), account: shouted }] }
  t.throws(() => read(spelt, twice.account), { code: 'FORK_EXPORT_INVALID' }, 'spelling')
})

t.test('what no contract can hold is told, not thrown', async (t) => {
  const parameters: Record<string, unknown> = { ...MINIMAL_PARAMETERS }
  delete parameters.kappa
  const { governance: _, ...ungoverned } = terms
  const changes: Record<string, object> = {
    membership: { subnets: [{ ...subnet, membership: 300 }] },
    'missing parameter': { subnets: [{ ...subnet, parameters }] },
    'parameter of text': { subnets: [{ ...subnet, parameters: { ...MINIMAL_PARAMETERS, kappa: 'many' } }] },
    version: { models: [{ ...model, versions: [{ ...version, parent: 2 ** 40 }] }] },
    live: { models: [{ ...model, live: 2 ** 40 }] },
    'no governance': { terms: ungoverned },
    'governance of text': { terms: { ...terms, governance: 'mine' } },
    'members of text': { terms: { ...terms, votes: 'members', members: 'mine' } },
    'member that is none': { terms: { ...terms, votes: 'members', members: [7] } },
  }
  for (const [what, change] of Object.entries(changes)) {
    t.throws(() => planFork(read(change), CHOICES), { code: 'FORK_EXPORT_INVALID' }, what)
  }
  const nested = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)
  const deep = { ...JSON.parse(exportText(BODY)), terms: { ...terms, treasury: nested } }
  t.throws(() => parseExport(deep), { code: 'FORK_EXPORT_INVALID' }, 'nested terms')
  const unknown = { terms: { ...terms, unbondin: 7 } }
  t.throws(() => planFork(read(unknown), CHOICES), { code: 'PARAMETER_INVALID' }, 'a term of no network')
})

t.test('a deployer chooses terms, not who has what', async (t) => {
  const fixed = { 'fork.supply': '7', 'fork.treasury': '7', fork: 'x', genesis: '7', name: 'theirs', chainId: '31337' }
  for (const change of Object.entries(fixed)) {
    t.throws(() => planFork(BODY, { ...CHOICES, changes: new Map([change]) }), { code: 'PARAMETER_INVALID' }, change[0])
  }
  t.match(planFork(BODY, { ...CHOICES, changes: new Map([['court.bond', '7']]) }), { court: { bond: 7n * TOKEN } })
})

t.test('who is left out has a part in it, however the file writes the address', async (t) => {
  t.strictSame(excludedAccounts(BODY, [bob, 1n]), [alice, bob])
  t.strictSame(excludedAccounts(BODY, [guardian]), [guardian], 'the guardian has a power')
  const mistyped = `0x${'ab'.repeat(20)}` as const
  t.throws(() => excludedAccounts(BODY, [mistyped]), { code: 'FORK_CLAIM_UNKNOWN', facts: { account: mistyped } })
  const shouted = {
    terms: { ...terms, governance: { ...terms.governance, guardian: `0x${guardian.slice(2).toUpperCase()}` } },
  }
  const plan = planFork(read(shouted), { ...CHOICES, excluded: new Set([guardian]) })
  t.equal(plan.governance.guardian, undefined, 'no power is left to it')
  t.strictSame(
    growTrees(BODY, new Set([bob])).items.map(({ kind }) => kind),
    ['terms', 'subnet'],
  )
})
