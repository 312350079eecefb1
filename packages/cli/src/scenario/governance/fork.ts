import { openChain, readNetworkFile } from '@witan/chain'
import { createDomain, createReceiptVerifier } from '@witan/protocol'
import { forkClaim } from '../../commands/fork/claim.js'
import { forkDeploy } from '../../commands/fork/deploy.js'
import { forkExport } from '../../commands/fork/export.js'
import { forkShow } from '../../commands/fork/show.js'
import { register } from '../../commands/register.js'
import { subnetCreate } from '../../commands/subnet/create.js'
import { DEPLOYER, MAX_REGISTRATION_PRICE, NETUID, SUBNET_OWNER } from '../../local-network/local-plan.js'
import { decide } from '../decide.js'
import { refusalOf } from '../refusal.js'
import type { Stage } from '../stage.js'
import { ask, writeDigit } from './ask.js'
import type { GovernanceClaim } from './claims.js'
import { ATTACKER, HOLDER, WATCHER } from './governance-network.js'

const SETTLE_SECONDS = 90
const FOUNDER = 'validator-1'

/** The holders leave without the attacker: they export, deploy, claim, and go on in a network of their own. */
export async function leaveWithTheNetwork(stage: Stage<GovernanceClaim>): Promise<void> {
  const { client, context } = stage
  const epochBefore = (await client.consensus.lastSettled(NETUID))?.epoch ?? 0
  const { number: block } = await client.latestBlock()
  const file = stage.path('export.json')
  const { home, network: oldFile } = stage.as(HOLDER)
  const exported = await forkExport.run({ home, network: oldFile, block, out: file }, context)
  const networkFile = stage.path('fork.yaml')
  const attacker = stage.addressOf(ATTACKER)
  await forkDeploy.run(
    {
      home,
      export: file,
      exclude: [attacker],
      set: [],
      name: 'ours',
      chainId: undefined,
      rpc: client.network.rpcUrls[0]!,
      key: DEPLOYER,
      passwordFile: undefined,
      bootstrap: [],
      out: networkFile,
      dryRun: false,
    },
    context,
  )
  const fork = await forkStage(stage, networkFile)
  const claims = await claimEverything(fork, file)
  await liveOn(fork)
  const epochAfter = await stage.until('the old network to settle an epoch more', SETTLE_SECONDS, async () => {
    const epoch = (await client.consensus.lastSettled(NETUID))?.epoch ?? 0
    return epoch > epochBefore && epoch
  })
  const decision = fork.decisions.at(-1)
  stage.book.observe(
    'fork',
    claims.unclaimed === 0 && claims.isExact && decision?.network === fork.client.network.name,
    {
      block,
      export: exported.digest,
      ...claims,
      decisionInTheFork: decision?.title,
      transaction: decision?.steps.at(-1)?.transaction,
      oldNetwork: { epochBefore, epochAfter },
    },
  )
  await compareSignatures(stage, fork)
}

/** The same people in the new network. */
async function forkStage(stage: Stage<GovernanceClaim>, network: string): Promise<Stage<GovernanceClaim>> {
  const { clock, signal } = stage.context
  const client = await openChain(readNetworkFile(network), { clock, signal })
  return {
    ...stage,
    client,
    voters: [HOLDER],
    as: (actor) => ({ ...stage.as(actor), network }),
  }
}

async function claimEverything(fork: Stage<GovernanceClaim>, file: string) {
  const claimFor = (account: `0x${string}`) =>
    forkClaim.run({ ...fork.as(WATCHER), export: file, account, stake: undefined, amount: undefined }, fork.context)
  const { home, network } = fork.as(WATCHER)
  const show = () => forkShow.run({ home, network, export: file }, fork.context)
  const { holders } = await show()
  // The holder's claim comes last: it is staked at once, on a node that must be there.
  for (const { account } of holders) if (account !== fork.addressOf(HOLDER)) await claimFor(account)
  await foundSubnet(fork)
  await forkClaim.run(
    {
      ...fork.as(HOLDER),
      export: file,
      account: undefined,
      stake: { operator: fork.addressOf(FOUNDER) },
      amount: undefined,
    },
    fork.context,
  )
  const twice = await refusalOf(() => claimFor(fork.addressOf(HOLDER)))
  const attackerClaims = await refusalOf(() => claimFor(fork.addressOf(ATTACKER)))
  const after = await show()
  const unclaimed = after.holders.filter(({ claimed }) => !claimed).length
  const isExact = twice === 'FORK_CLAIMED' && attackerClaims === 'FORK_CLAIM_UNKNOWN'
  return { holders: after.holders.length, unclaimed, twice, attackerClaims, isExact }
}

/** The subnet once more, and a node to stake on. */
async function foundSubnet(fork: Stage<GovernanceClaim>): Promise<void> {
  await subnetCreate.run(
    {
      ...fork.as(SUBNET_OWNER),
      name: 'digits',
      model: ['digits'],
      preset: 'minimal',
      consortium: false,
      epoch: undefined,
      set: [],
    },
    fork.context,
  )
  await register.run(
    {
      ...fork.as(`owner-${FOUNDER}`),
      netuid: NETUID,
      operatorKey: FOUNDER,
      operatorPasswordFile: undefined,
      consent: undefined,
      maxPrice: MAX_REGISTRATION_PRICE,
    },
    fork.context,
  )
}

/** Who left decides in the new network. */
async function liveOn(fork: Stage<GovernanceClaim>): Promise<void> {
  await decide(fork, {
    by: HOLDER,
    title: 'List the digits subnet in the new network',
    reason: 'We left together.',
    calls: [{ contract: 'Subnets', function: 'list', args: [NETUID] }],
  })
}

/** A receipt of the old network is nobody's in the new one. */
async function compareSignatures(stage: Stage<GovernanceClaim>, fork: Stage<GovernanceClaim>): Promise<void> {
  const miner = stage.addressOf('miner-1')
  const { receipt, proof, batch } = await ask(stage, { image: await writeDigit(stage, 5), miner })
  const signed = { receipt, proof, batch }
  const signerUnder = ({ client: { network } }: Stage) => {
    const { chainId, contracts } = network
    try {
      return createReceiptVerifier(createDomain({ chainId, verifyingContract: contracts.subnets })).verify(signed)
    } catch {
      return 'invalid'
    }
  }
  const [here, there] = [signerUnder(stage), signerUnder(fork)]
  stage.book.observe('worthless', here === miner && there !== miner, {
    miner,
    signerInTheOldNetwork: here,
    signerInTheFork: there,
    request: receipt.requestDigest,
  })
}
