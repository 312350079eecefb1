import type { Hex } from '../bytes/hex.js'
import type { RequestIdentity } from '../eip712/request-digest.js'
import { WitanError } from '../errors/witan-error.js'
import type { Receipt, SignedReceipt } from '../receipts/receipt.js'

/** A receipt and what it answers: enough for anybody to judge by. */
export interface Evidence {
  readonly request: RequestIdentity
  readonly signed: SignedReceipt
}

/** One line of JSON; amounts in wei, decimal. */
export function printEvidence({ request, signed }: Evidence): string {
  const { receipt, proof, batch } = signed
  return JSON.stringify({ request, receipt, proof, batch }, (_, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
}

/** Reads what `printEvidence` and `witan infer --json` write; other members are ignored. Throws `EVIDENCE_UNREADABLE`. */
export function parseEvidence(text: string): Evidence {
  const { request, receipt, proof, batch } = fieldsOf(parseJson(text), 'evidence')
  if (!Array.isArray(proof)) throw unreadable('proof')
  return {
    request: parseRequest(request),
    signed: {
      receipt: parseReceipt(receipt),
      proof: proof.map((sibling) => digest(sibling, 'proof')),
      batch: parseBatch(batch),
    },
  }
}

function parseRequest(value: unknown): RequestIdentity {
  const fields = fieldsOf(value, 'request')
  return {
    consumer: hex(fields.consumer, 20, 'consumer'),
    miner: hex(fields.miner, 20, 'miner'),
    nonce: digest(fields.nonce, 'nonce'),
    netuid: integer(fields.netuid, 'netuid', 65_535),
    modelVersion: digest(fields.modelVersion, 'modelVersion'),
    policy: digest(fields.policy, 'policy'),
    deadline: integer(fields.deadline, 'deadline'),
    samplingDigest: digest(fields.samplingDigest, 'samplingDigest'),
    inputDigest: digest(fields.inputDigest, 'inputDigest'),
  }
}

function parseReceipt(value: unknown): Receipt {
  const fields = fieldsOf(value, 'receipt')
  return {
    requestDigest: digest(fields.requestDigest, 'requestDigest'),
    responseDigest: digest(fields.responseDigest, 'responseDigest'),
    evidenceDigest: digest(fields.evidenceDigest, 'evidenceDigest'),
    modelVersion: digest(fields.modelVersion, 'modelVersion'),
    policy: digest(fields.policy, 'policy'),
    units: integer(fields.units, 'units'),
    price: amount(fields.price),
    channel: digest(fields.channel, 'channel'),
    startedAt: integer(fields.startedAt, 'startedAt'),
    finishedAt: integer(fields.finishedAt, 'finishedAt'),
  }
}

function parseBatch(value: unknown): SignedReceipt['batch'] {
  const { root, count, signature } = fieldsOf(value, 'batch')
  return {
    root: digest(root, 'root'),
    count: integer(count, 'count', 0xffff_ffff),
    signature: hex(signature, 65, 'signature'),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable('JSON', cause)
  }
}

function fieldsOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unreadable(field)
  return value as Record<string, unknown>
}

const digest = (value: unknown, field: string): Hex => hex(value, 32, field)

function hex(value: unknown, bytes: number, field: string): Hex {
  const isHex = typeof value === 'string' && value.length === 2 + 2 * bytes && /^0x[0-9a-f]*$/.test(value)
  if (!isHex) throw unreadable(field)
  return value as Hex
}

function integer(value: unknown, field: string, high = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > high) throw unreadable(field)
  return value as number
}

function amount(value: unknown): bigint {
  const price = typeof value === 'string' && /^\d{1,78}$/.test(value) ? BigInt(value) : undefined
  if (price === undefined || price >> 256n !== 0n) throw unreadable('price')
  return price
}

function unreadable(field: string, cause?: unknown): WitanError {
  return new WitanError('EVIDENCE_UNREADABLE', 'A receipt that was kept cannot be read', { facts: { field }, cause })
}
