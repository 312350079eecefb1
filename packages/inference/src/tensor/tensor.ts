import { WitanError } from '@witan/protocol'

/** The array type that holds each element type; `bool` is one byte an element. */
export interface TensorArrays {
  float32: Float32Array
  float64: Float64Array
  int8: Int8Array
  uint8: Uint8Array
  int16: Int16Array
  uint16: Uint16Array
  int32: Int32Array
  uint32: Uint32Array
  int64: BigInt64Array
  uint64: BigUint64Array
  bool: Uint8Array
}

export type DType = keyof TensorArrays

/** Row-major values with their shape. `dims` multiply to `data.length`; a scalar has no dims. */
export interface Tensor<T extends DType = DType> {
  readonly dtype: T
  readonly dims: readonly number[]
  readonly data: TensorArrays[T]
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const

export function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(ARRAYS, value)
}

/** @throws WitanError TENSOR_INVALID when type, shape and data do not belong together */
export function createTensor<T extends DType>(dtype: T, dims: readonly number[], data: TensorArrays[T]): Tensor<T> {
  const shape = `[${dims.join(',')}]`
  if (!(data instanceof ARRAYS[dtype])) {
    throw new WitanError('TENSOR_INVALID', 'The data of a tensor has another element type than declared', {
      facts: { dtype, data: (data as object).constructor.name },
    })
  }
  if (!dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0)) {
    throw new WitanError('TENSOR_INVALID', 'A tensor has an impossible shape', { facts: { shape } })
  }
  const elements = dims.reduce((product, dim) => product * dim, 1)
  if (elements !== data.length) {
    throw new WitanError('TENSOR_INVALID', 'The shape of a tensor does not fit its data', {
      facts: { shape, elements: data.length },
    })
  }
  return { dtype, dims, data }
}
