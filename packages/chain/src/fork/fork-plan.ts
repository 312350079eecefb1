import { type Address, type Json, WitanError } from '@witan/protocol'
import { formatAmount } from '../amount.js'
import { checkDeployPlan, type DeployPlan, deployFileSchema } from '../deploy/deploy-file.js'
import { type ForkExport, toJson } from './export-file.js'
import { growTrees } from './fork-trees.js'

export interface ForkChoices {
  readonly name: string
  readonly chainId: number
  /** Accounts that get nothing. */
  readonly excluded: ReadonlySet<Address>
  /** Terms that differ from the export's: keys of a deploy file, `governance.quorumPercent` for one inside, and text. */
  readonly changes: ReadonlyMap<string, string>
}

/** The accounts that the excluded are: accounts themselves, and of a node its owner and its operator. */
export function excludedAccounts(body: ForkExport, named: readonly (Address | bigint)[]): Address[] {
  const accounts = named.flatMap((each) => {
    if (typeof each !== 'bigint') return [each]
    const node = body.nodes.find(({ node }) => BigInt(node) === each)
    if (node !== undefined) return [node.owner, node.operator]
    throw new WitanError('NODE_UNKNOWN', 'The exported network has no such node', { facts: { node: each } })
  })
  return [...new Set(accounts)].sort()
}

/** The network that the fork begins. Throws `PARAMETER_INVALID`, `FORK_CLAIM_UNKNOWN`. */
export function planFork(body: ForkExport, { name, chainId, excluded, changes }: ForkChoices): DeployPlan {
  const { origin } = growTrees(body, excluded)
  const { guardian, ...governance } = body.terms.governance as Record<string, Json>
  const terms: Record<string, Json> = { ...body.terms, governance: withoutExcluded({ guardian }, governance) }
  const { treasury, members, ...others } = terms
  const isLeftOut = (account: Json | undefined) => account !== undefined && excluded.has(account as Address)
  const plan: Record<string, Json> = {
    ...others,
    ...(treasury === undefined || isLeftOut(treasury) ? {} : { treasury }),
    ...(members === undefined ? {} : { members: (members as Address[]).filter((member) => !excluded.has(member)) }),
    name,
    chainId,
    genesis: [],
    fork: { ...origin, supply: formatAmount(origin.supply), treasury: formatAmount(body.supply.treasury) } as Json,
  }
  for (const [key, text] of changes) set(plan, key, text)
  const parsed = deployFileSchema.safeParse(toJson(plan))
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw new WitanError('PARAMETER_INVALID', 'A term of the fork is none that a network can have', {
      facts: { parameter: path.join('.'), reason: message },
    })
  }
  checkDeployPlan(parsed.data)
  return parsed.data

  function withoutExcluded({ guardian }: { guardian: Json | undefined }, rest: Record<string, Json>): Json {
    return guardian === undefined || excluded.has(guardian as Address) ? rest : { ...rest, guardian }
  }
}

/** Whole numbers are numbers, the rest is text: amounts may be either. */
function set(plan: Record<string, Json>, key: string, text: string): void {
  const [first, second] = key.split('.') as [string, string | undefined]
  const value = /^\d{1,15}$/.test(text) ? Number(text) : text
  if (second === undefined) plan[first] = value
  else plan[first] = { ...(plan[first] as Record<string, Json>), [second]: value }
}
