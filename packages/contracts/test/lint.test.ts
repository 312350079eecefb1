import { execFile } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../../', import.meta.url))
const DEADLINE_MS = 240_000

const execute = (script: string, args: readonly string[], cwd = root): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const options = { cwd, timeout: DEADLINE_MS, maxBuffer: 16 * 1024 * 1024 }
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, output: stdout + stderr })
    })
  })

const solhint = join(dirname(createRequire(import.meta.url).resolve('solhint/package.json')), 'solhint.js')
const STRICT = ['--disc', '--noPoster', '--max-warnings', '0']

t.test('solhint has nothing to say of the contracts', async (t) => {
  const { code, output } = await execute(solhint, [...STRICT, 'src/**/*.sol'])
  t.equal(output.trim(), '')
  t.equal(code, 0)
})

t.test('solhint would say it', async (t) => {
  const source =
    'pragma solidity 0.8.37;\ncontract Origin { function f() external view { assert(tx.origin != msg.sender); } }\n'
  const folder = t.testdir({ 'Origin.sol': source })
  copyFileSync(join(root, '.solhint.json'), join(folder, '.solhint.json'))
  const { code, output } = await execute(solhint, [...STRICT, 'Origin.sol'], folder)
  t.match(output, /avoid-tx-origin/)
  t.not(code, 0)
})

t.test('every contract is formatted', async (t) => {
  t.strictSame(await execute(join(root, 'scripts/forge.mjs'), ['fmt', '--check']), { code: 0, output: '' })
})
