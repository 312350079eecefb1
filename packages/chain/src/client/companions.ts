import { type CompanionContracts, withCompanions } from '../network/companions.js'
import type { Connection } from '../network/connect-chain.js'
import { membersIntents } from './intents/members-intents.js'
import { votesIntents } from './intents/votes-intents.js'
import { readMembers } from './reads/read-members.js'
import { readVotes } from './reads/read-votes.js'

/** Reads and intents of the contracts that the network file does not name. */
export type Companions = ReturnType<typeof createCompanions>

export function createCompanions(companions: CompanionContracts, connection: Connection) {
  return {
    votes: readVotes(companions),
    members: readMembers(companions, connection),
    intents: { ...votesIntents(companions), ...membersIntents(companions) },
    /** Those of the network file and these. */
    contractsByAddress: withCompanions(connection.contractsByAddress, companions),
  }
}
