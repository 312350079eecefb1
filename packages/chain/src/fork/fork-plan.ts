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

/**
 * The accounts that the excluded are: accounts themselves, and of a node its owner and its operator. Throws `NODE_UNKNOWN`,
 * and `FORK_CLAIM_UNKNOWN` for an account that the export does not name: a slip of the pen would leave nobody out.
 */
export function excludedAccounts(body: ForkExport, named: readonly (Address | bigint)[]): Address[] {
  const known = accountsIn(body)
  const accounts = named.flatMap((each) => {
    if (typeof each !== 'bigint') {
      if (known.has(each)) return [each]
      throw new WitanError('FORK_CLAIM_UNKNOWN', 'The export does not name the account', { facts: { account: each } })
    }
    const node = body.nodes.find(({ node }) => BigInt(node) === each)
    if (node !== undefined) return [node.owner, node.operator]
    throw new WitanError('NODE_UNKNOWN', 'The exported network has no such node', { facts: { node: each } })
  })
  return [...new Set(accounts)].sort()
}

/** Whoever has something, or a power, in the exported network. */
function accountsIn({ holders, nodes, subnets, models, dataSets, terms }: ForkExport): Set<string> {
  const { guardian } = terms.governance as ForkGroup
  return new Set([
    ...holders.map(({ account }) => account),
    ...nodes.flatMap(({ owner, operator }) => [owner, operator]),
    ...[...subnets, ...models, ...dataSets].map(({ owner }) => owner),
    ...[guardian, terms.treasury, ...((terms.members ?? []) as readonly unknown[])].map((account) =>
      String(account).toLowerCase(),
    ),
  ])
}

type ForkGroup = Readonly<Record<string, Json>>

/** Of the new network, not of its rules. */
const FIXED: readonly string[] = ['name', 'chainId', 'genesis', 'fork']

/** The network that the fork begins. Throws `PARAMETER_INVALID`, `FORK_CLAIM_UNKNOWN` and `FORK_EXPORT_INVALID`. */
export function planFork(body: ForkExport, { name, chainId, excluded, changes }: ForkChoices): DeployPlan {
  const { origin } = growTrees(body, excluded)
  const { treasury, members, governance, ...others } = body.terms
  const { guardian, ...rules } = governance as ForkGroup
  const isLeftOut = (account: Json) => excluded.has(String(account).toLowerCase() as Address)
  const unless = (key: string, account: Json | undefined): ForkGroup =>
    account === undefined || isLeftOut(account) ? {} : { [key]: account }
  const plan: Record<string, Json> = {
    ...others,
    governance: { ...rules, ...unless('guardian', guardian) },
    ...unless('treasury', treasury),
    ...(members === undefined ? {} : { members: (members as string[]).filter((member) => !isLeftOut(member)) }),
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
}

/** Whole numbers are numbers, the rest is text: amounts may be either. */
function set(plan: Record<string, Json>, key: string, text: string): void {
  const [first, second] = key.split('.') as [string, string | undefined]
  if (FIXED.includes(first)) {
    throw new WitanError('PARAMETER_INVALID', 'Who has what in a fork, and which it is, is no term', {
      facts: { parameter: key, value: text },
    })
  }
  const value = /^\d{1,15}$/.test(text) ? Number(text) : text
  if (second === undefined) plan[first] = value
  else plan[first] = { ...(plan[first] as Record<string, Json>), [second]: value }
}
