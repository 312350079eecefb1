import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { WitanError } from '@witan/protocol'
import t from 'tap'
import { createHealthServer, createLogger, createMetrics, type HealthModules, type Metrics } from '../src/index.js'

function createSink(): { destination: Writable; text: () => string } {
  let written = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      written += chunk
      done()
    },
  })
  return { destination, text: () => written }
}

t.test('logger', async (t) => {
  t.test('writes JSON lines and hides secrets', async (t) => {
    const { destination, text } = createSink()
    const logger = createLogger({ name: 'miner', level: 'debug', destination })
    logger.info(
      { password: 'hunter2', key: { privateKey: '0xabc', a: { mnemonic: 'word word', kept: 1 } } },
      'key loaded',
    )
    logger.trace('not at this level')
    const line = JSON.parse(text())
    t.match(line, { level: 'info', name: 'miner', pid: process.pid, msg: 'key loaded', key: { a: { kept: 1 } } })
    t.ok(Number.isFinite(Date.parse(line.time)))
    t.notMatch(text(), /hunter2|0xabc|word word/)
  })

  t.test('prints coded errors in one piece and bugs with their stack', async (t) => {
    const { destination, text } = createSink()
    const logger = createLogger({ name: 'miner', destination })
    logger.error(
      { err: new WitanError('PORT_BUSY', 'The port is in use', { facts: { port: 1, stake: 5n } }) },
      'failed',
    )
    logger.error({ err: new Error('a bug') }, 'failed')
    const [coded, bug] = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    t.match(coded.err, { code: 'PORT_BUSY', facts: { port: 1, stake: 5 } })
    t.notOk(coded.err.stack)
    t.match(bug.err.stack, /a bug\n/)
  })

  t.test('prints lines for people where asked', async (t) => {
    const { destination, text } = createSink()
    createLogger({ name: 'miner', pretty: true, destination }).warn({ epoch: 7 }, 'weights are late')
    t.match(text(), /WARN.*weights are late/)
    t.match(text(), /epoch.*7/)
  })
})

const declareMetrics = (metrics: Metrics) => ({
  requestsTotal: metrics.counter({ name: 'witan_requests_total', help: 'Requests.', labels: ['code', 'kind'] }),
  epochsTotal: metrics.counter({ name: 'witan_epochs_total', help: 'Epochs.' }),
  queueItems: metrics.gauge({ name: 'witan_queue_items', help: 'Queue.', read: () => 42 }),
  peers: metrics.gauge({ name: 'witan_peers', help: 'Peers.', labels: ['side'] }),
  durationSeconds: metrics.histogram({ name: 'witan_duration_seconds', help: 'Time.', buckets: [0.1, 1] }),
})

t.test('metrics', async (t) => {
  t.test('are printed for Prometheus and can be read back', async (t) => {
    const metrics = createMetrics()
    const mine = declareMetrics(metrics)
    mine.requestsTotal.increment({ code: 'OK', kind: 'infer' })
    mine.requestsTotal.add(2, { code: 'OK', kind: 'describe' })
    mine.requestsTotal.add(4, { code: 'BUSY', kind: 'infer' })
    mine.epochsTotal.increment()
    mine.peers.set(3, { side: 'in' })
    mine.peers.add(1, { side: 'in' })
    mine.peers.set(9, { side: 'out' })
    mine.peers.remove({ side: 'out' })
    mine.durationSeconds.observe(0.5)

    t.equal(mine.requestsTotal.value(), 7)
    t.equal(mine.requestsTotal.value({ code: 'OK' }), 3)
    t.equal(mine.requestsTotal.value({ code: 'OK', kind: 'describe' }), 2)
    t.equal(mine.epochsTotal.value(), 1)
    const lines = (await metrics.text()).split('\n')
    for (const line of [
      'witan_requests_total{code="OK",kind="describe"} 2',
      'witan_queue_items 42',
      'witan_peers{side="in"} 4',
      'witan_duration_seconds_bucket{le="1"} 1',
    ]) {
      t.ok(lines.includes(line), line)
    }
    t.notOk(lines.some((line) => line.includes('side="out"')))
    t.throws(() => mine.epochsTotal.add(-1))
    t.throws(() => declareMetrics(metrics), 'a name is declared once')
    declareMetrics(createMetrics())
  })

  t.test('have names that follow the rules', async (t) => {
    const metrics = createMetrics()
    const help = 'x'
    t.throws(() => metrics.counter({ name: 'requests_total', help }), { message: /begins with witan_/ })
    t.throws(() => metrics.counter({ name: 'witan_requestsTotal', help }), { message: /snake case/ })
    t.throws(() => metrics.counter({ name: 'witan_requests', help }), { message: /_total/ })
    t.throws(() => metrics.gauge({ name: 'witan_peers_total', help }), { message: /only a counter/ })
    t.throws(() => metrics.histogram({ name: 'witan_duration_ms', help, buckets: [1] }), { message: /unit/ })
    t.throws(() => metrics.histogram({ name: 'witan_a_seconds', help, buckets: [2, 1] }), { message: /rise/ })
    t.throws(() => metrics.counter({ name: 'witan_a_total', help, labels: ['le'] }), { message: /label le/ })
  })

  t.match(await createMetrics({ process: true }).text(), /process_resident_memory_bytes/)
})

t.test('health server', { timeout: 30_000 }, async (t) => {
  const health = { ok: true, drained: 0 }
  const modules: HealthModules = {
    metrics: createMetrics(),
    live: () => ({ ok: true, detail: { lastBlock: 12n } }),
    ready: () => ({ ok: health.ok, detail: 'warming up' }),
    drain: () => {
      health.drained++
    },
    routes: {
      '/status': async () => ({ epoch: 7 }),
      '/broken': () => {
        throw new Error('private detail')
      },
    },
    logger: createLogger({ name: 'test', level: 'silent' }),
  }
  declareMetrics(modules.metrics)
  const server = createHealthServer({ port: 0 }, modules)
  t.throws(() => server.port(), { message: /not listening/ })
  await server.start()
  t.teardown(() => server.stop())
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${server.port()}${path}`, init)
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
  }

  t.same(await ask('/livez'), {
    status: 200,
    type: 'application/json',
    body: '{"ok":true,"detail":{"lastBlock":"12"}}\n',
  })
  t.equal((await ask('/readyz?verbose')).status, 200)
  health.ok = false
  t.match(await ask('/readyz'), { status: 503, body: /warming up/ })
  t.match(await ask('/metrics'), { status: 200, type: /^text\/plain/, body: /witan_queue_items 42/ })
  t.match(await ask('/status'), { status: 200, body: '{"epoch":7}\n' })
  t.match(await ask('/status', { method: 'HEAD' }), { status: 200, body: '' })
  const broken = await ask('/broken')
  t.equal(broken.status, 503)
  t.notMatch(broken.body, /private detail/)
  t.equal((await ask('/nothing')).status, 404)
  t.equal((await ask('/__proto__')).status, 404)

  t.equal((await ask('/drain')).status, 405)
  t.equal((await ask('/drain', { method: 'POST', headers: { origin: 'https://example.org' } })).status, 403)
  t.equal((await ask('/drain', { method: 'POST', body: 'x'.repeat(2_000) })).status, 413)
  t.equal(health.drained, 0)
  t.equal((await ask('/drain', { method: 'POST', body: 'ignored' })).status, 202)
  t.equal(health.drained, 1)

  t.test('a port in use is a coded error', async (t) => {
    const port = server.port()
    await t.rejects(createHealthServer({ port }, modules).start(), {
      code: 'PORT_BUSY',
      exitCode: 69,
      facts: { host: '127.0.0.1', port },
    })
    await t.rejects(createHealthServer({ host: '192.0.2.1', port: 0 }, modules).start(), {
      code: 'ADDRESS_UNAVAILABLE',
    })
  })

  t.test('a stop ends a client that says nothing', async () => {
    const silent = connect(server.port(), '127.0.0.1')
    await once(silent, 'connect')
    silent.on('error', () => undefined)
    const closed = once(silent, 'close')
    await server.stop()
    await closed
    await server.stop()
  })

  t.throws(() => createHealthServer({ port: 0 }, { ...modules, routes: { '/livez': () => 1 } }), { message: /taken/ })
})
