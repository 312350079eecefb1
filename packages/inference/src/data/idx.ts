import { WitanError } from '@witan/protocol'

/** An array of bytes with its shape, as an IDX file holds it. */
export interface IdxBytes {
  readonly dims: readonly number[]
  readonly data: Uint8Array
}

/** Third byte of the magic number: unsigned bytes. */
const UNSIGNED_BYTE = 0x08

/**
 * Reads an IDX file of unsigned bytes with `rank` dimensions; the data are not copied.
 * @throws WitanError DATA_SET_INVALID naming `file`
 */
export function parseIdx(bytes: Uint8Array, rank: number, file: string): IdxBytes {
  const invalid = (reason: string) =>
    new WitanError('DATA_SET_INVALID', 'A file of the data set is not a complete IDX file', { facts: { file, reason } })
  const header = 4 + rank * 4
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < header || view.getUint32(0) !== UNSIGNED_BYTE * 256 + rank) {
    throw invalid(`does not begin as bytes in ${rank} dimensions do`)
  }
  const dims = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + axis * 4))
  const values = dims.reduce((product, dim) => product * dim, 1)
  if (bytes.length !== header + values) throw invalid(`${bytes.length} bytes instead of ${header + values}`)
  return { dims, data: bytes.subarray(header) }
}
