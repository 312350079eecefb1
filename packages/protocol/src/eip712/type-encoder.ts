import { keccak256 } from '../crypto/keccak256.js'
import { WordEncoder } from './word-encoder.js'

/** An encoder for one EIP-712 struct type without nested structs: its type hash, then one word a field. */
export function typeEncoder(type: string): WordEncoder {
  return new WordEncoder(type.split(',').length, keccak256(Buffer.from(type)))
}
