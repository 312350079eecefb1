import { WireType } from '@bufbuild/protobuf/wire'

/** Tag of a varint field. */
export const varintTag = (fieldNo: number): number => (fieldNo << 3) | WireType.Varint

/** Tag of a field of bytes, text or a submessage. */
export const bytesTag = (fieldNo: number): number => (fieldNo << 3) | WireType.LengthDelimited
