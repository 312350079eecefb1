// The node's network: a host whose identity is the operator key, address records by which nodes find each other, and the
// protocols by which miners are described and asked. Every peer is known by its operator address, proven by the handshake.

export { createBlobClient } from './blob/blob-client.js'
export { type BlobServerModules, type BlobSource, createBlobServer } from './blob/blob-server.js'
export type { BlobSink } from './blob/fetch-blob.js'
export { type FileSinkOptions, openFileSink } from './blob/file-sink.js'
export { createMemorySink, type MemorySink } from './blob/memory-sink.js'
export { createDescribeServer, type DescribeServerModules, describePeer } from './describe/describe.js'
export { type AskModules, ask } from './exchange/ask.js'
export { createExchangeServer, type ExchangeServerModules } from './exchange/exchange-server.js'
export { createHost, type HostModules, type HostOptions } from './host/create-host.js'
export type { Host, StreamHandler } from './host/host.js'
export { DEFAULT_HOST_LIMITS, type HostLimits } from './host/host-limits.js'
export type { PeerTarget, RemotePeer } from './host/peer.js'
export { operatorOfMultiaddr } from './host/peer-address.js'
export { addressOfPeer, peerIdOfKey, peerIdOfPublicKey } from './identity.js'
export { type AskMinerModules, askMiner, type MinerQuestion, type VerifiedAnswer } from './infer/ask-miner.js'
export type { InferOptions } from './infer/client-call.js'
export type { InferAnswer, InferHead } from './infer/infer-answer.js'
export {
  createInferClient,
  type InferClient,
  type InferClientModules,
  type InferClientOptions,
} from './infer/infer-client.js'
export { DEFAULT_INFER_LIMITS, type InferLimits } from './infer/infer-limits.js'
export {
  createInferServer,
  type InferHandler,
  type InferServerModules,
  type InferServerOptions,
} from './infer/infer-server.js'
export type { InferCall } from './infer/server-call.js'
export { createP2pMetrics, type P2pMetrics } from './metrics.js'
export {
  blobProtocol,
  describeProtocol,
  type ExchangeBounds,
  inferProtocol,
  type ProtocolBounds,
  recordProtocol,
} from './protocols.js'
export { type AnnouncedEntry, acceptAnnounced } from './record/accept-announced.js'
export { createPeerFinder, type FindPeerModules } from './record/find-peer.js'
export {
  createRecordClient,
  type RecordClient,
  type RecordClientModules,
  type RecordClientOptions,
} from './record/record-client.js'
export {
  type AnnouncedRecord,
  createRecordKeeper,
  type RecordKeeper,
  type RecordKeeperModules,
  type RecordKeeperOptions,
} from './record/record-keeper.js'
export { createRecordServer, type RecordServerModules } from './record/record-server.js'
export {
  type AcceptRecord,
  createRecordStore,
  type RecordStore,
  type RecordStoreModules,
  type RecordStoreOptions,
} from './record/record-store.js'
