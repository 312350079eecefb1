import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { abis, bytecode, contractNames } from '../src/index.js'

const root = new URL('../../', import.meta.url)
const path = (relative: string) => fileURLToPath(new URL(relative, root))
const textOf = (folder: string, suffix: string) =>
  readdirSync(path(folder))
    .filter((name) => name.endsWith(suffix))
    .map((name) => readFileSync(path(`${folder}/${name}`), 'utf8'))
    .join('\n')

t.test('the generated ABIs and bytecode are those of the sources', async (t) => {
  const output = execFileSync(process.execPath, [path('scripts/generate.mjs'), '--check'], { encoding: 'utf8' })
  t.equal(output, '', 'run `node scripts/generate.mjs` in packages/contracts when this fails')
})

/** By the vault, by the subnets contract, and by the governor. */
const CREATED_BY_OTHERS = ['StakeVotes', 'SubnetMembers', 'WitanTimelock', 'WitanAccess'] as const

t.test('every deployable contract is exported and fits a block', async (t) => {
  const MAX_CREATION_BYTES = 49_152 // EIP-3860
  t.same([...contractNames, ...CREATED_BY_OTHERS].sort(), Object.keys(abis).sort())
  for (const name of contractNames) {
    t.match(bytecode[name], /^0x([0-9a-f]{2})+$/, `${name} has no unlinked library`)
    t.ok(bytecode[name].length / 2 - 1 <= MAX_CREATION_BYTES, `${name} can be created`)
  }
})

t.test('nobody can upgrade, pause or own a contract', async (t) => {
  // `transferOwnership(uint16,address)` hands over a subnet, not a contract.
  // Who holds which role is the business of these two; what it cannot become, GovernanceBounds.t.sol tells.
  const { WitanTimelock: _, WitanAccess: __, ...others } = abis
  const functions = Object.values(others)
    .flatMap((abi) => abi.filter((entry) => entry.type === 'function'))
    .filter(({ name, inputs }) => name !== 'transferOwnership' || (inputs as readonly unknown[]).length === 1)
    .map(({ name }): string => name)
  for (const name of ['transferOwnership', 'owner', 'grantRole', 'pause', 'upgradeToAndCall', 'initialize']) {
    t.notOk(
      functions.some((other) => other === name),
      name,
    )
  }
})

t.test('every error of the interfaces is provoked by a test', async (t) => {
  const declared = [...textOf('src/interfaces', '.sol').matchAll(/^ {4}error (\w+)\(/gm)].map((match) => match[1]!)
  const tests = textOf('test', '.t.sol')
  t.ok(declared.length > 40)
  t.same(
    declared.filter((name) => !tests.includes(`${name}.selector`)),
    [],
  )
})
