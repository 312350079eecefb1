import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { run, runJson } from './support/run.js'

const COLLECTION = fileURLToPath(new URL('../../../protocol/test/vectors/yuma.json', import.meta.url))

interface Case {
  name: string
  kind: string
}

const { cases } = JSON.parse(readFileSync(COLLECTION, 'utf8')) as { cases: Case[] }
const named = (name: string): Case => cases.find((each) => each.name === name)!
const simulate = (...args: string[]) => ['simulate', 'epoch', ...args]

t.test('a single case, from a file of its own', async (t) => {
  const file = join(t.testdir({}), 'case.json')
  writeFileSync(file, JSON.stringify(named('log_two_servers_2_to_1')))
  const { name, engine, steps } = await runJson(simulate('--file', file))
  t.equal(name, 'log_two_servers_2_to_1')
  t.equal(engine, 'ts')
  const [{ consensus, dividends, validatorTrust }] = steps
  t.strictSame(consensus, [0, 0, 0, 1, 0], 'as upstream')
  t.strictSame(validatorTrust, [1, 0, 1, 0, 0])
  t.ok(Math.abs(dividends[0] - 0.5) < 1e-4)
  const { stdout } = await run(simulate('--file', file))
  t.match(stdout, /^log_two_servers_2_to_1 \(ts\)\n\nepoch ending at \d+\nUID {2}PERMIT {2}CONSENSUS/)
  const narrow = await run(simulate('--file', file), { columns: 40 })
  t.ok(Math.max(...narrow.stdout.split('\n').map(({ length }) => length)) <= 40)
})

t.test('one case of a collection, the same with both engines', async (t) => {
  for (const name of ['bonds_8_epochs', 'yuma3_liquid_alpha_off', 'yuma3_kappa_moves_first']) {
    const ours = await runJson(simulate('--file', COLLECTION, '--case', name))
    const evm = await runJson(simulate('--file', COLLECTION, '--case', name, '--engine', 'evm'))
    t.equal(evm.engine, 'evm')
    t.ok(ours.steps.length > 1)
    t.strictSame(evm.steps, ours.steps, name)
  }
})

t.test('what cannot be simulated says why', async (t) => {
  const rejects = (args: string[], code: string, message?: RegExp) =>
    t.rejects(run(simulate(...args)), { code, ...(message && { message }) }, args.at(-1)!)
  await t.rejects(run(simulate('--file', COLLECTION)), { code: 'USAGE', next: /--case/ }, 'a collection without --case')
  await t.rejects(run(simulate('--file', COLLECTION, '--case', 'none')), {
    code: 'USAGE',
    facts: { case: 'none', cases: /bonds_8_epochs/ },
  })
  const folder = t.testdir({
    'text.json': 'not json',
    'list.json': '[]',
    'null.json': 'null',
    'steps.json': JSON.stringify({ ...named('bonds_8_epochs'), steps: 'many' }),
    'binary.json': Buffer.from([0xff, 0xfe, 0x00]),
  })
  await rejects(['--file', join(folder, 'text.json')], 'FILE_UNREADABLE', /not valid JSON/)
  await rejects(['--file', join(folder, 'binary.json')], 'FILE_UNREADABLE', /not valid JSON/)
  await rejects(['--file', join(folder, 'list.json')], 'CASE_INVALID')
  await rejects(['--file', join(folder, 'null.json')], 'CASE_INVALID')
  await rejects(['--file', join(folder, 'steps.json')], 'CASE_INVALID')
  await rejects(['--file', join(folder, 'none.json')], 'FILE_UNREADABLE')
  await rejects(['--file', folder], 'FILE_UNREADABLE')
})
