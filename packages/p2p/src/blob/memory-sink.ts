import type { BlobSink } from './fetch-blob.js'

/** Small content, put together in memory. */
export interface MemorySink extends BlobSink {
  content(): Uint8Array
}

export function createMemorySink(maxBytes: number, verify: (content: Uint8Array) => boolean): MemorySink {
  const parts: Uint8Array[] = []
  let length = 0
  const content = () => Buffer.concat(parts, length)
  return {
    get length() {
      return length
    },
    accepts: (size) => size <= maxBytes,
    async append(part) {
      parts.push(part)
      length += part.length
    },
    async reset() {
      parts.length = 0
      length = 0
    },
    verify: async () => verify(content()),
    content,
  }
}
