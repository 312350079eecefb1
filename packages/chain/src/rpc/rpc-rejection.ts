import { WitanError } from '@witan/protocol'

const MAX_REASON_CHARACTERS = 300

/** The endpoint's own error: `rpcCode` and `data` as it sent them (`data` of a reverted call is the revert data). */
export class RpcRejection extends WitanError {
  readonly rpcCode: number
  readonly reason: string
  readonly data: unknown
  /** An earlier try of the same request got no answer: it may have been carried out then. */
  readonly isRepeated: boolean

  constructor(method: string, rpcCode: number, message: string, data: unknown, isRepeated = false) {
    const reason = printable(message)
    super('RPC_REJECTED', 'The RPC endpoint refused a request', { facts: { method, rpcCode, reason } })
    this.rpcCode = rpcCode
    this.reason = reason
    this.data = data
    this.isRepeated = isRepeated
  }
}

/** What someone else said, on one short line. */
export function printable(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_REASON_CHARACTERS)
}
