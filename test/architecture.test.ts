// Holds the tree against docs/architecture.md: which package may import which, and who owns each heavy dependency.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Package → the workspace packages it may import. */
const ARROWS: Record<string, readonly string[]> = {
  protocol: [],
  contracts: [],
  runtime: ['protocol'],
  chain: ['contracts', 'protocol', 'runtime'],
  p2p: ['protocol', 'runtime'],
  inference: ['protocol', 'runtime'],
  storage: ['protocol', 'runtime'],
  miner: ['chain', 'inference', 'p2p', 'protocol', 'runtime'],
  validator: ['chain', 'inference', 'p2p', 'protocol', 'runtime'],
  cli: ['chain', 'inference', 'miner', 'p2p', 'protocol', 'runtime', 'storage', 'validator'],
}

/** Heavy dependency (exact name or a prefix ending in `*`) → the one package that may declare and import it. */
const OWNERS: Record<string, string> = {
  '@bufbuild/*': 'protocol',
  '@noble/*': 'protocol',
  'hash-wasm': 'protocol',
  secp256k1: 'protocol',
  pino: 'runtime',
  'pino-pretty': 'runtime',
  'prom-client': 'runtime',
  yaml: 'runtime',
  zod: 'runtime',
  'better-sqlite3': 'runtime',
  pg: 'runtime',
  '@openzeppelin/*': 'contracts',
  solc: 'contracts',
  '@foundry-rs/forge': 'contracts',
  '@foundry-rs/anvil': 'chain',
  ethers: 'chain',
  abitype: 'chain',
  libp2p: 'p2p',
  '@libp2p/*': 'p2p',
  '@chainsafe/*': 'p2p',
  '@multiformats/*': 'p2p',
  'onnxruntime-node': 'inference',
  '@tensorflow/*': 'inference',
  '@huggingface/*': 'inference',
  '@napi-rs/canvas': 'inference',
  hyparquet: 'storage',
  fastify: 'gateway',
  commander: 'cli',
  '@clack/*': 'cli',
}

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

/** `… from 'x'` at the end of a line, `import 'x'`, `import('x')`, `require('x')`, `require.resolve('x')`. */
const IMPORT = /(?:(?:^|[\s}])from\s+|^\s*import\s+|\bimport\(\s*|\brequire(?:\.resolve)?\(\s*)['"]([^'"./][^'"]*)['"]/g

const ownerOf = (dependency: string): string | undefined => {
  const rule = Object.keys(OWNERS).find((pattern) =>
    pattern.endsWith('*') ? dependency.startsWith(pattern.slice(0, -1)) : dependency === pattern,
  )
  return rule === undefined ? undefined : OWNERS[rule]
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const workspaceName = (dependency: string): string | undefined =>
  dependency === 'witan' ? 'cli' : dependency.startsWith('@witan/') ? dependency.slice('@witan/'.length) : undefined

function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mts|js|mjs)$/.test(name))
    .map((name) => join(folder, name))
}

/** Every breach of the arrows and the one-owner rule, as `file:line: reason`. */
function breaches(name: string): string[] {
  const folder = join(root, 'packages', name)
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const found: string[] = []
  const check = (dependency: string, where: string) => {
    const target = workspaceName(dependency)
    if (target !== undefined && target !== name && !ARROWS[name]?.includes(target))
      found.push(`${where}: ${name} may not import ${target}`)
    const owner = ownerOf(dependency)
    if (owner !== undefined && owner !== name) found.push(`${where}: ${dependency} belongs to ${owner}`)
  }
  const declared = {
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  }
  for (const dependency of Object.keys(declared)) check(dependency, `packages/${name}/package.json`)
  for (const file of [
    ...sourceFiles(join(folder, 'src')),
    ...sourceFiles(join(folder, 'test')),
    ...sourceFiles(join(folder, 'scripts')),
  ]) {
    readFileSync(file, 'utf8')
      .split('\n')
      .forEach((line, index) => {
        if (/^\s*(\/\/|\*)/.test(line)) return
        for (const [, specifier = ''] of line.matchAll(IMPORT)) {
          const dependency = packageOf(specifier)
          const where = `${file.slice(root.length)}:${index + 1}`
          check(dependency, where)
          if (
            !dependency.startsWith('node:') &&
            dependency !== 'tap' &&
            dependency !== manifest.name &&
            !(dependency in declared)
          )
            found.push(`${where}: ${dependency} is not declared by ${name}`)
        }
      })
  }
  return found
}

t.test('every package obeys the arrows and the one-owner rule', async (t) => {
  const packages = readdirSync(join(root, 'packages'))
  t.strictSame(
    packages.filter((name) => !(name in ARROWS)),
    [],
    'every package has its arrows declared',
  )
  for (const name of packages) t.strictSame(breaches(name), [], name)
})

t.test('project references repeat the arrows', async (t) => {
  for (const name of readdirSync(join(root, 'packages'))) {
    const { references } = JSON.parse(readFileSync(join(root, 'packages', name, 'tsconfig.json'), 'utf8'))
    for (const { path } of references) {
      t.ok(ARROWS[name]?.includes(path.replace('../', '')), `${name} references ${path}`)
    }
  }
})

t.test('no package is an empty shell and no file is a drawer', async (t) => {
  for (const name of readdirSync(join(root, 'packages'))) {
    const files = sourceFiles(join(root, 'packages', name, 'src'))
    t.ok(files.length > 1, `${name} has something in it`)
    const drawers = files.filter((file) => /\/(utils?|helpers?|common|misc)(\/|\.ts$)/.test(file.slice(root.length)))
    t.strictSame(drawers, [], `${name} has no drawer`)
    const long = files.filter(
      (file) => !file.includes('/generated/') && readFileSync(file, 'utf8').split('\n').length > 401,
    )
    t.strictSame(long, [], `${name} has no file past 400 lines`)
  }
})
