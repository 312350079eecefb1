import type { Address, Hex } from '@witan/protocol'

/** What the chain is asked to do. */
export interface Call {
  /** Null creates a contract. */
  readonly to: Address | null
  readonly data: Hex
  readonly valueWei: bigint
}

/** A call that a key may send: plain data, to simulate, print, export or submit. */
export interface Intent extends Call {
  /** One line for people. */
  readonly description: string
  /** What `data` means. */
  readonly call: DecodedCall
}

export interface DecodedCall {
  /** Name of the contract: `Subnets`. */
  readonly contract: string
  readonly method: string
  /** Arguments by name, as plain values. */
  readonly args: Readonly<Record<string, unknown>>
}

export function callName({ call }: Intent): string {
  return `${call.contract}.${call.method}`
}
