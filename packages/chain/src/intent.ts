import type { Address, Hex } from '@witan/protocol'

/** A call that a key may send: plain data, to simulate, print, export or submit. */
export interface Intent {
  /** Null creates a contract. */
  readonly to: Address | null
  readonly data: Hex
  readonly valueWei: bigint
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
