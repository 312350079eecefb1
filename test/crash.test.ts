// kill -9 where it hurts: a miner in the middle of requests, a validator between commit and reveal.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ChainClient,
  type ChainEvent,
  followEvents,
  openChain,
  openKeystore,
  readNetworkFile,
  type TypedEvent,
} from '@witan/chain'
import { renderSentence } from '@witan/inference'
import {
  createHost,
  createInferClient,
  createP2pMetrics,
  createRecordClient,
  type InferHead,
  operatorOfMultiaddr,
} from '@witan/p2p'
import {
  bytesToHex,
  createDomain,
  createReceiptVerifier,
  epochWindow,
  requestIdOf,
  type SignedReceipt,
  ZERO_DIGEST,
} from '@witan/protocol'
import { createLogger, createMetrics, createSeededRandom, systemClock, systemRandom } from '@witan/runtime'
import t from 'tap'
import { eventually, processesOf, startWitan } from './support/witan.js'

const NETUID = 1
const START_DEADLINE_MS = 150_000
/** Two epochs: what does not happen in one happens in the next. */
const EPOCHS_DEADLINE_MS = 60_000
const REQUESTS = 40

t.setTimeout(8 * 60_000)

const clock = systemClock
const cwd = t.testdir({})
const home = join(cwd, '.witan/local')
const up = startWitan(['up', '--json'], cwd)
t.teardown(async () => {
  up.child.kill('SIGTERM')
  await up.ended
})
const [, url = ''] = await up.saw(/network as JSON: (\S+)/, START_DEADLINE_MS)
const network = readNetworkFile(join(home, 'network.yaml'))
const client: ChainClient = await openChain(network, { clock })

type Vote = TypedEvent<'Consensus', 'Committed'> | TypedEvent<'Consensus', 'Revealed'>
const isVote = (event: ChainEvent): event is Vote => event.name === 'Committed' || event.name === 'Revealed'

const events: ChainEvent[] = []
const logger = createLogger({ name: 'test', level: 'silent' })
const follower = followEvents(
  { contracts: client.contractsByAddress, fromBlock: network.deployedAtBlock, pollMs: 250 },
  { rpc: client.rpc, clock, logger, onEvents: (batch) => void events.push(...batch.events) },
)
await follower.start()
t.teardown(() => follower.stop())

interface LocalReport {
  neurons: { uid: number; role: string; behaviour: string; operator: `0x${string}` }[]
  processes: { name: string; pid: number }[]
}

const report = async (): Promise<LocalReport> => (await fetch(url)).json() as Promise<LocalReport>

/** The process of a node once it runs under another id than `not`. */
const processOf = (name: string, not?: number) =>
  eventually(`process of ${name}`, START_DEADLINE_MS, async () => {
    const found = (await report()).processes.find((each) => each.name === name)
    return found !== undefined && found.pid !== not ? found.pid : undefined
  })

const addressOf = (name: string): `0x${string}` =>
  `0x${JSON.parse(readFileSync(join(home, `keys/${name}.json`), 'utf8')).address}`

t.test('a miner killed in the middle of requests never gives one request two answers', async (t) => {
  const password = readFileSync(join(home, 'password'), 'utf8').trim()
  const { privateKey, signer } = await openKeystore({ path: join(home, 'keys/consumer.json'), password })
  const metrics = createP2pMetrics(createMetrics())
  const host = createHost({ networkName: network.name, privateKey, listen: [] }, { clock, logger, metrics })
  const domain = createDomain({ chainId: network.chainId, verifyingContract: network.contracts.subnets })
  const bootstrap = network.bootstrap.map((multiaddr) => ({
    operator: operatorOfMultiaddr(multiaddr)!,
    multiaddrs: [multiaddr],
  }))
  const expectedDigest = async (operator: `0x${string}`) => (await client.subnets.resolve(operator))?.digest
  const records = createRecordClient({ domain, bootstrap }, { host, clock, logger, expectedDigest })
  const infer = createInferClient({}, { host, clock, metrics })
  await host.start()
  await infer.start()
  t.teardown(async () => {
    await infer.stop()
    await host.stop()
  })

  const miner = addressOf('miner-1')
  const { modelVersions } = await client.subnets.subnet(NETUID)
  const verifier = createReceiptVerifier(domain)
  const random = createSeededRandom('crash test')
  const requests = await Promise.all(
    Array.from({ length: REQUESTS }, async (_, index) => {
      const input = await renderSentence(`request number ${index}`, random)
      const head: InferHead = {
        nonce: bytesToHex(systemRandom.bytes(32)),
        netuid: NETUID,
        modelVersion: modelVersions[0]!,
        policy: ZERO_DIGEST,
        deadline: clock.nowMs() + 5 * 60_000,
        sampling: new Uint8Array(0),
        maxPrice: 0n,
      }
      return { head, input, id: requestIdOf(domain, { consumer: signer.address, miner }, head, input) }
    }),
  )
  const receipts = new Map<string, Set<string>>()
  const ask = async ({ head, input, id }: (typeof requests)[number]): Promise<'answered' | 'failed'> => {
    try {
      const peer = { operator: miner, multiaddrs: await records.resolve(miner) }
      const { closing } = await infer.infer(peer, head, input)
      record(id, closing.receipt)
      return 'answered'
    } catch {
      return 'failed'
    }
  }
  const record = (id: string, signed: SignedReceipt) => {
    if (verifier.verify(signed) !== miner) throw new Error('a receipt is not signed by the miner')
    const known = receipts.get(id) ?? new Set()
    receipts.set(
      id,
      known.add(JSON.stringify(signed.receipt, (_, value) => (typeof value === 'bigint' ? `${value}` : value))),
    )
  }

  // A node is ready before its record has reached the first peers.
  await eventually('a first answer', START_DEADLINE_MS, async () =>
    (await ask(requests[0]!)) === 'answered' ? true : undefined,
  )
  const pid = await processOf('miner-1')
  let answered = 0
  const first = requests.slice(1).map(async (request) => {
    const result = await ask(request)
    if (result === 'answered') answered += 1
    if (result === 'answered' && answered === 5) process.kill(pid, 'SIGKILL')
    return result
  })
  const before = await Promise.all(first)
  t.ok(
    before.includes('failed'),
    `killed in the middle: ${before.filter((result) => result === 'answered').length} of ${before.length} answered`,
  )

  await processOf('miner-1', pid)
  const after: string[] = []
  for (const request of requests) {
    after.push(
      await eventually('answer after the restart', EPOCHS_DEADLINE_MS, async () =>
        (await ask(request)) === 'answered' ? 'answered' : undefined,
      ),
    )
  }
  t.equal(after.length, REQUESTS, 'every request is answered after the restart')
  t.equal([...receipts.values()].filter(({ size }) => size !== 1).length, 0, 'one receipt an id, before and after')
})

t.test('a validator killed between commit and reveal reveals what it committed, once', async (t) => {
  const name = 'validator-1'
  const { subnets, consensus } = client
  const uid = await subnets.uidOf(NETUID, addressOf(name))
  t.not(uid, undefined)
  const { schedule } = await subnets.subnet(NETUID)
  const pid = await processOf(name)

  /** The running epoch, once the validator's commitment for it stands. */
  const committed = await eventually('commitment', EPOCHS_DEADLINE_MS, async () => {
    const epoch = await consensus.currentEpoch(NETUID)
    const { commitments } = await consensus.voterState(NETUID, uid!)
    const found = commitments.find((each) => each.epoch === epoch)
    return found === undefined ? undefined : { epoch, hash: found.hash }
  })
  process.kill(pid, 'SIGKILL')
  await processOf(name, pid)
  const back = await client.latestBlock()
  const { revealEndsAt } = epochWindow(schedule, committed.epoch)

  const settled = await eventually('two settlements after the kill', 2 * EPOCHS_DEADLINE_MS, async () => {
    const last = await consensus.lastSettled(NETUID)
    return last !== undefined && last.epoch >= committed.epoch + 1 ? last : undefined
  })
  t.ok(settled.epoch > committed.epoch, 'the network goes on settling')

  const own = events.filter((event): event is Vote => isVote(event) && event.args.uid === uid)
  const epochsOf = (kind: Vote['name']) => own.filter((event) => event.name === kind).map(({ args }) => args.epoch)
  t.strictSame(epochsOf('Committed'), [...new Set(epochsOf('Committed'))], 'no epoch has two commitments')
  t.strictSame(epochsOf('Revealed'), [...new Set(epochsOf('Revealed'))], 'no epoch has two reveals')
  const revealed = epochsOf('Revealed').includes(BigInt(committed.epoch))
  // A machine under load may take longer than the window to start a process again.
  if (back.timestamp < revealEndsAt - 2) t.ok(revealed, 'the reveal happened in its window')
  else t.comment(`the validator was back ${back.timestamp - revealEndsAt} s after the window`)
})

t.test('the network is whole again and stops clean', async (t) => {
  const { processes } = await report()
  t.equal(processes.length, 12, 'the chain and all eleven nodes run')
  up.child.kill('SIGINT')
  const { code, stdout } = await up.ended
  t.equal(code, 0)
  const { errors } = JSON.parse(stdout)
  const ended = errors.filter(({ code: each }: { code: string }) => each === 'LOCAL_NETWORK_FAILED')
  t.equal(ended.length, 2, 'both ends were noticed')
  t.strictSame(processesOf(cwd), [], 'no process remains')
})
