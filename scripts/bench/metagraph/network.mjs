// A local network whose subnets have as many neurons as asked for, registered like any other.

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
import { createDomain, createSigner, MINIMAL_PARAMETERS, signOperatorConsent } from '@witan/protocol'
import { systemClock as clock, createLogger, createSeededRandom, openDatabase } from '@witan/runtime'

const CHAIN_ID = 31_337
const TOKEN = 10n ** 18n
const BLOCK_GAS = 2_000_000_000
/** Of a subnet. */
const MOST_SLOTS = 1_024
/** Registrations in one block. */
const BATCH = 500
const logger = createLogger({ name: 'bench', level: 'silent' })
const keyOf = (name) => createSigner(createSeededRandom(`bench key of ${name}`).bytes(32))

/** Starts it; resolves to the chain client, the sizes of its subnets and how to stop it. */
export async function startNetwork(neurons) {
  const owner = keyOf('owner')
  const accounts = [{ address: owner.address, amountWei: 1_000_000n * TOKEN }]
  const embedded = createEmbeddedChain({ blockTimeSeconds: 0, accounts }, { clock, logger })
  await embedded.start()
  const rpc = createRpc({ urls: [embedded.rpcUrl()] }, { clock })
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  const sender = createSender(
    { chainId: CHAIN_ID, genesisHash: await genesisHashOf(rpc), pollMs: 20 },
    { signer: owner, rpc, database, clock, logger },
  )
  await sender.start()
  const plan = deployFileSchema.parse({
    name: 'bench',
    chainId: CHAIN_ID,
    genesis: [{ address: owner.address, amount: '10000000' }],
    subnetPrice: '0.000001',
    subnetPriceHalfLife: 1,
    subnetLock: '0.000001',
  })
  const client = await openChain(await deployNetwork({ plan, rpcUrls: [embedded.rpcUrl()] }, { rpc, sender, logger }), {
    clock,
  })
  const approve = client.intents.approve('subnets', 9_000_000n * TOKEN)
  await sender.submit(approve, { idempotenceKey: 'approve' })
  const size = await createSubnets(client, sender, neurons)
  await sender.stop()
  database.close()
  await rpc.request('evm_setBlockGasLimit', [`0x${BLOCK_GAS.toString(16)}`])
  const sizes = await registerAll(client, rpc, { owner, neurons, size })
  return { client, sizes, stop: () => embedded.stop() }
}

/** As few subnets as hold the neurons; returns how many each holds. */
async function createSubnets(client, sender, neurons) {
  const size = Math.min(MOST_SLOTS, neurons)
  const create = client.intents.createSubnet({
    parameters: {
      ...MINIMAL_PARAMETERS,
      maxUids: size,
      maxValidators: 16,
      initialPrice: 1n,
      minPrice: 1n,
      maxPrice: 1n,
      epochLength: 3_600,
      revealWindow: 600,
    },
    mechanism: `0x${'01'.repeat(32)}`,
    modelVersions: [`0x${'02'.repeat(32)}`],
    name: 'bench',
    maxPrice: 1_000_000n * TOKEN,
  })
  for (let index = 0; index < Math.ceil(neurons / size); index++) {
    await sender.submit(create, { idempotenceKey: `subnet ${index}` })
  }
  return size
}

async function registerAll(client, rpc, { owner, neurons, size }) {
  const domain = createDomain({ chainId: CHAIN_ID, verifyingContract: client.network.contracts.subnets })
  const operators = Array.from({ length: Math.min(size, neurons) }, (_, index) => keyOf(`operator ${index}`))
  const { timestamp } = await client.latestBlock()
  const deadline = timestamp + 86_400
  await rpc.request('anvil_impersonateAccount', [owner.address])
  await rpc.request('evm_setAutomine', [false])
  const firstNonce = Number(await rpc.request('eth_getTransactionCount', [owner.address, 'latest']))
  const sizes = []
  let sent = 0
  for (let netuid = 1; sent < neurons; netuid++) {
    const count = Math.min(size, neurons - sent)
    sizes.push(count)
    const intents = operators.slice(0, count).map((operator) => {
      const consent = signOperatorConsent(
        { owner: owner.address, nonce: BigInt(netuid - 1), deadline },
        operator,
        domain,
      )
      return client.intents.register({
        netuid,
        operator: operator.address,
        deadline,
        consent,
        maxPrice: TOKEN,
        lastPay: NO_PAY,
      })
    })
    const fields = { from: owner.address, gas: '0x7a120' }
    await Promise.all(
      intents.map(({ to, data }, index) => {
        const nonce = `0x${(firstNonce + sent + index).toString(16)}`
        return rpc.request('eth_sendTransaction', [{ ...fields, to, data, nonce }])
      }),
    )
    sent += count
    if (sent % BATCH < size) await rpc.request('evm_mine', [])
  }
  await rpc.request('evm_mine', [])
  await rpc.request('evm_setAutomine', [true])
  return sizes
}
