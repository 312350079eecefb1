import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChainClient, createEmbeddedChain, type Intent, openChain, readNetworkFile } from '@witan/chain'
import type { Address } from '@witan/protocol'
import { createLogger, systemClock } from '@witan/runtime'
import type { Test } from 'tap'
import { type ContextOptions, run, runJson } from './run.js'

const COINS = 10n ** 20n
/** Below the cap of a transaction. */
const GAS = '0xf00000'
/** A block is mined at once, but not before the answer to the transaction. */
const MAX_LOOKS = 1_000

/** A home folder with keys and a deploy file, and a chain on which they have coin. */
export interface FreshHome {
  readonly directory: string
  readonly options: ContextOptions
  readonly rpcUrl: string
  readonly addresses: Readonly<Record<string, Address>>
  /** The command that deploys, from the key `owner`. */
  readonly deploy: readonly string[]
  /** Runs a command line, as words. */
  witan(...args: string[]): ReturnType<typeof run>
  json(...args: string[]): ReturnType<typeof runJson>
}

export interface DeployedNetwork extends Pick<FreshHome, 'addresses' | 'directory' | 'witan' | 'json'> {
  readonly client: ChainClient
  /** Runs a command line for a person who writes these lines and says yes. */
  dialogue(lines: readonly string[], ...args: string[]): ReturnType<typeof run>
  /** Has a named key send a call, which must succeed. */
  send(intent: Intent, key?: string): Promise<void>
  /** Moves the chain's time on. */
  advance(seconds: number): Promise<void>
  /** Ends the running epoch and settles it, from the key `owner`. */
  settle(netuid: number): Promise<number>
}

/** The smallest subnet; its name is `reading`. */
export const CREATE_READING = 'subnet create --name reading --model ppocr-v4-rec --preset minimal'.split(' ')

export interface HomeOptions {
  /** Of the deploy file, beside the usual ones. */
  readonly terms?: Readonly<Record<string, number>>
  /** Of every command, beside the home folder. */
  readonly env?: Readonly<Record<string, string>>
}

/** A chain of its own with a block for every transaction; all tokens of its plan are for the key `owner`. */
export async function freshHome(
  t: Test,
  keys: readonly string[],
  genesisTokens: number,
  { terms: moreTerms, env }: HomeOptions = {},
): Promise<FreshHome> {
  const directory = t.testdir({ home: { password: 'secret\n' } })
  const options = { directory, env: { WITAN_HOME: 'home', ...env } }
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
  const genesis = [{ address: addresses.owner, amount: genesisTokens }]
  const terms = { minEpochLength: 2, listedFromStart: 100, treasury: addresses.owner, ...moreTerms }
  const plan = { name: 'test', chainId: 31_337, genesis, ...terms }
  writeFileSync(join(directory, 'deploy.yaml'), JSON.stringify(plan))
  const rpcUrl = chain.rpcUrl()
  const deploy = ['deploy', '--file', 'deploy.yaml', '--rpc', rpcUrl, '--key', 'owner']
  return { directory, options, rpcUrl, addresses, deploy, witan, json }
}

/** Such a chain with the contracts on it. */
export async function deployNetwork(
  t: Test,
  keys: readonly string[],
  home: HomeOptions = {},
): Promise<DeployedNetwork> {
  const { directory, options, addresses, deploy, witan, json } = await freshHome(t, keys, 100_000, home)
  await witan(...deploy)
  const client = await openChain(readNetworkFile(join(directory, 'home', 'network.yaml')), { clock: systemClock })

  const advance = async (seconds: number) => {
    await client.rpc.request('evm_increaseTime', [seconds])
    await client.rpc.request('evm_mine', [])
  }
  const send = async (intent: Intent, key = 'owner') => {
    const { to, data } = intent
    const from = addresses[key]!
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
    directory,
    addresses,
    witan,
    json,
    dialogue: (lines, ...args) => run(args, { ...options, lines, answer: true }),
    send,
    advance,
    settle,
  }
}
