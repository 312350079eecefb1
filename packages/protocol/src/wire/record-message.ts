import type { Address } from '../bytes/hex.js'
import type { SignedRecord } from '../record/signed-record.js'

export type RecordRequest =
  | { readonly kind: 'push'; readonly record: SignedRecord }
  | { readonly kind: 'fetch'; readonly operator: Address }

export type RecordResponse =
  | { readonly kind: 'record'; readonly record: SignedRecord }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'not-found' }
  /** `code` is a permanent error code, for example `RECORD_EXPIRED`. */
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
