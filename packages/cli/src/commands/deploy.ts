import { join, resolve } from 'node:path'
import {
  CHAIN_MIGRATIONS,
  createRpc,
  createSender,
  deployNetwork,
  genesisHashOf,
  openKeystore,
  readDeployFile,
  writeNetworkFile,
} from '@witan/chain'
import { createLogger, openDatabase } from '@witan/runtime'
import { defineCommand } from '../command/command.js'
import { option, repeated } from '../command/option.js'
import { asText } from '../command/parse.js'
import { homeFolder, homeOption, networkFileIn } from '../settings/home.js'
import { keyOption, keystorePath, passwordFileOption, readPassword } from '../settings/keys.js'
import { pollMsOf } from '../settings/sending.js'

export const deploy = defineCommand({
  path: ['deploy'],
  summary: 'Deploy the contracts of a new network and write its network file; the deployer keeps no right',
  options: {
    home: homeOption,
    file: option.required('--file <plan>', 'deploy file: name, chain id, genesis list, bounds', asText),
    rpc: option.required('--rpc <url>', "JSON-RPC of the network's chain", asText),
    key: keyOption('that deploys'),
    passwordFile: passwordFileOption,
    bootstrap: repeated('--bootstrap <multiaddr>', 'address of a first peer, for the network file', asText),
    out: option.optional('--out <file>', 'network file to write (default: network.yaml in the home folder)', asText),
  },
  examples: ['deploy --file deploy.yaml --rpc http://127.0.0.1:8545 --key deployer'],
  async run({ home, file, rpc: url, key, passwordFile, bootstrap, out }, context) {
    const { clock, directory, signal } = context
    const folder = homeFolder(home, context)
    const plan = readDeployFile(resolve(directory, file))
    const rpc = createRpc({ urls: [url] }, { clock })
    const password = readPassword(passwordFile, folder, context)
    const { signer } = await openKeystore({ path: keystorePath(key, folder, context), password })
    const logger = createLogger({ name: 'deploy', level: 'warn' })
    const database = openDatabase(join(folder, 'transactions.sqlite'), CHAIN_MIGRATIONS, { durability: 'full' })
    const options = {
      chainId: plan.chainId,
      genesisHash: await genesisHashOf(rpc, signal),
      pollMs: pollMsOf(plan.chainId),
    }
    const sender = createSender(options, { signer, rpc, database, clock, logger })
    try {
      await sender.start()
      const network = await deployNetwork({ plan, rpcUrls: [url] }, { rpc, sender, logger })
      const path = out === undefined ? networkFileIn(folder) : resolve(directory, out)
      await writeNetworkFile(path, { ...network, bootstrap: [...bootstrap] })
      return { path, ...network }
    } finally {
      await sender.stop()
      database.close()
    }
  },
  render: ({ path, contracts }) =>
    [
      ...Object.entries(contracts).map(([name, address]) => `${name.padEnd(10)}${address}`),
      `network file  ${path}`,
    ].join('\n'),
})
