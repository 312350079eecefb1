import { loadNativeBackend } from './native-backend.js'
import { pureBackend } from './pure-backend.js'
import type { SignatureBackend } from './signature-backend.js'

export const backend: SignatureBackend = loadNativeBackend() ?? pureBackend

/** Which implementation signs and recovers in this process. */
export const signatureBackend: 'native' | 'pure' = backend.name
