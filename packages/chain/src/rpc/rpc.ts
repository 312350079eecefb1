import { WitanError } from '@witan/protocol'
import type { Head } from './json-rpc.js'
import { printable } from './rpc-rejection.js'

/** A position to read at: a block number, or a moving tag. */
export type BlockTag = number | 'latest' | 'safe' | 'finalized' | 'pending'

export interface RpcRequestOptions {
  readonly signal?: AbortSignal | undefined
}

/**
 * Ethereum JSON-RPC. Throws `RPC_UNAVAILABLE` when no endpoint answers, and `RpcRejection` (`RPC_REJECTED`) when one
 * answers with an error.
 */
export interface Rpc {
  request<T>(method: string, params: readonly unknown[], options?: RpcRequestOptions): Promise<T>
  /**
   * Calls `listener` when an endpoint tells of a new head, until the returned function is called. Only a hint to look
   * sooner: an endpoint that is asked over HTTP tells nothing, and a broken connection is silent until it stands again.
   */
  readonly onHead?: (listener: (head: Head) => void) => () => void
}

export function toQuantity(value: number | bigint): `0x${string}` {
  return `0x${value.toString(16)}`
}

/** Throws `RPC_UNAVAILABLE` where the endpoint answered a question for a number with something else. */
export function fromQuantity(method: string, answer: unknown): bigint {
  if (typeof answer === 'string' && /^0x[0-9a-f]{1,64}$/i.test(answer)) return BigInt(answer)
  throw new WitanError('RPC_UNAVAILABLE', 'The RPC endpoint answers with what is no number', {
    facts: { method, reason: printable(String(answer)) },
  })
}

export function toBlockParameter(block: BlockTag): string {
  return typeof block === 'number' ? toQuantity(block) : block
}

/** The same endpoint for requests that end with `signal`, unless they bring a signal of their own. */
export function withSignal(rpc: Rpc, signal: AbortSignal): Rpc {
  return { request: (method, params, options) => rpc.request(method, params, { signal: options?.signal ?? signal }) }
}
