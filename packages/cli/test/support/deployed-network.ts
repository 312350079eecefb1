import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChainClient, createEmbeddedChain, type Intent, openChain, readNetworkFile } from '@witan/chain'
import type { Address } from '@witan/protocol'
import { createLogger, systemClock } from '@witan/runtime'
import type { Test } from 'tap'
import { run, runJson } from './run.js'

const COINS = 10n ** 20n
/** Below the cap of a transaction. */
const GAS = '0xf00000'
/** A block is mined at once, but not before the answer to the transaction. */
const MAX_LOOKS = 1_000

export interface DeployedNetwork {
  readonly client: ChainClient
  readonly addresses: Readonly<Record<string, Address>>
  /** Runs a command line, as words. */
  witan(...args: string[]): ReturnType<typeof run>
  json(...args: string[]): ReturnType<typeof runJson>
  /** Runs a command line for a person who writes these lines and says yes. */
  dialogue(lines: readonly string[], ...args: string[]): ReturnType<typeof run>
  /** Moves the chain's time on. */
  advance(seconds: number): Promise<void>
  /** Ends the running epoch and settles it, from the key `owner`. */
  settle(netuid: number): Promise<number>
}

/** A chain of its own with the contracts on it, all tokens at the key `owner`, and a block for every transaction. */
export async function deployNetwork(t: Test, keys: readonly string[]): Promise<DeployedNetwork> {
  const directory = t.testdir({ home: { password: 'secret\n' } })
  const options = { directory, env: { WITAN_HOME: 'home' } }
  const witan = (...args: string[]) => run(args, options)
  const json = (...args: string[]) => runJson(args, options)
  const addresses: Record<string, Address> = {}
  for (const key of ['owner', ...keys]) addresses[key] = (await json('key', 'new', '--key', key, '--light-kdf')).address
  const chain = createEmbeddedChain(
    { blockTimeSeconds: 0, accounts: Object.values(addresses).map((address) => ({ address, amountWei: COINS })) },
    { clock: systemClock, logger: createLogger({ name: 'test', level: 'silent' }) },
  )
  await chain.start()
  t.teardown(() => chain.stop())
  const genesis = [{ address: addresses.owner, amount: 100_000 }]
  const plan = { name: 'test', chainId: 31_337, genesis, minEpochLength: 2 }
  writeFileSync(join(directory, 'deploy.yaml'), JSON.stringify(plan))
  await witan('deploy', '--file', 'deploy.yaml', '--rpc', chain.rpcUrl(), '--key', 'owner')
  const client = await openChain(readNetworkFile(join(directory, 'home', 'network.yaml')), { clock: systemClock })

  const advance = async (seconds: number) => {
    await client.rpc.request('evm_increaseTime', [seconds])
    await client.rpc.request('evm_mine', [])
  }
  const send = async (intent: Intent) => {
    const { to, data } = intent
    const from = addresses.owner!
    // A refusal is told with its reason.
    await client.simulate([intent], from)
    await client.rpc.request('anvil_impersonateAccount', [from])
    const hash = await client.rpc.request<string>('eth_sendTransaction', [{ from, to, data, gas: GAS }])
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      const receipt = await client.rpc.request<{ status: string } | null>('eth_getTransactionReceipt', [hash])
      if (receipt?.status === '0x1') return
      if (receipt !== null) break
    }
    throw new Error(`transaction ${hash} did not succeed`)
  }
  const settle = async (netuid: number) => {
    const epoch = await client.consensus.currentEpoch(netuid)
    const { revealEndsAt } = await client.subnets.epochContext(netuid, epoch)
    await advance(revealEndsAt - (await client.latestBlock()).timestamp)
    await send(client.intents.snapshot(netuid, epoch))
    const inputs = await client.settleInputs(netuid, epoch)
    await send(client.intents.settle({ netuid, epoch, ...inputs }))
    return epoch
  }
  return {
    client,
    addresses,
    witan,
    json,
    dialogue: (lines, ...args) => run(args, { ...options, lines, answer: true }),
    advance,
    settle,
  }
}
