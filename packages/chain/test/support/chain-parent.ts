import { createEmbeddedChain } from '../../src/index.js'
import { clock, logger } from './local-chain.js'

/** A process that starts a chain, prints its pid and waits to be killed. */
const chain = createEmbeddedChain({}, { clock, logger })
await chain.start()
process.stdout.write(`${chain.pid()}\n`)
