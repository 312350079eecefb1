/** A protobuf message under construction: its fields as encoded so far. */
export type ProtoField = Uint8Array

const VARINT = 0
const LENGTH_DELIMITED = 2

export function varintField(number: number, value: number): ProtoField {
  return concat([varint(number * 8 + VARINT), varint(value)])
}

export function bytesField(number: number, bytes: Uint8Array): ProtoField {
  return concat([varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes])
}

export function textField(number: number, text: string): ProtoField {
  return bytesField(number, new TextEncoder().encode(text))
}

export function messageField(number: number, ...fields: readonly ProtoField[]): ProtoField {
  return bytesField(number, concat(fields))
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Whole numbers from 0 to 2⁵³ − 1, seven bits a byte, the lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 0x80)
  bytes.push(rest)
  return Uint8Array.from(bytes)
}
