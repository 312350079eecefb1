import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Address } from '@witan/protocol'
import type { Layout } from './layout.js'
import { type LocalNode, MODEL, NETUID } from './roster.js'

/** Writes the configuration of one node as an operator would; JSON is YAML as well. */
export function writeNodeConfig(
  node: LocalNode,
  files: Layout,
  { port, consumer }: { port: number; consumer: Address },
): void {
  const { name, role, behaviour } = node
  const common = {
    network: files.networkFile,
    netuid: NETUID,
    operator: { keystore: `${files.home}/keys/${name}.json`, passwordFile: files.password },
    dataDir: files.data(name),
    p2p: { listen: [`/ip4/127.0.0.1/tcp/${port}`] },
    health: { host: '127.0.0.1', port: 0 },
    model: MODEL,
    behaviour,
  }
  const config = role === 'miner' ? { ...common, admit: [consumer] } : common
  write(files.config(name), config)
}

/** The plan of the deployment, for `witan deploy`. */
export function writeDeployFile(files: Layout, plan: object): void {
  write(files.deployFile, plan)
}

function write(path: string, value: object): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner), 2)}\n`)
}
