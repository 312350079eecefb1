import { WitanError } from '../../errors/witan-error.js'

/** Reads one JSON value at a path of a case; throws CASE_INVALID when it has another form. */
export type Read<T> = (value: unknown, path: string) => T

export function invalid(path: string, expected: string, value: unknown): WitanError {
  const actual = value === undefined ? 'absent' : JSON.stringify(value).slice(0, 80)
  return new WitanError('CASE_INVALID', 'The case has a value of the wrong form', { facts: { path, expected, actual } })
}

export const readObject: Read<Record<string, unknown>> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(path, 'an object', value)
  return value as Record<string, unknown>
}

export const readBoolean: Read<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw invalid(path, 'true or false', value)
  return value
}

/** A whole number from 0 to `maximum`. */
export function readWhole(maximum: number = Number.MAX_SAFE_INTEGER): Read<number> {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > maximum)
      throw invalid(path, `a whole number from 0 to ${maximum}`, value)
    return value
  }
}

/** A number from 0 to 1. */
export const readFraction: Read<number> = (value, path) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw invalid(path, 'a number from 0 to 1', value)
  return value
}

const MAX_AMOUNT = 2n ** 128n - 1n

/** A whole number below 2^128, as a string of decimal digits when it is too large for a JSON number. */
export const readAmount: Read<bigint> = (value, path) => {
  if (typeof value !== 'string') return BigInt(readWhole()(value, path))
  const amount = /^\d{1,39}$/.test(value) ? BigInt(value) : -1n
  if (amount < 0n || amount > MAX_AMOUNT) throw invalid(path, `decimal digits of at most ${MAX_AMOUNT}`, value)
  return amount
}

/** A list, of exactly `length` entries if given. */
export function readList<T>(entry: Read<T>, length?: number): Read<T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length))
      throw invalid(path, length === undefined ? 'a list' : `a list of ${length}`, value)
    return value.map((item, index) => entry(item, `${path}[${index}]`))
  }
}

/** The value of a field, or `fallback` when the field is absent. */
export function readOr<T>(fields: Record<string, unknown>, path: string, name: string, read: Read<T>, fallback: T): T {
  return fields[name] === undefined ? fallback : read(fields[name], `${path}.${name}`)
}

/** `{ [as]: value }`, or nothing when the field is absent. */
export function readOptional<K extends string, T>(
  fields: Record<string, unknown>,
  path: string,
  name: string,
  as: K,
  read: Read<T>,
): { [key in K]?: T } {
  const value = fields[name]
  return value === undefined ? {} : ({ [as]: read(value, `${path}.${name}`) } as { [key in K]?: T })
}
