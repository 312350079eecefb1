import { createKernelSandbox } from '@witan/chain'
import { type EpochEngine, parseCase, runEpoch, type SimulatedStep, simulateCase, WitanError } from '@witan/protocol'
import { createLogger } from '@witan/runtime'
import { defineCommand } from '../command/command.js'
import type { CommandContext } from '../command/context.js'
import { option } from '../command/option.js'
import { asChoice, asText } from '../command/parse.js'
import { renderTable } from '../output/table.js'
import { readJsonFile } from '../settings/read-input.js'

/** A case of 1024 uids with 64 explicit rows takes about a megabyte an epoch. */
const MAX_CASE_BYTES = 32 * 1024 * 1024

const EPOCH_KINDS = ['epoch', 'epoch_sequence', 'yuma3_sequence']

export const simulateEpoch = defineCommand({
  path: ['simulate', 'epoch'],
  summary: 'Compute epochs from a case file: what would these weights, stakes and parameters pay?',
  options: {
    file: option.required('--file <case>', 'JSON file: one case, or a collection with `cases`', asText),
    case: option.optional('--case <name>', 'the case of a collection', asText),
    engine: option.withDefault(
      '--engine <engine>',
      "ts (this process) or evm (the contract's kernel on an embedded chain)",
      asChoice('ts', 'evm'),
      'ts',
    ),
  },
  examples: ['simulate epoch --file case.json --engine evm --json'],
  async run({ file, case: name, engine }, context) {
    const testCase = parseCase(pickCase(readJsonFile(file, MAX_CASE_BYTES, context), name))
    const steps = await withEngine(engine, context, (run) => simulateCase(testCase, run))
    return { name: testCase.name, engine, steps }
  },
  render({ name, engine, steps }, { terminal }) {
    const tables = steps.map((step) => `epoch ending at ${step.endsAt}\n${stepTable(step, terminal.columns)}`)
    return [`${name} (${engine})`, ...tables].join('\n\n')
  },
})

async function withEngine<T>(
  engine: 'ts' | 'evm',
  { clock }: CommandContext,
  use: (run: EpochEngine) => Promise<T>,
): Promise<T> {
  if (engine === 'ts') return use(runEpoch)
  const logger = createLogger({ name: 'simulate', level: 'error' })
  const evm = createKernelSandbox({ clock, logger })
  await evm.start()
  try {
    return await use(evm.run)
  } finally {
    await evm.stop()
  }
}

/** The one case of the file, or the named one of a collection. */
function pickCase(content: unknown, name: string | undefined): unknown {
  const cases = (content as { cases?: unknown } | null)?.cases
  if (!Array.isArray(cases)) return content
  const names = cases.flatMap((each) =>
    EPOCH_KINDS.includes(String(each?.kind)) && typeof each?.name === 'string' ? [each.name] : [],
  )
  const picked = cases.find((each) => each?.name === name)
  if (name !== undefined && picked !== undefined) return picked
  throw new WitanError('USAGE', name === undefined ? 'The file holds several cases' : 'The file has no such case', {
    facts: { ...(name === undefined ? {} : { case: name }), cases: names.join(', ') },
    next: 'Name one of them with `--case`.',
  })
}

function stepTable(step: SimulatedStep, width: number): string {
  const rows = step.consensus.map((_, uid) => uid)
  const fraction = (values: readonly number[]) => (uid: number) => (values[uid] ?? 0).toFixed(6)
  return renderTable(
    [
      { title: 'UID', value: String, align: 'right' },
      { title: 'PERMIT', value: (uid) => (step.permits[uid] === true ? '*' : '') },
      { title: 'CONSENSUS', value: fraction(step.consensus), align: 'right' },
      { title: 'VTRUST', value: fraction(step.validatorTrust), align: 'right' },
      { title: 'INCENTIVE', value: fraction(step.incentive), align: 'right' },
      { title: 'DIVIDENDS', value: fraction(step.dividends), align: 'right' },
      { title: 'SERVER EMISSION', value: fraction(step.serverEmission), align: 'right' },
      { title: 'VALIDATOR EMISSION', value: fraction(step.validatorEmission), align: 'right' },
      { title: 'EMISSION', value: fraction(step.emission), align: 'right' },
    ],
    rows,
    width,
  )
}
