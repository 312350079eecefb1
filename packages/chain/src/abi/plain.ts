import type { ParamType } from 'ethers'

/** Widest integer type that abitype types as `number`. */
const NUMBER_BITS = 48

/**
 * What ethers decoded as plain values: integers to 48 bits as number, wider ones as bigint, addresses in lower case,
 * structs as objects, arrays as arrays: the types that abitype derives from the same ABI.
 */
export function toPlain(type: ParamType, value: unknown): unknown {
  if (type.baseType === 'array')
    return [...(value as Iterable<unknown>)].map((item) => toPlain(type.arrayChildren!, item))
  if (type.baseType === 'tuple') return structOf(type.components ?? [], value as ArrayLike<unknown>)
  if (type.baseType === 'address') return (value as string).toLowerCase()
  const bits = /^u?int(\d+)$/.exec(type.baseType)?.[1]
  return bits !== undefined && Number(bits) <= NUMBER_BITS ? Number(value) : value
}

export function structOf(types: readonly ParamType[], values: ArrayLike<unknown>): Record<string, unknown> {
  return Object.fromEntries(types.map((type, index) => [type.name || String(index), toPlain(type, values[index])]))
}
