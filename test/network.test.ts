// The main job, as a user runs it: a whole network of real processes, a real chain, real models, real libp2p.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { renderSentence } from '@witan/inference'
import { createDomain, type SignedReceipt, verifyReceipt } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { eventually, processesOf, startWitan, witan } from './support/witan.js'

/** Of the second run; the first goes on until everything has been asked. */
const EPOCHS = 3
const START_DEADLINE_MS = 150_000
const SENTENCE = 'proof of work well done'

interface Neuron {
  uid: number
  role: string
  behaviour: string
  operator: string
  stake: string
  incentive: number
  dividends: number
  validatorTrust: number
  requests: number
  failures: number
}

interface Report {
  network: string
  chainId: number
  contracts: Record<string, string>
  epochs: { epoch: number; settledAtBlock: number; gasUsed: number; emission: string }[]
  neurons: Neuron[]
  supply: Record<string, string>
  receiptsVerified: number
  errors: { code: string; at: string; uid: number | null; message: string }[]
}

t.setTimeout(8 * 60_000)

t.test('witan up: honest work pays, cheating does not, and the money adds up', async (t) => {
  const cwd = t.testdir({})
  const home = join(cwd, '.witan/local')
  const up = startWitan(['up'], cwd)
  t.teardown(() => void up.child.kill('SIGKILL'))
  await up.saw(/network as JSON: \S+/, START_DEADLINE_MS)

  // Until miners have been judged, the first one that is asked may be one that cheats.
  await eventually('a first judgement', START_DEADLINE_MS, async () => {
    const { neurons } = JSON.parse((await witan(['metagraph', '--json'], { cwd })).stdout)
    return neurons.some(({ incentive }: Neuron) => incentive > 0) || undefined
  })

  await t.test('an answer with a receipt that anybody can verify', async (t) => {
    const image = join(cwd, 'x.png')
    writeFileSync(image, await renderSentence(SENTENCE, createSeededRandom('network test')))
    const asked = await witan(['infer', '--model', 'ppocr-v4-rec', '--image', image, '--json'], { cwd })
    t.equal(asked.code, 0, asked.stderr)
    const answer = JSON.parse(asked.stdout)
    t.equal(answer.text, SENTENCE)
    const { chainId, contracts } = JSON.parse(readFileSync(join(home, 'network.yaml'), 'utf8'))
    const domain = createDomain({ chainId, verifyingContract: contracts.subnets })
    const receipt = { ...answer.receipt, price: BigInt(answer.receipt.price) }
    const signed: SignedReceipt = { receipt, proof: answer.proof, batch: answer.batch }
    t.equal(verifyReceipt(signed, domain), answer.miner, 'the miner signed')
    const forPeople = await witan(['infer', '--model', 'ppocr-v4-rec', '--image', image], { cwd })
    t.match(forPeople.stdout, new RegExp(`^${SENTENCE}\n[^]*receipt +verified`))
  })

  await t.test('bad input gives one coded line and the miner goes on', async (t) => {
    const manifests = join(cwd, 'manifests')
    mkdirSync(manifests)
    const manifest = JSON.parse(
      readFileSync(new URL('../../configs/models/ppocr-v4-rec.json', import.meta.url), 'utf8'),
    )
    manifest.files[0].sha256 = `0x${createHash('sha256').update('another file').digest('hex')}`
    writeFileSync(join(manifests, 'wrong.json'), JSON.stringify(manifest))
    const file = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(cwd, name), bytes)
      return name
    }
    const good = file('good.png', await renderSentence(SENTENCE, createSeededRandom('bad input')))
    const cases: [what: string, args: string[], env: Record<string, string>, code: string][] = [
      ['one byte', ['--image', file('one.png', Uint8Array.of(0x89))], {}, 'IMAGE_FORMAT'],
      ['50 MiB', ['--image', file('huge.png', new Uint8Array(50 * 1024 * 1024))], {}, 'INPUT_TOO_LARGE'],
      ['a decompression bomb', ['--image', file('bomb.png', bomb(30_000, 30_000))], {}, 'IMAGE_TOO_MANY_PIXELS'],
      ['an unknown model', ['--image', good, '--model', 'no-such-model'], {}, 'MODEL_UNKNOWN'],
      ['a manifest with a wrong digest', ['--image', good], { WITAN_MODELS: manifests }, 'MODEL_NOT_REGISTERED'],
    ]
    const runs = cases.map(async ([what, args, env, code]) => {
      return { what, code, finished: await witan(['infer', '--model', 'ppocr-v4-rec', ...args], { cwd, env }) }
    })
    for (const { what, code, finished } of await Promise.all(runs)) {
      const { stdout, stderr, code: exit } = finished
      t.match(stderr, new RegExp(`^${code}: [^\n]+\n$`), what)
      t.equal(stdout, '', `${what}: nothing on stdout`)
      t.ok(exit >= 64 && exit <= 78, `${what}: exit ${exit}`)
    }
    const after = await witan(['infer', '--model', 'ppocr-v4-rec', '--image', good], { cwd })
    t.equal(after.code, 0, 'the network answers afterwards')
    const config = JSON.parse(readFileSync(join(home, 'config/miner-1.yaml'), 'utf8'))
    writeFileSync(
      join(home, 'config/wrong.yaml'),
      JSON.stringify({ ...config, dataDir: join(cwd, 'data'), modelFolders: [manifests] }),
    )
    const refused = await witan(['miner', 'start', '--config', join(home, 'config/wrong.yaml')], { cwd })
    t.match(refused.stderr, /^MODEL_DIGEST_MISMATCH: [^\n]+\n$/, 'a miner does not load it')
    t.equal(refused.code, 65)
  })

  await t.test('commands that read print the same network', async (t) => {
    const metagraph = JSON.parse((await witan(['metagraph', '--json'], { cwd })).stdout)
    t.equal(metagraph.neurons.length, 11)
    const status = JSON.parse((await witan(['status', '--json'], { cwd })).stdout)
    t.equal(status.chainId, 31_337)
    t.ok(status.blockAgeSeconds < 10, 'the chain moves')
    const validator = metagraph.neurons.find(({ stake }: Neuron) => stake !== '0')
    const stakes = JSON.parse((await witan(['stake', 'list', '--account', validator.owner, '--json'], { cwd })).stdout)
    t.equal(stakes.positions.length, 1)
    const dry = [
      'stake',
      'add',
      '--operator',
      validator.operator,
      '--amount',
      '1',
      '--key',
      'subnet-owner',
      '--dry-run',
      '--json',
    ]
    const planned = JSON.parse((await witan(dry, { cwd })).stdout)
    t.same(
      planned.calls.map(({ call }: { call: { method: string } }) => call.method),
      ['approve', 'stake'],
    )
    t.notOk('hash' in planned.calls[1], 'a dry run sends nothing')
  })

  up.child.kill('SIGINT')
  const stopped = await up.ended
  t.equal(stopped.code, 0, stopped.stderr)
  t.strictSame(processesOf(cwd), [], 'no process remains')

  const resumed = startWitan(['up', '--resume', '--epochs', String(EPOCHS), '--json'], cwd)
  t.teardown(() => void resumed.child.kill('SIGKILL'))
  const { code, stdout, stderr } = await resumed.ended
  t.equal(code, 0, stderr)
  const report: Report = JSON.parse(stdout)
  const by = (behaviour: string) => report.neurons.filter((neuron) => neuron.behaviour === behaviour)
  const honest = report.neurons.filter(({ role, behaviour }) => role === 'miner' && behaviour === 'honest')
  const validators = report.neurons.filter(({ role, behaviour }) => role === 'validator' && behaviour === 'honest')

  t.ok(report.epochs.length >= EPOCHS, `${report.epochs.length} epochs`)
  t.equal(honest.length, 5)
  for (const cheat of [...by('wrong-model'), ...by('cached')])
    t.ok(cheat.incentive < 0.01, `${cheat.behaviour}: ${cheat.incentive}`)
  const earning = [...honest, ...by('slow')].reduce((sum, { incentive }) => sum + incentive, 0)
  t.ok(earning >= 0.95, `honest and slow hold ${earning}`)
  const incentives = honest.map(({ incentive }) => incentive)
  t.ok(Math.min(...incentives) >= Math.max(...incentives) / 2, `honest miners: ${incentives}`)
  const perStake = ({ dividends, stake }: Neuron) => dividends / Number(BigInt(stake) / 10n ** 9n)
  const [copier] = by('copier')
  for (const validator of validators) t.ok(perStake(copier!) < perStake(validator), 'the copier earns less per stake')

  const supply = Object.fromEntries(Object.entries(report.supply).map(([name, wei]) => [name, BigInt(wei)]))
  t.equal(supply.scheduled, supply.minted! + supply.notMinted! + supply.carried!, 'scheduled, to the wei')
  t.equal(supply.minted, supply.claimable! + supply.claimed! + supply.pooled! + supply.bounties!, 'minted, to the wei')
  t.ok(report.receiptsVerified > 100, `${report.receiptsVerified} receipts verified`)
  t.strictSame(processesOf(cwd), [], 'no process remains')
})

/** A PNG of a few kilobytes that says it is `width` × `height` pixels of zeros. */
function bomb(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const frame = Buffer.alloc(4 + body.length + 4)
    frame.writeUInt32BE(data.length, 0)
    frame.set(body, 4)
    frame.writeUInt32BE(crc32(body), 4 + body.length)
    return frame
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const pixels = deflateSync(Buffer.alloc(30_000 * 1000))
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', new Uint8Array(0))])
}
