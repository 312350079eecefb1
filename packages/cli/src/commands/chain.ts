import { resolve } from 'node:path'
import { createEmbeddedChain } from '@witan/chain'
import { type Address, LOCAL_CHAIN_ID } from '@witan/protocol'
import { createLogger } from '@witan/runtime'
import { defineCommand } from '../command/command.js'
import { option, repeated, toggle, usageError } from '../command/option.js'
import { asAddress, asAmount, asInteger, asText } from '../command/parse.js'
import { untilStopped } from '../daemon/until-stopped.js'

export function asFunding(text: string): { address: Address; amountWei: bigint } {
  const [address = '', amount, ...rest] = text.split('=')
  if (amount === undefined || rest.length > 0) throw usageError(`${text} is not of the form ADDRESS=AMOUNT`)
  return { address: asAddress(address), amountWei: asAmount(amount) }
}

export const chainStart = defineCommand({
  path: ['chain', 'start'],
  summary: 'Run the embedded local chain until stopped',
  options: {
    state: option.optional('--state <file>', 'keep the chain in this file between runs', asText),
    port: option.withDefault('--port <port>', 'port of the JSON-RPC; 0 chooses one', asInteger(0, 65_535), 0),
    chainId: option.withDefault('--chain-id <id>', 'chain id', asInteger(1), LOCAL_CHAIN_ID),
    blockTime: option.withDefault('--block-time <seconds>', 'seconds between blocks', asInteger(0, 3600), 1),
    fund: repeated('--fund <address=amount>', "give an account of a fresh chain the chain's coin", asFunding),
    stopWithStdin: toggle('--stop-with-stdin', 'stop when standard input ends: the parent has gone'),
  },
  examples: ['chain start --state chain.json --port 8545'],
  async run({ state, port, chainId, blockTime, fund, stopWithStdin }, context) {
    const failure = new AbortController()
    const logger = createLogger({ name: 'chain' })
    const chain = createEmbeddedChain(
      {
        ...(state !== undefined && { stateFile: resolve(context.directory, state) }),
        port,
        chainId,
        blockTimeSeconds: blockTime,
        accounts: fund,
        onFailure: (error) => failure.abort(error),
      },
      { clock: context.clock, logger },
    )
    await untilStopped({ stopWithStdin, failure: failure.signal }, { service: chain, context, logger }, () => ({
      rpcUrl: chain.rpcUrl(),
      chainId,
      pid: chain.pid(),
    }))
  },
})
