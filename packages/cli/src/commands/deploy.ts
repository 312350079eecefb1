import { resolve } from 'node:path'
import { createRpc, deployNetwork, genesisHashOf, type Rpc, readDeployFile, writeNetworkFile } from '@witan/chain'
import { WitanError } from '@witan/protocol'
import { createLogger } from '@witan/runtime'
import { defineCommand } from '../command/command.js'
import { option, repeated } from '../command/option.js'
import { asHttpUrl, asText } from '../command/parse.js'
import { firstContact } from '../settings/connection.js'
import { homeFolder, homeOption, networkFileIn } from '../settings/home.js'
import { keyOption, passwordFileOption } from '../settings/keys.js'
import { withSender } from '../settings/with-sender.js'

export const deploy = defineCommand({
  path: ['deploy'],
  summary: 'Deploy the contracts of a new network and write its network file; the deployer keeps no right',
  options: {
    home: homeOption,
    file: option.required('--file <plan>', 'deploy file: name, chain id, genesis list, bounds', asText),
    rpc: option.required('--rpc <url>', "JSON-RPC of the network's chain", asHttpUrl),
    key: keyOption('that deploys'),
    passwordFile: passwordFileOption,
    bootstrap: repeated('--bootstrap <multiaddr>', 'address of a first peer, for the network file', asText),
    out: option.optional('--out <file>', 'network file to write (default: network.yaml in the home folder)', asText),
  },
  examples: ['deploy --file deploy.yaml --rpc http://127.0.0.1:8545 --key deployer'],
  async run({ home, file, rpc: url, key, passwordFile, bootstrap, out }, context) {
    const { clock, directory } = context
    const plan = readDeployFile(resolve(directory, file))
    const rpc = createRpc({ urls: [url] }, { clock })
    const { chainId, genesisHash } = await firstContact([url], context, (signal) => identify(rpc, signal))
    if (chainId !== plan.chainId) {
      throw new WitanError('WRONG_CHAIN_ID', 'The deploy file is for another chain than the endpoint serves', {
        facts: { expected: plan.chainId, actual: chainId },
        next: 'Use the endpoint of that chain, or correct chainId in the deploy file.',
      })
    }
    const logger = createLogger({ name: 'deploy', level: 'warn' })
    const chain = { chainId, genesisHash, rpc, logger }
    const network = await withSender({ home, key, passwordFile }, chain, context, (sender) =>
      deployNetwork({ plan, rpcUrls: [url] }, { rpc, sender, logger }),
    )
    const path = out === undefined ? networkFileIn(homeFolder(home, context)) : resolve(directory, out)
    await writeNetworkFile(path, { ...network, bootstrap: [...bootstrap] })
    return { path, ...network }
  },
  render: ({ path, contracts }) =>
    [
      ...Object.entries(contracts).map(([name, address]) => `${name.padEnd(10)}${address}`),
      `network file  ${path}`,
    ].join('\n'),
})

async function identify(rpc: Rpc, signal: AbortSignal) {
  const [chainId, genesisHash] = await Promise.all([
    rpc.request<string>('eth_chainId', [], { signal }),
    genesisHashOf(rpc, signal),
  ])
  return { chainId: Number(chainId), genesisHash }
}
