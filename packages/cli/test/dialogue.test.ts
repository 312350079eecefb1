import t from 'tap'
import { asNode, asPercent, asPoint } from '../src/command/parse.js'
import { validatorsOf } from '../src/commands/stake/wizard-tables.js'
import { openDialogue } from '../src/settings/dialogue.js'
import { recordedContext } from './support/run.js'

const TOKEN = 10n ** 18n

t.test('one of the choices is taken, whoever leaves ends the dialogue', async (t) => {
  const { context, notes, questions } = recordedContext({ lines: ['2', '', ''] })
  const dialogue = openDialogue(context, '`other`')
  t.strictSame(await dialogue.choose('Which?', [{ a: 1 }, { a: 2 }], ['one', 'two']), { a: 2 })
  t.strictSame(questions, ['Which?'])
  t.strictSame(notes, ['one', 'two'])
  await t.rejects(dialogue.choose('Which?', [{ a: 1 }], ['one']), { code: 'NOT_CONFIRMED', exitCode: 77 })
  await t.rejects(dialogue.amount('How many?', 1n), { code: 'NOT_CONFIRMED', exitCode: 77 })
})

t.test('amounts stay within what there is', async (t) => {
  const { context, notes } = recordedContext({ lines: ['-1', '0', '3', '1.5', 'ALL'] })
  const dialogue = openDialogue(context, '`other`')
  t.equal(await dialogue.amount('How many?', 2n * TOKEN), (3n * TOKEN) / 2n)
  t.match(notes, [/-1 is not an amount/, /0 is no amount/, /^that is more than 2$/])
  t.equal(await dialogue.amount('How many?', 2n * TOKEN), 2n * TOKEN)
})

t.test('nobody is asked where nobody can answer', async (t) => {
  t.throws(() => openDialogue(recordedContext().context, '`other`'), {
    code: 'TERMINAL_NEEDED',
    facts: { instead: '`other`' },
  })
})

t.test('validators stand in the order of what they pay for a token', async (t) => {
  const node = (uid: number, stake: bigint, stakersEmission: bigint, hasPermit = true) =>
    ({ uid, nodeId: BigInt(uid + 1), stake, stakersEmission, hasPermit }) as never
  const found = validatorsOf([node(0, 0n, 0n, false), node(1, 100n, 1n), node(2, 10n, 1n), node(3, 5n, 0n, false)])
  t.strictSame(
    found.map(({ uid }) => uid),
    [2, 1, 3],
  )
})

t.test('nodes, points and percentages', async (t) => {
  t.strictSame(asNode('12'), { nodeId: 12n })
  t.strictSame(asNode(`0x${'AB'.repeat(20)}`), { operator: `0x${'ab'.repeat(20)}` })
  for (const text of ['0', '-1', '0x12', '', '1.5']) t.throws(() => asNode(text), { code: 'USAGE' }, text)
  t.strictSame(asPoint('2=30'), { netuid: 2, weight: 30 })
  for (const text of ['2', '2=', '=3', '0=1', '1=0', '1=65536', '1=2=3'])
    t.throws(() => asPoint(text), { code: 'USAGE' }, text)
  t.strictSame(['9', '12.5', '0', '100', '1.15'].map(asPercent), [900, 1_250, 0, 10_000, 115])
  for (const text of ['101', '-1', '1.234', '9%']) t.throws(() => asPercent(text), { code: 'USAGE' }, text)
})
