// Gas of steady epochs, from real transactions with the cap of EIP-7825 in force, against what the rules promise.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const SCRIPT = fileURLToPath(new URL('../../scripts/gas.mjs', import.meta.url))
const DEADLINE_MS = 180_000
const TRANSACTION_LIMIT = 16_777_216

interface Row {
  readonly validators: number
  readonly miners: number
  readonly path: string
  readonly gas: number
}

/** Gas of one settlement with accruals, at most. */
const SETTLE_LIMITS = [
  { validators: 16, miners: 64, limit: 600_000 },
  { validators: 64, miners: 64, limit: 1_800_000 },
  { validators: 64, miners: 256, limit: 4_500_000 },
]

t.test('an epoch is one ordinary transaction', async (t) => {
  const sizes = [...SETTLE_LIMITS.map(({ validators, miners }) => `${validators}x${miners}`), '48x512'].join(',')
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '--json', '--sizes', sizes], {
    timeout: DEADLINE_MS,
    maxBuffer: 1 << 20,
  })
  const rows: Row[] = JSON.parse(stdout)
  for (const { validators, miners, path, gas } of rows) t.comment(`${validators}x${miners} ${path}: ${gas} gas`)
  t.ok(
    rows.every(({ gas }) => gas > 21_000 && gas < TRANSACTION_LIMIT),
    'every path fits a transaction',
  )
  for (const { validators, miners, limit } of SETTLE_LIMITS) {
    const settle = rows.find((row) => row.validators === validators && row.miners === miners && row.path === 'settle')
    t.ok(settle !== undefined && settle.gas <= limit, `${validators}x${miners} settles for ${settle?.gas} of ${limit}`)
  }
})
