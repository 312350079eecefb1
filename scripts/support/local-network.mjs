// A local network in which one account owns everything, and the moves of the people in it as real transactions.

import {
  CHAIN_MIGRATIONS,
  createEmbeddedChain,
  createRpc,
  createSender,
  deployFileSchema,
  deployNetwork,
  genesisHashOf,
  NO_PAY,
  openChain,
} from '@witan/chain'
import { createDomain, createSigner, signOperatorConsent } from '@witan/protocol'
import { systemClock as clock, createLogger, createSeededRandom, openDatabase } from '@witan/runtime'

const CHAIN_ID = 31_337
export const TOKEN = 10n ** 18n
/** The cap of EIP-7825, which the embedded chain enforces. */
const TRANSACTION_GAS = 16_777_216
const CALL_GAS = 2_000_000
const BLOCK_GAS = 2_000_000_000
/** Registrations in one block. */
const BATCH = 500
const logger = createLogger({ name: 'local network', level: 'silent' })
export const keyOf = (name) => createSigner(createSeededRandom(`key of ${name}`).bytes(32))
const quantity = (value) => `0x${value.toString(16)}`

/** Starts it, with what `plan` adds to the deploy file; the owner holds all tokens of genesis. */
export async function startLocalNetwork(plan) {
  const owner = keyOf('owner')
  const accounts = [{ address: owner.address, amountWei: 1_000_000n * TOKEN }]
  const embedded = createEmbeddedChain({ blockTimeSeconds: 0, accounts }, { clock, logger })
  await embedded.start()
  const rpcUrls = [embedded.rpcUrl()]
  const rpc = createRpc({ urls: rpcUrls }, { clock })
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  const options = { chainId: CHAIN_ID, genesisHash: await genesisHashOf(rpc), pollMs: 20 }
  const sender = createSender(options, { signer: owner, rpc, database, clock, logger })
  await sender.start()
  const deployFile = deployFileSchema.parse({
    name: 'local',
    chainId: CHAIN_ID,
    genesis: [{ address: owner.address, amount: '10000000' }],
    listedFromStart: 65_535,
    ...plan,
  })
  const network = await deployNetwork({ plan: deployFile, rpcUrls }, { rpc, sender, logger })
  await sender.stop()
  database.close()
  const client = await openChain(network, { clock })
  await rpc.request('evm_setBlockGasLimit', [quantity(BLOCK_GAS)])
  const chain = { client, rpc, owner, stop: () => embedded.stop() }
  await impersonate(rpc, owner.address)
  await send(chain, owner.address, client.intents.approve('subnets', 9_000_000n * TOKEN))
  return chain
}

/** A subnet in which registering costs next to nothing. */
export async function createSubnet(chain, parameters, name) {
  const { client, owner } = chain
  const intent = client.intents.createSubnet({
    parameters: { ...parameters, initialPrice: 1n, minPrice: 1n, maxPrice: 1n },
    mechanism: `0x${'01'.repeat(32)}`,
    modelVersions: [`0x${'02'.repeat(32)}`],
    name,
    maxPrice: 1_000_000n * TOKEN,
  })
  await send(chain, owner.address, intent)
}

/** The operator stakes on its own node: an account has stake on a few nodes only. */
export async function stake(chain, operator, tokens) {
  const { client, rpc, owner } = chain
  await impersonate(rpc, operator)
  await rpc.request('anvil_setBalance', [operator, quantity(TOKEN)])
  await send(chain, owner.address, client.intents.transfer(operator, tokens * TOKEN))
  await send(chain, operator, client.intents.approve('vault', tokens * TOKEN))
  await send(chain, operator, client.intents.stake(await client.vault.nodeOf(operator), tokens * TOKEN))
}

/** Registers nodes of the owner in their order; `consents` is how many registrations each operator has agreed to before. */
export async function register(chain, netuid, operators, consents = 0) {
  const { client, owner } = chain
  const domain = createDomain({ chainId: CHAIN_ID, verifyingContract: client.network.contracts.subnets })
  const deadline = (await client.latestBlock()).timestamp + 86_400
  const calls = operators.map((operator) => {
    const consent = signOperatorConsent({ owner: owner.address, nonce: BigInt(consents), deadline }, operator, domain)
    const registration = { netuid, operator: operator.address, deadline, consent, maxPrice: TOKEN, lastPay: NO_PAY }
    return [owner.address, client.intents.register(registration)]
  })
  for (let sent = 0; sent < calls.length; sent += BATCH) await sendTogether(chain, calls.slice(sent, sent + BATCH))
}

const impersonate = (rpc, address) => rpc.request('anvil_impersonateAccount', [address])

/** Sends calls in one block, in their order; resolves to the gas each used. */
export async function sendTogether({ rpc }, calls, gasLimit = CALL_GAS) {
  const nonces = new Map()
  await rpc.request('evm_setAutomine', [false])
  const hashes = []
  for (const [from, { to, data }] of calls) {
    if (!nonces.has(from)) nonces.set(from, Number(await rpc.request('eth_getTransactionCount', [from, 'latest'])))
    const nonce = nonces.get(from)
    nonces.set(from, nonce + 1)
    hashes.push(
      rpc.request('eth_sendTransaction', [{ from, to, data, gas: quantity(gasLimit), nonce: quantity(nonce) }]),
    )
  }
  const sent = await Promise.all(hashes)
  await rpc.request('evm_mine', [])
  await rpc.request('evm_setAutomine', [true])
  return Promise.all(sent.map((hash) => gasOf(rpc, hash)))
}

/** Sends one call in a block of its own; resolves to the gas that it used. */
export async function send(chain, from, call) {
  const [gas] = await sendTogether(chain, [[from, call]], TRANSACTION_GAS)
  return gas
}

async function gasOf(rpc, hash) {
  const receipt = await rpc.request('eth_getTransactionReceipt', [hash])
  if (receipt?.status === '0x1') return Number(receipt.gasUsed)
  throw new Error(`transaction ${hash} ${receipt === null ? 'was not mined' : 'failed'}`)
}

/** Moves the chain's time on and mines a block there. */
export async function moveTo({ rpc, client }, unixSeconds) {
  if ((await client.latestBlock()).timestamp >= unixSeconds) return
  await rpc.request('evm_setNextBlockTimestamp', [unixSeconds])
  await rpc.request('evm_mine', [])
}
