import type { Hex } from '../bytes/hex.js'

export interface BlobRequest {
  /** What the content is known by: the SHA-256 of a file, the version of a manifest, the digest of a policy. */
  readonly digest: Hex
  /** First byte wanted. */
  readonly offset: number
}

export type BlobResponse =
  /** `size` is that of the whole content, bytes; `content` begins at the offset. */
  | { readonly kind: 'part'; readonly size: number; readonly content: Uint8Array }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-admitted' }
