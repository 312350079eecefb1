import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openKeystore } from '@witan/chain'
import { peerIdOfPublicKey } from '@witan/p2p'
import type { Test } from 'tap'
import { freePorts } from '../../src/local-network/free-ports.js'
import { run } from './run.js'

/**
 * Starts the daemons of a deployed network in this process, a key each, called as its role unless it is named; the
 * validator is the first peer. They stop when the test ends.
 */
export async function prepareNodes(t: Pick<Test, 'teardown'>, directory: string) {
  const home = join(directory, 'home')
  const networkFile = join(home, 'network.yaml')
  const stopping = new AbortController()
  const nodes: Promise<unknown>[] = []
  t.teardown(async () => {
    stopping.abort()
    await Promise.all(nodes)
  })
  const [port] = await freePorts(1)
  const password = readFileSync(join(home, 'password'), 'utf8').trimEnd()
  const { signer } = await openKeystore({ path: join(home, 'keys', 'validator.json'), password })
  const bootstrap = [`/ip4/127.0.0.1/tcp/${port}/p2p/${peerIdOfPublicKey(signer.publicKey)}`]
  writeFileSync(networkFile, JSON.stringify({ ...JSON.parse(readFileSync(networkFile, 'utf8')), bootstrap }))

  /** Resolves once it serves. */
  return async (role: 'miner' | 'validator', more: object = {}, key: string = role): Promise<void> => {
    const config = {
      network: networkFile,
      operator: { keystore: join(home, 'keys', `${key}.json`), passwordFile: join(home, 'password') },
      dataDir: join(directory, 'data', key),
      p2p: { listen: [`/ip4/127.0.0.1/tcp/${role === 'validator' ? port : 0}`] },
      health: { port: 0 },
      log: { level: 'error' },
      ...more,
    }
    const file = join(directory, `${key}.yaml`)
    writeFileSync(file, JSON.stringify(config))
    const ready = Promise.withResolvers<void>()
    const options = { directory, env: { WITAN_HOME: 'home' }, signal: stopping.signal, onOut: () => ready.resolve() }
    const node = run([role, 'start', '--config', file], options)
    node.catch(ready.reject)
    nodes.push(node)
    await ready.promise
  }
}
