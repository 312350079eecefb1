import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { WitanError } from '@witan/protocol'

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' }
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * Path of the anvil executable itself. The package's own wrapper script is passed over: signals sent to it do not
 * reach anvil. The platform package is a dependency of `@foundry-rs/anvil`, so it is resolved from there.
 */
export function anvilBinary(): string {
  const platform = `${PLATFORMS[process.platform]}-${ARCHITECTURES[process.arch]}`
  const name = `@foundry-rs/anvil-${platform}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json')
    const manifest = createRequire(wrapper).resolve(`${name}/package.json`)
    return join(dirname(manifest), 'bin', 'anvil')
  } catch (cause) {
    throw new WitanError('EMBEDDED_CHAIN_FAILED', 'The anvil executable of this platform is not installed', {
      facts: { package: name },
      next: 'Install the dependencies again without omitting optional ones.',
      cause,
    })
  }
}
