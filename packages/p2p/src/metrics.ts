import type { Metrics } from '@witan/runtime'

/** 5 ms is a classifier on one machine; 600 s is the longest deadline a request may carry. */
const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]

/** A recognition input is some kilobytes; the bounds are 16 MiB in and 64 MiB out. */
const PAYLOAD_BYTES = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]

/** Everything this package counts. */
export function createP2pMetrics(metrics: Metrics) {
  return {
    handshakes: metrics.counter<'result'>({
      name: 'witan_p2p_handshakes_total',
      help: 'Inbound connections by outcome of their handshake: completed, failed (garbage too) or refused.',
      labels: ['result'],
    }),
    connectionsRefused: metrics.counter<'reason'>({
      name: 'witan_p2p_connections_refused_total',
      help: 'Connections refused after the handshake, by reason.',
      labels: ['reason'],
    }),
    dials: metrics.counter<'result'>({
      name: 'witan_p2p_dials_total',
      help: 'Attempts to reach a peer, by result.',
      labels: ['result'],
    }),
    malformed: metrics.counter<'protocol'>({
      name: 'witan_p2p_malformed_total',
      help: 'Streams reset because the peer broke the protocol.',
      labels: ['protocol'],
    }),
    penalties: metrics.counter({
      name: 'witan_p2p_penalties_total',
      help: 'Peers disconnected and refused for a while after repeated faults.',
    }),
    exchanges: metrics.counter<'protocol' | 'result'>({
      name: 'witan_p2p_exchanges_total',
      help: 'Questions answered on the protocols of one question a stream.',
      labels: ['protocol', 'result'],
    }),
    calls: metrics.counter<'side' | 'result'>({
      name: 'witan_p2p_infer_calls_total',
      help: 'Inference calls by side (client, server) and result (an error code or ok).',
      labels: ['side', 'result'],
    }),
    callSeconds: metrics.histogram<'side'>({
      name: 'witan_p2p_infer_call_seconds',
      help: 'Time from the request to the closing frame.',
      labels: ['side'],
      buckets: CALL_SECONDS,
    }),
    payloadBytes: metrics.histogram<'direction'>({
      name: 'witan_p2p_infer_payload_bytes',
      help: 'Size of inputs received and outputs sent by the server.',
      labels: ['direction'],
      buckets: PAYLOAD_BYTES,
    }),
    records: metrics.gauge({
      name: 'witan_p2p_records',
      help: 'Address records held for others.',
    }),
  }
}

export type P2pMetrics = ReturnType<typeof createP2pMetrics>
