import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { WitanError } from '@witan/protocol'
import { writeFileAtomic } from '../atomic-file.js'
import type { Rpc } from '../rpc/rpc.js'

const gunzipAsync = promisify(gunzip)

/**
 * The chain's state on disk and, beside it, the port it was served on. anvil's own `--state` writes in place, so a kill
 * in the middle would leave half a file: here the state is fetched and replaced in one step.
 */
export interface ChainState {
  /** The file to load, when there is one. */
  loadable(): string | undefined
  save(rpc: Rpc): Promise<void>
  rememberPort(port: number): Promise<void>
  rememberedPort(): Promise<number | undefined>
}

export function chainStateAt(path: string): ChainState {
  const portPath = `${path}.port`
  return {
    loadable: () => (existsSync(path) ? path : undefined),
    async save(rpc) {
      const packed = await rpc.request<string>('anvil_dumpState', [])
      const content = await gunzipAsync(Buffer.from(packed.slice(2), 'hex'))
      await writeFileAtomic(path, content, { mode: 0o600, overwrite: true })
    },
    rememberPort: (port) => writeFileAtomic(portPath, `${port}\n`, { mode: 0o600, overwrite: true }),
    async rememberedPort() {
      if (!existsSync(path) || !existsSync(portPath)) return undefined
      const port = Number(await readFile(portPath, 'utf8'))
      if (Number.isInteger(port) && port > 0 && port < 65_536) return port
      throw new WitanError('EMBEDDED_CHAIN_FAILED', 'The remembered port of the embedded chain is not a port', {
        facts: { file: portPath },
      })
    },
  }
}
