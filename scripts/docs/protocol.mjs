import { readFileSync } from 'node:fs'
import * as inference from '../../packages/inference/dist/src/index.js'
import { DEFAULT_HOST_LIMITS, DEFAULT_INFER_LIMITS } from '../../packages/p2p/dist/src/index.js'
import { describeProtocol, recordProtocol } from '../../packages/p2p/dist/src/protocols.js'
import {
  DEFAULT_PARAMETERS,
  DESCRIBE_PROTOCOL,
  INFER_PROTOCOL,
  MAX_BATCH_RECEIPTS,
  MAX_CELLS,
  MAX_LIQUID_CELLS,
  MINIMAL_PARAMETERS,
  PARAMETER_TABLE,
  RECORD_PROTOCOL,
} from '../../packages/protocol/dist/src/index.js'
import { code, page, quantity, table } from './markdown.mjs'

const INTRO = `Every number that a node holds others to. \`<net>\` is the name in the network file. The messages are declared in [packages/protocol/proto](../../packages/protocol/proto/witan/v1);
connections are libp2p over TCP with Noise and Yamux, and the identity of a peer is its operator key.`

const PROTOCOLS = [
  [
    'Address records',
    'Signed address records between a node and the first peers: one request and one response a stream.',
    RECORD_PROTOCOL,
    recordProtocol('<net>').requestsPerMinute,
  ],
  [
    'Descriptions',
    'What a node offers: one request and one response a stream.',
    DESCRIBE_PROTOCOL,
    describeProtocol('<net>').requestsPerMinute,
  ],
  ['Inference', 'Requests and answers, multiplexed by call on one long-lived stream.', INFER_PROTOCOL],
]

const sources = ['protocol/src/limits.ts', 'p2p/src/infer/infer-limits.ts', 'p2p/src/host/host-limits.ts']
const comments = sources.map((path) =>
  readFileSync(new URL(`../../packages/${path}`, import.meta.url), 'utf8').split('\n'),
)

export function protocolPage() {
  return page('Protocol limits and parameters', INTRO, [
    ...PROTOCOLS.flatMap(protocolSection),
    '## Inference server',
    'What a node grants its peers beyond the bounds of the wire.',
    limitsTable(DEFAULT_INFER_LIMITS, comments[1]),
    '## Connections',
    'What strangers may cost a node before anybody knows who they are.',
    limitsTable(DEFAULT_HOST_LIMITS, comments[2]),
    '## Receipts',
    `One signature covers a batch of at most ${MAX_BATCH_RECEIPTS} receipts.`,
    '## Images',
    'Bounds on the input of a text recognition, checked on the header before a pixel is decoded.',
    table(
      ['bound', 'value'],
      Object.entries(inference)
        .filter(([, value]) => typeof value === 'number')
        .map(([name, value]) => [code(name), name.endsWith('_BYTES') ? quantity('Bytes', value) : value]),
    ),
    '## Subnet parameters',
    'Fixed when a subnet is created: `witan subnet create --preset minimal --set kappa=40000`.',
    table(
      ['parameter', 'meaning', 'unit', 'least', 'most', 'default', 'minimal'],
      Object.entries(PARAMETER_TABLE).map(([name, { min, max, unit, meaning }]) => [
        code(name),
        meaning,
        unit,
        ...[min, max, DEFAULT_PARAMETERS[name], MINIMAL_PARAMETERS[name]].map((value) =>
          short(typeof value === 'boolean' ? Number(value) : value),
        ),
      ]),
    ),
    `A local chain allows shorter epochs: the least \`epochLength\` is \`minEpochLength\` of the deploy file. \`revealWindow\` is at most half of the epoch, \`maxUids\` · \`maxValidators\` is at most ${MAX_CELLS} (${MAX_LIQUID_CELLS} with \`liquidAlpha\`), \`alphaLow\` is at most \`alphaHigh\`, \`initialPrice\` lies between \`minPrice\` and \`maxPrice\`, and the three cuts make 10000.`,
  ])
}

function protocolSection([title, summary, { id, ...limits }, requestsPerMinute]) {
  const rows = requestsPerMinute === undefined ? limits : { ...limits, requestsPerMinute }
  return [`## ${title}`, `${code(id('<net>'))}. ${summary}`, limitsTable(rows, comments[0], id('<net>').split('/')[3])]
}

const limitsTable = (limits, lines, protocol) =>
  table(
    ['bound', 'value', 'why'],
    Object.entries(limits).map(([name, value]) => [
      code(name),
      quantity(name, value),
      commentAt(lines, name, protocol),
    ]),
  )

/** The documentation comment above a member, of the protocol's object when several have one of that name. */
function commentAt(lines, name, protocol) {
  const from = protocol === undefined ? 0 : lines.findIndex((line) => line.includes(`/${protocol}/1`))
  const at = lines.findIndex((line, index) => index >= from && new RegExp(`^ {2}(readonly )?${name}:`).test(line))
  const text = []
  let inside = false
  for (let index = at - 1; index > from; index--) {
    const line = lines[index].trim()
    inside ||= line.endsWith('*/')
    if (!inside) break
    text.unshift(line.replace(/\s*\*\/$/, '').replace(/^(\/\*\*|\*)\s*/, ''))
    if (line.startsWith('/**')) break
  }
  return text.join(' ').trim()
}

/** Wei are read by their zeros: 10^18 rather than nineteen digits. */
function short(value) {
  if (value === 2n ** 128n - 1n) return '2^128 − 1'
  const zeros = /^10{15,}$/.test(String(value)) ? String(value).length - 1 : undefined
  return zeros === undefined ? value : `10^${zeros}`
}
