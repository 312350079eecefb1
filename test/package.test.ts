// The published packages, as an installation has them: packed, unpacked side by side outside the workspace, each with
// nothing but the dependencies it declares.
import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))
const COMMAND_DEADLINE_MS = 60_000
const YUMA_VECTORS = join(root, 'packages/protocol/test/vectors/yuma.json')

interface Manifest {
  name: string
  version: string
  license: string
  bin?: Record<string, string>
  exports?: Record<string, string | Record<string, string>>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** Folder of the workspace by package name. */
const workspace = new Map(
  readdirSync(join(root, 'packages')).map((name) => {
    const folder = join(root, 'packages', name)
    return [readManifest(folder).name, folder]
  }),
)

/** Packs every package into `folder`, with the same pnpm as the bootstrap. */
function packAll(folder: string): void {
  const pnpm = /'(pnpm@[\d.]+)'/.exec(readFileSync(join(root, 'scripts/bootstrap.mjs'), 'utf8'))?.[1] ?? ''
  const args = ['-y', pnpm, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]
  execFileSync('npx', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], timeout: COMMAND_DEADLINE_MS })
}

/** Unpacks the tarballs into `modules` as npm would; each package finds its own dependencies and no others. */
function install(tarballs: string, modules: string): void {
  for (const name of workspace.keys()) {
    const target = join(modules, name)
    const { version } = readManifest(workspace.get(name)!)
    const tarball = join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
    mkdirSync(target, { recursive: true })
    execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
    for (const dependency of Object.keys(readManifest(target).dependencies ?? {})) {
      if (workspace.has(dependency)) continue
      const link = join(target, 'node_modules', dependency)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(workspace.get(name)!, 'node_modules', dependency), link)
    }
  }
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('node_modules'))

/** Every file that the exports and binaries of a manifest point to; patterns by their folder. */
function targetsOf({ exports = {}, bin = {} }: Manifest): string[] {
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? target : Object.values(target),
  )
  return [...targets, ...Object.values(bin)].map((target) => (target.includes('*') ? dirname(target) : target))
}

t.setTimeout(180_000)

t.test('the packages work outside the workspace', async (t) => {
  // Below the repository a missing dependency would be found in the folders above.
  const folder = mkdtempSync(join(tmpdir(), 'witan-package-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const project = join(folder, 'project')
  const modules = join(project, 'node_modules')
  packAll(join(folder, 'tarballs'))
  install(join(folder, 'tarballs'), modules)

  t.test('hold what they promise and nothing else', async (t) => {
    t.notOk(existsSync(join(root, 'packages/cli/configs')), 'packing leaves no copy behind')
    for (const name of workspace.keys()) {
      const manifest = readManifest(join(modules, name))
      const files = filesOf(join(modules, name))
      t.ok(files.includes('LICENSE'), `${name} has its licence`)
      t.strictSame(
        files.filter((file) => /(^|\/)test\/|\.test\.|\.tsbuildinfo$|(?<!\.d)\.ts$/.test(file)),
        [],
        `${name} has neither tests nor sources of the build`,
      )
      const specifiers = Object.values({ ...manifest.dependencies, ...manifest.devDependencies })
      t.notOk(
        specifiers.some((version) => /^(workspace|link|file|catalog):/.test(version)),
        `${name} names versions`,
      )
      for (const target of targetsOf(manifest)) {
        t.ok(existsSync(join(modules, name, target)), `${name} has ${target}`)
      }
    }
    for (const file of [
      '@witan/protocol/proto/witan/v1/infer.proto',
      '@witan/contracts/src/interfaces/ISubnets.sol',
      '@witan/contracts/src/Consensus.sol',
      '@witan/contracts/dist/src/generated/Consensus.js',
      'witan/configs/models/ppocr-v4-rec.json',
      'witan/configs/miner.yaml',
      'witan/README.md',
    ]) {
      t.ok(existsSync(join(modules, file)), file)
    }
  })

  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WITAN_')))
  const main = join(modules, 'witan', readManifest(join(modules, 'witan')).bin?.witan ?? '')
  const witan = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const options = { cwd: project, env: { ...env, HOME: folder }, timeout: COMMAND_DEADLINE_MS }
      execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
      })
    })

  t.test('the witan command runs', async (t) => {
    t.equal((await witan('--version')).stdout, `${readManifest(workspace.get('witan')!).version}\n`)
    t.match(readFileSync(main, 'utf8'), /^#!\/usr\/bin\/env node\n/)
  })

  t.test('an epoch in this process and in the contract', async (t) => {
    const { cases } = JSON.parse(readFileSync(YUMA_VECTORS, 'utf8'))
    const { name } = cases.find(({ kind }: { kind: string }) => kind === 'epoch')
    const steps = async (engine: string) => {
      const args = ['simulate', 'epoch', '--file', YUMA_VECTORS, '--case', name, '--engine', engine, '--json']
      const { code, stdout, stderr } = await witan(...args)
      t.equal(code, 0, stderr)
      return JSON.parse(stdout).steps
    }
    t.strictSame(await steps('evm'), await steps('ts'))
  })

  t.test('a key, its keystore and its peer id', async (t) => {
    writeFileSync(join(project, 'password'), 'a password\n', { mode: 0o600 })
    const made = await witan('key', 'new', '--home', '.', '--key', 'operator', '--light-kdf', '--json')
    t.equal(made.code, 0, made.stderr)
    const { address, peerId, path } = JSON.parse(made.stdout)
    t.match(peerId, /^16Uiu2HA/)
    t.equal(`0x${JSON.parse(readFileSync(path, 'utf8')).address}`, address)
  })

  t.test('a model is trained without the optional native library', async (t) => {
    const native = join(modules, '@witan/inference/node_modules/@tensorflow/tfjs-node-gpu')
    t.notOk(existsSync(native), 'it is not installed')
    const words = [
      '--recipe',
      'digits',
      '--seed',
      '1',
      '--records',
      '200',
      '--epochs',
      '1',
      '--out',
      'digits',
      '--json',
    ]
    const { code, stdout, stderr } = await witan('model', 'train', ...words)
    t.equal(code, 0, stderr)
    t.match(JSON.parse(stdout), { records: 200, backend: /\/wasm$/, testRecords: 10_000 })
  })

  t.test('the shipped example, manifest and model files are found', async (t) => {
    const shipped = join(modules, 'witan/configs')
    const shown = await witan('config', 'show', '--role', 'miner', '--config', join(shipped, 'miner.yaml'))
    t.equal(shown.code, 0, shown.stderr)
    const zero = `0x${'00'.repeat(20)}`
    const decisions = ['governor', 'timelock', 'access']
    const revenue = ['splitter', 'channels', 'datasets', 'models', 'court']
    const names = ['kernel', 'token', 'vault', 'subnets', 'emission', 'consensus', ...decisions, ...revenue]
    const network = {
      name: 'nowhere',
      chainId: 31_337,
      rpcUrls: ['http://127.0.0.1:1'],
      contracts: Object.fromEntries(names.map((name) => [name, zero])),
      deployedAtBlock: 0,
    }
    writeFileSync(join(project, 'network.yaml'), JSON.stringify(network))
    const config = readFileSync(join(shipped, 'miner.yaml'), 'utf8').replace('operator.password', 'password')
    writeFileSync(join(project, 'miner.yaml'), config)
    // With the key made above and the model verified file by file, only the chain is missing.
    const { code, stderr } = await witan('miner', 'start', '--config', 'miner.yaml')
    t.equal(code, 69, stderr)
    t.match(stderr, /^RPC_UNAVAILABLE: /m)
  })
})
