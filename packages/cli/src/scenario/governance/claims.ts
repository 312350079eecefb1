/** What the governance scenario says will be seen, in the order in which it is. */
export const GOVERNANCE_CLAIMS = {
  reproducible: 'The same records and seed train the same model: version 1 has one digest, twice',
  'bad-data': 'Curators uphold the flags of every wrong record, and the corrected edition has none of them',
  provable:
    'Records of the published data set of 60,000 prove with at most 16 digests, and with one altered byte they do not',
  accuracy:
    'Version 2, trained on the corrected and extended data, reads at least 3 points more of the 10,000 test images',
  'by-vote-only':
    'Nobody makes a version live alone: deployer, creator and owner of the subnet are refused, a vote is not',
  switched: 'Honest miners fetch version 2 from other nodes by its digest and answer under it within the grace period',
  stale: 'A miner that stays on version 1 is scored out once the grace period is over',
  impostor: 'A miner that claims version 2 and runs version 1 is caught and earns nothing',
  'policy-refuses': 'A vote on the policy makes a request refused that was answered before',
  'policy-answers': 'A vote on the policy makes a request answered that was refused before',
  'policy-breaker': 'A miner that answers what the policy refuses is caught and earns nothing',
  revenue: 'Paid requests bring revenue to creator, stakers, contributors, validators and treasury',
  attacker: 'A holder of many tokens that are not staked can neither propose nor vote, and calls nothing directly',
  slashed:
    'A miner that signs two answers to one request is slashed once, at least half of it burned, its exits frozen meanwhile',
  fork: 'A fork leaves the attacker behind: every other holder claims exactly once, and the new network runs',
  worthless: 'A receipt that a miner signed in the old network is not its in the new one',
  audit: 'Parameters, votes, live versions, policies, splits and stakes rebuilt from events are those in storage',
} as const

export type GovernanceClaim = keyof typeof GOVERNANCE_CLAIMS
