import { WitanError } from '@witan/protocol'

const UNAVAILABLE_CODES = new Set(['EACCES', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EAI_AGAIN', 'ENOTFOUND', 'EINVAL'])

/** The failure of a `listen` as `PORT_BUSY` or `ADDRESS_UNAVAILABLE`; anything else stays as it is. */
export function listenErrorOf(error: unknown, address: { host: string; port: number }): unknown {
  const { code } = error as NodeJS.ErrnoException
  const facts = { host: address.host, port: address.port }
  if (code === 'EADDRINUSE') return new WitanError('PORT_BUSY', 'The port is in use', { facts, cause: error })
  if (code !== undefined && UNAVAILABLE_CODES.has(code)) {
    return new WitanError('ADDRESS_UNAVAILABLE', 'The address cannot be listened on', {
      facts: { ...facts, reason: code },
      cause: error,
    })
  }
  return error
}
