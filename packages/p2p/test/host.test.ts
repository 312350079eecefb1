import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { createSigner } from '@witan/protocol'
import { createManualClock, createMetrics } from '@witan/runtime'
import t from 'tap'
import { PenaltyBox } from '../src/host/penalty-box.js'
import {
  addressOfPeer,
  createHost,
  createP2pMetrics,
  describeProtocol,
  operatorOfMultiaddr,
  peerIdOfKey,
  peerIdOfPublicKey,
} from '../src/index.js'
import { createLibraryNode } from './support/library-node.js'
import { clock, keyOf, logger, networkName, operatorOf, startHost } from './support/network.js'

const protocol = describeProtocol(networkName)
const patience = () => clock.timeout(10_000)

t.test('the operator key is the identity on the network and on chain', async (t) => {
  const { host } = await startHost(t, 'miner')
  const signer = createSigner(keyOf('miner'))
  t.equal(host.operator, signer.address)
  t.equal(addressOfPeer(host.peerId), signer.address)
  t.equal(peerIdOfKey(keyOf('miner')), host.peerId)
  t.equal(peerIdOfPublicKey(signer.publicKey), host.peerId)
  t.match(host.peerId, /^16Uiu2HA/)
  t.equal(operatorOfMultiaddr(host.multiaddrs()[0]!), signer.address)
  t.equal(operatorOfMultiaddr('/ip4/127.0.0.1/tcp/1'), undefined)
  t.throws(() => addressOfPeer('nobody'), { code: 'PEER_ADDRESS_INVALID' })
  t.throws(() => peerIdOfKey(new Uint8Array(31)), /32 bytes/)
})

t.test('building a host does nothing, starting and stopping twice does it once', async (t) => {
  const metrics = createP2pMetrics(createMetrics())
  const options = { networkName, privateKey: keyOf('idle'), listen: ['/ip4/127.0.0.1/tcp/0'] }
  const host = createHost(options, { clock, logger, metrics })
  t.same(host.multiaddrs(), [])
  await Promise.all([host.start(), host.start()])
  t.equal(host.multiaddrs().length, 1)
  await Promise.all([host.stop(), host.stop()])
  t.same(host.multiaddrs(), [])
  await host.start()
  await host.stop()
})

t.test('a port that is taken and an address that cannot be are told apart', async (t) => {
  const { host } = await startHost(t, 'first')
  const port = host.multiaddrs()[0]!.split('/')[4]
  await t.rejects(startHost(t, 'second', { listen: [`/ip4/127.0.0.1/tcp/${port}`] }), {
    code: 'PORT_BUSY',
    facts: { port: Number(port) },
  })
  await t.rejects(startHost(t, 'third', { listen: ['/ip4/192.0.2.1/tcp/0'] }), { code: 'ADDRESS_UNAVAILABLE' })
  await t.rejects(startHost(t, 'fourth', { listen: ['127.0.0.1:4001'] }), { code: 'PEER_ADDRESS_INVALID' })
  await t.rejects(startHost(t, 'fifth', { listen: ['/ip4/127.0.0.1/udp/4001/quic-v1'] }), {
    code: 'PEER_ADDRESS_INVALID',
  })
})

t.test('peers are reached only where they are who they should be', async (t) => {
  const { host } = await startHost(t, 'asker')
  const miner = await startHost(t, 'miner')
  const other = await startHost(t, 'other')
  await miner.host.handle(protocol, (stream) => void stream.close())
  const elsewhere = other.host.multiaddrs()[0]!
  const bare = elsewhere.slice(0, elsewhere.indexOf('/p2p/'))
  const open = (...multiaddrs: string[]) =>
    host.open(protocol, { operator: miner.host.operator, multiaddrs }, patience())

  await t.rejects(open(elsewhere), { code: 'PEER_MISMATCH' }, 'the multiaddr names somebody else')
  await t.rejects(
    open(bare),
    { code: 'PEER_MISMATCH', facts: { expected: miner.host.operator } },
    'somebody else answers',
  )
  await t.rejects(open('/ip4/127.0.0.1/tcp/1'), { code: 'PEER_UNREACHABLE' })
  await t.rejects(open(bare, '/ip4/127.0.0.1/tcp/1'), { code: 'PEER_MISMATCH' }, 'the more telling failure is kept')
  await t.rejects(open('nonsense'), { code: 'PEER_ADDRESS_INVALID' })
  const stream = await open('/ip4/127.0.0.1/tcp/1', bare, ...miner.host.multiaddrs())
  await stream.close()
  t.equal(host.peers(), 1)
  await t.rejects(host.open(protocol, other.target, patience()), { code: 'PEER_PROTOCOL_UNSUPPORTED' })
})

t.test('an abort ends the waiting, and the shared dial goes on for others', async (t) => {
  const { host } = await startHost(t, 'asker')
  const miner = await startHost(t, 'miner')
  await miner.host.handle(protocol, (stream) => void stream.close())
  const controller = new AbortController()
  const given = host.open(protocol, miner.target, controller.signal)
  const kept = host.open(protocol, miner.target, patience())
  const reason = new Error('changed my mind')
  controller.abort(reason)
  await t.rejects(given, reason)
  await (await kept).close()
  await t.rejects(host.open(protocol, miner.target, controller.signal), reason)
})

t.test('identities that are not operator keys are refused, both ways', async (t) => {
  const { host, metrics } = await startHost(t, 'miner')
  const privateKey = await generateKeyPair('Ed25519')
  const stranger = await createLibraryNode(t, { privateKey })
  await t.rejects(stranger.request(host.multiaddrs()[0]!, protocol.id))
  t.equal(metrics.connectionsRefused.value({ reason: 'key_type' }), 1)
  t.throws(() => addressOfPeer(peerIdFromPrivateKey(privateKey).toString()), { code: 'PEER_KEY_UNSUPPORTED' })
  const target = { operator: operatorOf('somebody'), multiaddrs: [stranger.address] }
  await t.rejects(host.open(protocol, target, patience()), { code: 'PEER_KEY_UNSUPPORTED' })
  const bare = { ...target, multiaddrs: [stranger.address.slice(0, stranger.address.indexOf('/p2p/'))] }
  await t.rejects(host.open(protocol, bare, patience()), { code: 'PEER_UNREACHABLE' })
})

t.test('a dozen nodes on one machine can all talk to each other at once', async (t) => {
  const nodes = await Promise.all(Array.from({ length: 12 }, (_, index) => startHost(t, `node ${index}`)))
  for (const { host } of nodes) await host.handle(protocol, (stream) => void stream.close())
  const pairs = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => ({ from, to })))
  await Promise.all(pairs.map(async ({ from, to }) => (await from.host.open(protocol, to.target, patience())).close()))
  t.ok(nodes.every(({ host }) => host.peers() === 11))
})

t.test('a peer that breaks the protocol again and again is refused for a while', async (t) => {
  let skippedMs = 0
  const skipping = { ...clock, monotonicMs: () => clock.monotonicMs() + skippedMs }
  const { host, metrics } = await startHost(t, 'miner', {}, { clock: skipping })
  const bad = await startHost(t, 'bad')
  await host.handle(protocol, (stream, peer) => {
    host.strike(peer, protocol)
    stream.abort(new Error('malformed'))
  })
  const target = { operator: host.operator, multiaddrs: host.multiaddrs() }
  const attempt = () => bad.host.open(protocol, target, patience()).then((stream) => stream.closeRead())
  for (let strike = 0; strike < 3; strike++) await attempt().catch(() => undefined)
  await t.rejects(attempt())
  t.equal(metrics.penalties.value(), 1)
  t.ok(metrics.connectionsRefused.value({ reason: 'penalty' }) >= 1)
  skippedMs = 60_000
  await t.resolves(attempt())
})

t.test('strikes are forgotten after a penalty without new ones', async (t) => {
  const manual = createManualClock()
  const box = new PenaltyBox({ strikes: 2, penaltyMs: 1000 }, { clock: manual })
  const peer = operatorOf('peer')
  t.notOk(box.strike(peer))
  await manual.advance(1001)
  t.notOk(box.strike(peer))
  t.ok(box.strike(peer))
  t.ok(box.isRefused(peer))
  await manual.advance(1001)
  t.notOk(box.isRefused(peer))
})
