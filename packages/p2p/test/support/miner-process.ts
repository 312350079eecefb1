// A miner that echoes, in a process of its own. It never answers `wait`.

import { createMetrics } from '@witan/runtime'
import { createHost, createInferServer, createP2pMetrics } from '../../src/index.js'
import { answerOf, clock, keyOf, logger, networkName } from './network.js'

const modules = { clock, logger, metrics: createP2pMetrics(createMetrics()) }
const listen = [`/ip4/127.0.0.1/tcp/${process.argv[2]}`]
const host = createHost({ networkName, privateKey: keyOf('miner'), listen }, modules)
const server = createInferServer(
  {},
  {
    ...modules,
    host,
    admit: () => true,
    handler: async ({ input }) => {
      if (Buffer.from(input).toString() === 'wait') await new Promise(() => {})
      return answerOf(input)
    },
  },
)
await host.start()
await server.start()
console.log(JSON.stringify(host.multiaddrs()))
