import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Layout } from './layout.js'
import { type LocalNode, type LocalPlan, NETUID, type PlanSites } from './local-plan.js'

/** Writes the configuration of one node as an operator would; JSON is YAML as well. */
export function writeNodeConfig(plan: LocalPlan, node: LocalNode, sites: PlanSites, port: number): void {
  const { name, behaviour } = node
  const { files } = sites
  write(files.config(name), {
    network: files.networkFile,
    netuid: NETUID,
    operator: { keystore: `${files.home}/keys/${name}.json`, passwordFile: files.password },
    dataDir: files.data(name),
    p2p: { listen: [`/ip4/127.0.0.1/tcp/${port}`] },
    health: { host: '127.0.0.1', port: 0 },
    model: plan.subnet.model,
    behaviour,
    ...plan.nodeOptions(node, sites),
  })
}

/** The plan of the deployment, for `witan deploy`. */
export function writeDeployFile(files: Layout, plan: object): void {
  write(files.deployFile, plan)
}

function write(path: string, value: object): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner), 2)}\n`)
}
