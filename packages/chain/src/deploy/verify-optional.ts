import { abis } from '@witan/contracts'
import { WitanError } from '@witan/protocol'
import { bindContract } from '../abi/contract.js'
import type { Rpc } from '../rpc/rpc.js'
import { contractNameOf, type OptionalRole, type PlannedAddresses, treasuryOf } from './creations.js'
import type { DeployPlan } from './deploy-file.js'

type Facts = readonly (readonly [field: string, reading: Promise<unknown>, planned: unknown])[]

/** The members of a network are those planned, and only its decisions change them. Throws `DEPLOY_MISMATCH`. */
export async function verifyMembership(rpc: Rpc, plan: DeployPlan, addresses: PlannedAddresses): Promise<void> {
  if (addresses.membership === undefined) return
  const membership = bindContract('MembershipToken', abis.MembershipToken, addresses.membership, rpc)
  await check('membership', [
    ['authority', membership.read('authority', []), addresses.access],
    ['memberCount', membership.read('memberCount', []), BigInt(plan.members.length)],
    ...plan.members.map((member) => [`isMember ${member}`, membership.read('isMember', [member]), true] as const),
  ])
}

/**
 * Holders of the export can claim all of it, and nobody else anything: of tokens that the genesis gave it, of which some
 * may have been claimed meanwhile. Throws `DEPLOY_MISMATCH`.
 */
export async function verifyClaims(rpc: Rpc, plan: DeployPlan, addresses: PlannedAddresses): Promise<void> {
  if (addresses.claims === undefined || plan.fork === undefined) return
  const { claims: at, token: tokenAt, vault, subnets, datasets, models } = addresses
  const claims = bindContract('ForkClaim', abis.ForkClaim, at, rpc)
  await check('claims', [
    ...(['exportDigest', 'claimsRoot', 'stateRoot', 'supply'] as const).map(
      (field) => [field, claims.read(field, []), plan.fork![field]] as const,
    ),
    ['token', claims.read('token', []), tokenAt],
    ['vault', claims.read('vault', []), vault],
    ['subnets', claims.read('subnets', []), subnets],
    ['datasets', claims.read('datasets', []), datasets],
    ['models', claims.read('models', []), models],
    ['treasury', claims.read('treasury', []), treasuryOf(plan, addresses)],
  ])
}

async function check(role: OptionalRole, facts: Facts): Promise<void> {
  await Promise.all(
    facts.map(async ([field, reading, planned]) => {
      const found = await reading
      if (found === planned) return
      throw new WitanError('DEPLOY_MISMATCH', 'A deployed contract is not as planned', {
        facts: { contract: contractNameOf(role), field, planned: String(planned), found: String(found) },
      })
    }),
  )
}
