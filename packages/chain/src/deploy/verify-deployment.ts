import { type Address, WitanError } from '@witan/protocol'
import { bindContracts, CONTRACT_NAMES } from '../network/contracts.js'
import type { ContractAddresses } from '../network/network-file.js'
import { type Rpc, toBlockParameter } from '../rpc/rpc.js'
import { DEPLOY_ORDER, membersOf, type Role, treasuryOf } from './creations.js'
import type { DeployPlan } from './deploy-file.js'

/** Each contract is there and names the others, and the plan's numbers, as planned. Throws `DEPLOY_MISMATCH`. */
export async function verifyDeployment(rpc: Rpc, plan: DeployPlan, addresses: ContractAddresses): Promise<void> {
  await Promise.all(DEPLOY_ORDER.map((role) => requireCode(rpc, role, addresses[role])))
  const { token, vault, subnets, emission, consensus, splitter, channels, datasets, models } = bindContracts(
    addresses,
    rpc,
  )
  const genesisWei = plan.genesis.reduce((sum, { amount }) => sum + amount, 0n)
  const facts: readonly [Role, string, Promise<unknown>, unknown][] = [
    ['token', 'emission', token.read('emission', []), addresses.emission],
    ['token', 'genesisSupply', token.read('genesisSupply', []), genesisWei],
    ['vault', 'token', vault.read('token', []), addresses.token],
    ['vault', 'subnets', vault.read('subnets', []), addresses.subnets],
    ['vault', 'emission', vault.read('emission', []), addresses.emission],
    ['vault', 'unbonding', vault.read('unbonding', []), plan.unbonding],
    ['vault', 'rewardUnlock', vault.read('rewardUnlock', []), plan.rewardUnlock],
    ['vault', 'moveLock', vault.read('moveLock', []), plan.moveLock],
    ['subnets', 'token', subnets.read('token', []), addresses.token],
    ['subnets', 'vault', subnets.read('vault', []), addresses.vault],
    ['subnets', 'emission', subnets.read('emission', []), addresses.emission],
    ['subnets', 'consensus', subnets.read('consensus', []), addresses.consensus],
    ['subnets', 'creationPrice', subnets.read('creationPrice', []), plan.subnetPrice],
    ['subnets', 'minEpochLength', subnets.read('minEpochLength', []), plan.minEpochLength],
    ['emission', 'token', emission.read('token', []), addresses.token],
    ['emission', 'vault', emission.read('vault', []), addresses.vault],
    ['emission', 'subnets', emission.read('subnets', []), addresses.subnets],
    ['emission', 'consensus', emission.read('consensus', []), addresses.consensus],
    ['emission', 'bountyCap', emission.read('bountyCap', []), plan.bountyCap],
    ['emission', 'gaugePeriod', emission.read('gaugePeriod', []), plan.gaugePeriod],
    ['emission', 'maxShareBps', emission.read('maxShareBps', []), plan.maxShareBps],
    ['consensus', 'subnets', consensus.read('subnets', []), addresses.subnets],
    ['consensus', 'vault', consensus.read('vault', []), addresses.vault],
    ['consensus', 'emission', consensus.read('emission', []), addresses.emission],
    ['consensus', 'kernel', consensus.read('kernel', []), addresses.kernel],
    ['subnets', 'members', subnets.read('members', []), membersOf(addresses)],
    ['splitter', 'token', splitter.read('token', []), addresses.token],
    ['splitter', 'vault', splitter.read('vault', []), addresses.vault],
    ['splitter', 'subnets', splitter.read('subnets', []), addresses.subnets],
    ['splitter', 'members', splitter.read('members', []), membersOf(addresses)],
    ['splitter', 'consensus', splitter.read('consensus', []), addresses.consensus],
    ['splitter', 'treasury', splitter.read('treasury', []), treasuryOf(plan)],
    ['splitter', 'tableDelay', splitter.read('tableDelay', []), plan.tableDelay],
    ['channels', 'token', channels.read('token', []), addresses.token],
    ['channels', 'vault', channels.read('vault', []), addresses.vault],
    ['channels', 'splitter', channels.read('splitter', []), addresses.splitter],
    ['channels', 'grace', channels.read('grace', []), plan.channelGrace],
    ['datasets', 'token', datasets.read('token', []), addresses.token],
    ['datasets', 'votePeriod', datasets.read('votePeriod', []), plan.datasetVote],
    ['datasets', 'correctionPeriod', datasets.read('correctionPeriod', []), plan.datasetCorrection],
    ['models', 'datasets', models.read('datasets', []), addresses.datasets],
    ['models', 'gracePeriod', models.read('gracePeriod', []), plan.modelGrace],
  ]
  await Promise.all(
    facts.map(async ([role, field, reading, planned]) => {
      const found = await reading
      if (found !== planned) throw mismatch(role, { field, planned: String(planned), found: String(found) })
    }),
  )
}

async function requireCode(rpc: Rpc, role: Role, address: Address): Promise<void> {
  const code = await rpc.request<string>('eth_getCode', [address, toBlockParameter('latest')])
  if (code.length <= 2) throw mismatch(role, { address, found: 'no code' })
}

function mismatch(role: Role, facts: Record<string, string>): WitanError {
  return new WitanError('DEPLOY_MISMATCH', 'A deployed contract is not as planned', {
    facts: { contract: CONTRACT_NAMES[role], ...facts },
  })
}
