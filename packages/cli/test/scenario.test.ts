import { WitanError } from '@witan/protocol'
import { createManualClock } from '@witan/runtime'
import t from 'tap'
import { layout } from '../src/local-network/layout.js'
import { openClaimBook } from '../src/scenario/claim-book.js'
import { refusalOf } from '../src/scenario/refusal.js'
import { runCommand } from '../src/scenario/run-command.js'
import { renderScenario } from '../src/scenario/scenario-report.js'
import { createStage } from '../src/scenario/stage.js'
import { recordedContext, run } from './support/run.js'

const SENTENCES = { first: 'The first is seen', second: 'The second is seen', third: 'The third is seen' } as const

t.test('a claim is observed when it was seen, and as long as it holds', (t) => {
  const told: string[] = []
  const book = openClaimBook(SENTENCES, ({ id, observed }) => told.push(`${id} ${observed}`))
  t.same(
    book.claims().map(({ observed, evidence }) => [observed, evidence]),
    [
      [false, null],
      [false, null],
      [false, null],
    ],
    'nobody looked',
  )
  book.observe('second', true, { block: 7 })
  book.observe('first', true, { share: 0.5 })
  book.observe('first', true, { again: 0.6 })
  book.observe('second', false, { block: 8 })
  book.observe('second', true, {})
  t.strictSame(book.claims(), [
    { id: 'first', claim: SENTENCES.first, observed: true, evidence: { share: 0.5, again: 0.6 } },
    { id: 'second', claim: SENTENCES.second, observed: false, evidence: { block: 8 } },
    { id: 'third', claim: SENTENCES.third, observed: false, evidence: null },
  ])
  t.same(told, ['second true', 'first true', 'first true', 'second false', 'second false'])
  t.end()
})

t.test('the report for people counts what was seen and says what ended it', (t) => {
  const claims = [
    { id: 'first', claim: SENTENCES.first, observed: true, evidence: {} },
    { id: 'second', claim: SENTENCES.second, observed: false, evidence: null },
  ]
  const report = { scenario: 'governance', seconds: 12.4, claims, decisions: [], endedBy: null }
  t.equal(
    renderScenario(report),
    '\nobserved      The first is seen\nNOT OBSERVED  The second is seen\n\ngovernance: 1 of 2 claims observed in 12 s',
  )
  const step = { step: 'execute', by: 'holder', transaction: '0xab', block: 3, at: 4 } as const
  const decision = { network: 'local', number: 1, proposalId: 9n, title: 'List it', steps: [step], effect: [] }
  const ended = renderScenario({
    ...report,
    decisions: [decision],
    endedBy: { code: 'SCENARIO_STALLED', message: 'Nothing happens' },
  })
  t.match(ended, /^decision 1 of local: List it \(0xab\)\n/)
  t.match(ended, /\nended early by SCENARIO_STALLED: Nothing happens$/)
  t.end()
})

t.test('a stage waits for what is to happen, and says what did not', async (t) => {
  const clock = createManualClock(0)
  const context = { ...recordedContext().context, clock }
  let timestamp = 100
  const failed = new Promise<never>(() => undefined)
  const network = {
    client: { latestBlock: async () => ({ timestamp }) },
    files: layout('/net'),
    failed,
    addressOf: () => '0x',
  } as never
  const book = openClaimBook(SENTENCES, () => undefined)
  const stage = createStage({ network, context, book, voters: [], tell: () => undefined })
  t.equal(stage.path('a', 'b'), '/net/scenario/a/b')
  t.match(stage.as('holder'), { home: '/net', network: '/net/network.yaml', key: 'holder', yes: true })

  const arriving = stage.untilChainTime(102)
  for (; timestamp < 102; timestamp++) await clock.advance(250)
  await clock.advance(250)
  await arriving
  let looks = 0
  const stalled = t.rejects(
    stage.until('a miracle', 1, async () => {
      looks++
      return undefined
    }),
    { code: 'SCENARIO_STALLED', facts: { waitingFor: 'a miracle', seconds: 1 } },
  )
  for (let step = 0; step < 8; step++) await clock.advance(250)
  await stalled
  t.ok(looks > 3)
})

t.test('refusals are codes, other errors are bugs', async (t) => {
  t.equal(await refusalOf(async () => 1), undefined)
  t.equal(await refusalOf(async () => Promise.reject(new WitanError('VOTES_TOO_FEW', 'none'))), 'VOTES_TOO_FEW')
  await t.rejects(
    refusalOf(async () => Promise.reject(new TypeError('a bug'))),
    TypeError,
  )
})

t.test('a command in a process of its own gives what it prints, or says why not', async (t) => {
  const { context } = recordedContext({
    directory: t.testdir({ 'policy.json': '{}' }),
    env: { PATH: process.env.PATH ?? '' },
  })
  const digest = await runCommand<{ digest: string }>(
    ['model', 'policy', '--file', new URL('../../../../configs/policies/digits.json', import.meta.url).pathname],
    context,
  )
  t.match(digest.digest, /^0x[0-9a-f]{64}$/)
  await t.rejects(runCommand(['model', 'policy', '--file', 'policy.json'], context), {
    code: 'SCENARIO_COMMAND_FAILED',
    facts: { command: 'model policy', status: 65, complaint: /POLICY_INVALID/ },
  })
  const cut = new AbortController()
  const cutting = runCommand(['model', 'policy', '--file', 'policy.json'], { ...context, signal: cut.signal })
  cut.abort(new DOMException('The process got SIGINT', 'AbortError'))
  await t.rejects(cutting, cut.signal.reason, 'as the signal says it, which ends `up` without a word')
})

t.test('a scenario goes on with nothing and is not cut', async (t) => {
  const directory = t.testdir({})
  for (const more of [['--resume'], ['--epochs', '2']]) {
    await t.rejects(run(['up', '--scenario', 'governance', ...more], { directory }), { code: 'USAGE' })
  }
  await t.rejects(run(['up', '--scenario', 'romance'], { directory }), { code: 'USAGE' })
})
