import { parseAmount } from '@witan/chain'
import { type Address, type Hex, isWitanError, keccak256Hex } from '@witan/protocol'
import { usageError } from './option.js'

export const asText = (text: string): string => text

/** A whole number within bounds, both included. */
export const asInteger =
  (low: number, high = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw usageError(`${text} is not a whole number from ${low} to ${high}`)
    }
    return value
  }

/** A number of the chain: a data set, a model, a ballot. */
export function asBigInteger(text: string): bigint {
  if (!/^[1-9]\d{0,18}$/.test(text)) throw usageError(`${text} is not a number from 1`)
  return BigInt(text)
}

/** A whole number of any sign that a contract takes as int256. */
export function asSignedInteger(text: string): bigint {
  if (!/^-?\d{1,76}$/.test(text)) throw usageError(`${text} is not a whole number of up to 76 digits`)
  return BigInt(text)
}

/** Whole numbers with commas between them, each once: `3,17,20`. */
export function asNumbers(text: string): readonly number[] {
  const numbers = text.split(',').map(asInteger(0))
  if (new Set(numbers).size !== numbers.length) throw usageError(`${text} names a number twice`)
  return numbers
}

/** A data set and its versions, ascending: `1=2,3`. */
export function asSetVersions(text: string): { readonly setId: bigint; readonly versions: readonly number[] } {
  const [set = '', versions = ''] = text.split('=')
  if (!/^\d+=\d+(,\d+)*$/.test(text)) throw usageError(`${text} is not of the form set=version,version`)
  return { setId: asBigInteger(set), versions: [...asNumbers(versions)].sort((a, b) => a - b) }
}

/** One version of a registered data set: `1=3`. */
export function asSetVersion(text: string): { readonly setId: bigint; readonly version: number } {
  const [set = '', version = ''] = text.split('=')
  if (!/^\d+=\d+$/.test(text)) throw usageError(`${text} is not of the form set=version`)
  return { setId: asBigInteger(set), version: asInteger(1, 2 ** 32 - 1)(version) }
}

/** Tokens with up to 18 decimals, as wei: `1.5` → 1500000000000000000n. */
export function asAmount(text: string): bigint {
  try {
    return parseAmount(text)
  } catch (error) {
    if (!isWitanError(error, 'AMOUNT_INVALID')) throw error
    throw usageError(`${text} is not an amount of tokens such as 12 or 0.5`)
  }
}

/** An amount above zero, as wei. */
export function asPositiveAmount(text: string): bigint {
  const amount = asAmount(text)
  if (amount === 0n) throw usageError(`${text} is no amount: it must be more than zero`)
  return amount
}

export function asHttpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw usageError(`${text} is not a URL such as http://127.0.0.1:8545`)
}

export function asAddress(text: string): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw usageError(`${text} is not an address`)
  if (isMistyped(text.slice(2))) throw usageError(`${text} is mistyped: its capital letters are not those of EIP-55`)
  return text.toLowerCase() as Address
}

/** Letters of both cases are a checksum (EIP-55); those of one case are none. */
function isMistyped(digits: string): boolean {
  const lower = digits.toLowerCase()
  if (digits === lower || digits === digits.toUpperCase()) return false
  const hash = keccak256Hex(new TextEncoder().encode(lower)).slice(2)
  const written = [...lower].map((digit, index) => (hash[index]! >= '8' ? digit.toUpperCase() : digit))
  return digits !== written.join('')
}

/** A percentage with up to two decimals, as basis points: `12.5` → 1250. */
export function asPercent(text: string): number {
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(text) || Number(text) > 100) {
    throw usageError(`${text} is not a percentage such as 9 or 12.5`)
  }
  return Math.round(Number(text) * 100)
}

/** A part of a whole from 0 to 1, such as `0.1`. */
export function asFraction(text: string): number {
  const value = Number(text)
  if (!/^\d(\.\d{1,9})?$/.test(text) || value > 1) throw usageError(`${text} is not a fraction such as 0.1`)
  return value
}

/** A node by its operator or by its number. */
export type NodeReference = { readonly operator: Address } | { readonly nodeId: bigint }

export function asNode(text: string): NodeReference {
  if (/^[1-9]\d{0,18}$/.test(text)) return { nodeId: BigInt(text) }
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return { operator: asAddress(text) }
  throw usageError(`${text} is neither the address of an operator nor the number of a node`)
}

/** `netuid=weight`. */
export function asPoint(text: string): { readonly netuid: number; readonly weight: number } {
  const [netuid = '', weight = ''] = text.split('=')
  if (!/^\d+=\d+$/.test(text)) throw usageError(`${text} is not of the form netuid=weight`)
  return { netuid: asInteger(1, 65_535)(netuid), weight: asInteger(1, 65_535)(weight) }
}

export function asBytes32(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw usageError(`${text} is not a 32-byte hexadecimal value`)
  return text.toLowerCase() as Hex
}

export const asChoice =
  <T extends string>(...choices: readonly T[]) =>
  (text: string): T => {
    const choice = choices.find((candidate) => candidate === text)
    if (choice === undefined) throw usageError(`${text} is not one of ${choices.join(', ')}`)
    return choice
  }

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** A century: beyond it a time is no date that anybody means. */
const MAX_SECONDS = 36_500 * UNIT_SECONDS.d

/** A duration such as `15s`, `10m`, `72h` or `7d`, in seconds. */
export function asSeconds(text: string): number {
  const match = /^(\d+)([smhd])$/.exec(text)
  if (match === null) throw usageError(`${text} is not a duration such as 15s, 10m, 2h or 7d`)
  const seconds = Number(match[1]) * UNIT_SECONDS[match[2] as keyof typeof UNIT_SECONDS]
  if (seconds > MAX_SECONDS) throw usageError(`${text} is longer than ${MAX_SECONDS / UNIT_SECONDS.d}d`)
  return seconds
}
